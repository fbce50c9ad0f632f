"""A guest sends while staff close the table: the order is on the bill, or refused; never on a table that is gone."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from menu_pages.models import DishPage
from orders import checkout
from orders.models import Order, Seating
from tests.factories.guests import Guest
from tests.faults.at_once import WAIT_SECONDS, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def someone_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        # For this very transaction; others run beside it on the same server.
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid")
        return cursor.fetchone()[0] > 0


def send_while_closing(guest: Guest) -> int:
    """Send in the moment between staff's closing the seating and their commit; returns the answer's status."""
    closing, answered = threading.Event(), threading.Event()
    seating_id = guest.visit.seating_id

    def close() -> int:
        with transaction.atomic():
            Seating.objects.select_for_update().get(pk=seating_id)
            Seating.objects.filter(pk=seating_id).update(closed_at=timezone.now())
            closing.set()
            # Until the guest's request stands at the lock, or has slipped past it.
            while not (someone_waits_for_us() or answered.wait(0.02)):
                pass
        return 0

    def send() -> int:
        closing.wait(WAIT_SECONDS)
        try:
            return guest.send().status_code
        finally:
            answered.set()

    return at_once(close, send)[1]


def test_an_order_waits_for_the_closing_and_is_refused(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)

    status = send_while_closing(guest)

    assert (status, Order.objects.count()) == (403, 0)
    assert guest.quantities == {"soups/borshch": 1}


def test_who_waits_too_long_for_the_table_is_asked_to_press_again(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    key, seating_id = guest.state.order_key, guest.visit.seating_id
    held, answered = threading.Event(), threading.Event()

    def hold() -> int:
        with transaction.atomic():
            Seating.objects.select_for_update().get(pk=seating_id)
            held.set()
            answered.wait(WAIT_SECONDS)
        return 0

    def send() -> int:
        held.wait(WAIT_SECONDS)
        try:
            return guest.send(key).status_code
        finally:
            answered.set()

    status = at_once(hold, send)[1]

    assert (status, Order.objects.count(), guest.quantities) == (503, 0, {"soups/borshch": 1})
    assert (guest.send(key).status_code, Order.objects.get().idempotency_key) == (303, key)


def test_control_without_the_lock_the_order_lands_on_a_closed_table(
    guest: Guest, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, "lock_seating", lambda _visit, **_how: True)
    guest.add(borshch)

    status = send_while_closing(guest)

    assert (status, Order.objects.get().seating.closed_at is not None) == (303, True)
