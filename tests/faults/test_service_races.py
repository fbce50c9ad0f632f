"""Calls, ratings and orders taken back, many at once: one of each. Protections have a control that shows the race."""

from collections import Counter

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import User
from menu_pages.models import DishPage, Table
from orders import calls
from orders.models import Order, OrderStatus, OutboxEvent, Rating, WaiterCall
from orders.order_states import IllegalMoveError, move_order
from orders.sessions import SessionStore
from tests.factories.guests import Guest, guest_at, ordered
from tests.faults.at_once import at_once
from tests.faults.test_races import ROUNDS, tab_of, without_lock

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
PARTY = 8


def call_together(party: list[Guest]) -> list[int]:
    return [answer.status_code for answer in at_once(*[lambda guest=guest: guest.call("come") for guest in party])]


def test_eight_guests_of_a_table_calling_at_once_are_one_call(table_7: Table) -> None:
    party = [guest_at(table_7) for _ in range(PARTY)]

    answers = call_together(party)

    assert answers == [303] * PARTY
    assert WaiterCall.objects.count() == 1
    assert OutboxEvent.objects.filter(kind="call.asked").count() == 1


def test_control_without_the_seatings_lock_their_calls_collide(table_7: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then only the database's own rule stands between eight guests and eight calls."""
    monkeypatch.setattr(calls, "lock_seating", lambda _visit: None)

    def collided() -> bool:
        WaiterCall.objects.all().delete()
        try:
            call_together([guest_at(table_7) for _ in range(PARTY)])
        except IntegrityError:
            return True
        return False

    assert any(collided() for _ in range(ROUNDS))
    assert WaiterCall.objects.count() == 1


def test_the_limit_of_calls_holds_when_all_call_and_call_off_at_once(table_7: Table) -> None:
    party = [guest_at(table_7) for _ in range(PARTY)]

    def call_and_call_off(guest: Guest) -> int:
        answer = guest.call("come")
        own = WaiterCall.objects.open().filter(visit=guest.visit).first()
        if own is not None:
            guest.call_off(own)
        return answer.status_code

    for _ in range(3):
        at_once(*[lambda guest=guest: call_and_call_off(guest) for guest in party])

    assert WaiterCall.objects.count() <= guest_at(table_7).place.record.max_calls_by_table


def take_back_while_accepting(guest: Guest, dish: DishPage, by: User) -> tuple[str, Order]:
    """Who won, by what both were told."""
    order = ordered(guest, dish)

    def accept() -> bool:
        try:
            move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=by)
        except IllegalMoveError:
            return False
        return True

    taken_back, accepted = at_once(lambda: guest.take_back(order).status_code == 303, accept)
    order.refresh_from_db()
    told = {(True, False): "guest", (False, True): "desk", (True, True): "both", (False, False): "nobody"}
    return told[taken_back, accepted], order


def test_of_a_guest_and_a_desk_exactly_one_wins(guest: Guest, borshch: DishPage, charlie: User) -> None:
    for _ in range(ROUNDS * 2):
        winner, order = take_back_while_accepting(guest, borshch, charlie)

        assert (winner, order.status) in (("guest", "cancelled"), ("desk", "accepted"))
        assert order.history.count() == 2
        Order.objects.filter(pk=order.pk).update(status="served")


def test_control_without_the_orders_lock_both_win(
    guest: Guest, borshch: DishPage, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)

    def both_won() -> bool:
        winner, order = take_back_while_accepting(guest, borshch, charlie)
        Order.objects.filter(pk=order.pk).update(status="served")
        return winner == "both"

    assert any(both_won() for _ in range(ROUNDS * 4))


def rate_twice(guest: Guest) -> Counter[int]:
    tabs = [tab_of(guest) for _ in range(4)]
    return Counter(
        answer.status_code for answer in at_once(*[lambda tab=tab: tab.rate(5, text="fine") for tab in tabs])
    )


def test_ratings_of_one_visit_at_once_are_one(guest: Guest) -> None:
    assert rate_twice(guest) == {303: 1, 409: 3}
    assert Rating.objects.count() == 1
    assert OutboxEvent.objects.filter(kind="rating.given").count() == 1


def test_control_without_the_sessions_lock_they_collide(table_7: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SessionStore, "_locked_row", without_lock(4))

    def collided() -> bool:
        try:
            return rate_twice(guest_at(table_7)) != {303: 1, 409: 3}
        except IntegrityError:
            return True

    assert any(collided() for _ in range(ROUNDS))
    assert set(Counter(Rating.objects.values_list("visit_id", flat=True)).values()) == {1}
