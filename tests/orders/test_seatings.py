"""Closing a table."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from menu_pages.models import DishPage, Table
from orders.desk_state import version_of
from orders.models import EndReason, Order, OrderStatus, Seating
from orders.order_states import move_order
from orders.seatings import OrdersOpenError, close_seating
from orders.visits import open_seating
from tests.factories.guests import Guest, guest_at, ordered


def serve(order: Order) -> None:
    for step in (OrderStatus.ACCEPTED, OrderStatus.READY, OrderStatus.SERVED):
        move_order(order_id=order.pk, to=step, by=None)


def test_closing_ends_visits_and_closes_served_orders(
    guest: Guest, table_7: Table, borshch: DishPage, charlie: User
) -> None:
    friend = guest_at(table_7)
    served, cancelled = ordered(guest, borshch), ordered(friend, borshch)
    serve(served)
    move_order(order_id=cancelled.pk, to=OrderStatus.CANCELLED, by=None, reason="by mistake")

    seating = close_seating(seating_id=guest.visit.seating_id, by=charlie)

    assert (seating.closed_by, seating.closed_at is not None) == (charlie, True)
    assert {order.pk: order.status for order in Order.objects.all()} == {served.pk: "closed", cancelled.pk: "cancelled"}
    assert [(visit.end_reason, visit.ended_at is not None) for visit in (guest.visit, friend.visit)] == [
        (EndReason.TABLE_CLOSED, True),
        (EndReason.TABLE_CLOSED, True),
    ]


@pytest.mark.parametrize("status", ["sent", "accepted", "preparing", "ready"])
def test_a_table_with_an_order_on_its_way_stays_open(
    guest: Guest, borshch: DishPage, charlie: User, status: str
) -> None:
    ordered(guest, borshch)
    Order.objects.update(status=status)

    with pytest.raises(OrdersOpenError, match="1 order of this table is still on its way"):
        close_seating(seating_id=guest.visit.seating_id, by=charlie)

    assert guest.visit.seating.closed_at is None
    assert guest.visit.ended_at is None


def test_an_empty_table_closes(guest: Guest, charlie: User) -> None:
    version = version_of(guest.place.pk)

    close_seating(seating_id=guest.visit.seating_id, by=charlie)

    assert guest.visit.seating.closed_by == charlie
    assert version_of(guest.place.pk) == version + 1


def test_closing_twice_changes_nothing(guest: Guest, charlie: User, alice: User) -> None:
    first = close_seating(seating_id=guest.visit.seating_id, by=charlie)
    version = version_of(guest.place.pk)

    second = close_seating(seating_id=guest.visit.seating_id, by=alice)

    assert (second.closed_at, second.closed_by) == (first.closed_at, charlie)
    assert version_of(guest.place.pk) == version


def test_one_table_has_one_open_seating(guest: Guest, table_7: Table) -> None:
    assert open_seating(table_7) == guest.visit.seating

    with pytest.raises(IntegrityError), transaction.atomic():
        Seating.objects.create(table=table_7, place=table_7.place)

    assert Seating.objects.open().count() == 1


def test_a_closed_table_opens_for_the_next_party(guest: Guest, table_7: Table, charlie: User) -> None:
    first = close_seating(seating_id=guest.visit.seating_id, by=charlie)

    assert open_seating(table_7) != first
    assert Seating.objects.count() == 2
