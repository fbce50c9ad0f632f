"""A guest takes an order back until somebody has it in hand."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.desk_state import version_of
from orders.models import Order, OrderStatus, OutboxEvent
from orders.order_states import acknowledge_order, move_order
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of


@pytest.fixture
def order(guest: Guest, borshch: DishPage) -> Order:
    return ordered(guest, borshch)


def stored() -> Order:
    return Order.objects.get()


def test_the_order_is_cancelled_with_its_reason_and_history(guest: Guest, order: Order) -> None:
    before = version_of(guest.place.pk)

    response = guest.take_back(order)

    assert (response.status_code, response["Location"]) == (303, f"/teahouse/orders/{order.public_id}/")
    # In the language of the place: its staff read it too.
    assert (stored().status, stored().cancel_reason) in (
        ("cancelled", "Отменён гостем"),
        ("cancelled", "Cancelled by the guest"),
    )
    assert stored().acknowledged_at is None
    assert [(step.before, step.after, step.by) for step in order.history.all()] == [
        ("", "sent", None),
        ("sent", "cancelled", None),
    ]
    assert version_of(guest.place.pk) == before + 1
    assert OutboxEvent.objects.filter(kind="order.moved").count() == 1


def test_twice_is_once(guest: Guest, order: Order) -> None:
    answers = [guest.take_back(order).status_code for _ in range(2)]

    assert (answers, order.history.count()) == ([303, 303], 2)


@pytest.mark.parametrize("status", ["accepted", "preparing", "ready", "served", "closed"])
def test_not_once_it_is_accepted(guest: Guest, order: Order, status: str) -> None:
    Order.objects.update(status=status)

    response = guest.take_back(order)

    assert (response.status_code, stored().status) == (409, status)
    assert "The order is accepted already. To change it, call the waiter." in response.content.decode()


def test_not_once_it_is_acknowledged(guest: Guest, order: Order) -> None:
    acknowledge_order(order_id=order.pk)

    assert (guest.take_back(order).status_code, stored().status) == (409, "sent")


def test_the_script_is_told_so_too(guest: Guest, order: Order, charlie: User) -> None:
    move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=charlie)

    response = guest.take_back(order, fragment="status")

    assert response.status_code == 409
    assert "data-problem" in response.content.decode()


def test_nobody_elses(guest: Guest, order: Order, table_7: Table, place_a: PlacePage, place_b: PlacePage) -> None:
    others = [Guest(place_a), guest_at(table_7), guest_at(table_of(place_b, 1))]

    answers = [who.client.post(f"/teahouse/orders/{order.public_id}/cancel/").status_code for who in others]
    wrong_place = guest.client.post(f"/pizzeria/orders/{order.public_id}/cancel/").status_code

    assert ([*answers, wrong_place], stored().status) == ([404] * 4, "sent")


def test_the_button_is_there_as_long_as_it_works(guest: Guest, order: Order, charlie: User) -> None:
    button = f'action="/teahouse/orders/{order.public_id}/cancel/"'
    before = guest.status(order).content.decode()

    move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=charlie)

    assert (button in before, button in guest.status(order).content.decode()) == (True, False)


def test_a_cancelled_order_is_off_the_bill(guest: Guest, order: Order, ukha: DishPage) -> None:
    ordered(guest, ukha)

    guest.take_back(order)

    assert guest.status(order).context["bill"] == Decimal("450.50")


def test_an_escalated_order_may_still_be_taken_back(guest: Guest, order: Order) -> None:
    Order.objects.update(escalated_at=timezone.now(), shown_at=timezone.now())

    assert (guest.take_back(order).status_code, stored().status) == (303, "cancelled")
