"""The order's status is for the guest who sent it; for anyone else it does not exist."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.models import Order, OrderStatus
from orders.order_states import move_order
from orders.progress import steps
from orders.seatings import close_seating
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of


def test_the_guest_sees_the_order(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    order = ordered(guest, borshch, ukha)

    response = guest.status(order)

    body = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Borshch" in body
    assert "Ukha" in body
    assert "840.50" in body


def test_the_script_gets_the_part_that_changes(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=None)

    response = guest.status(order, fragment="status")

    body = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert 'data-state="accepted"' in body
    assert "<html" not in body


def test_a_cancelled_order_says_why(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=None, reason="No beetroot left")

    body = guest.status(order).content.decode()

    assert "The order was cancelled" in body
    assert "No beetroot left" in body


def test_orders_of_the_visit_stand_together(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    first, second = ordered(guest, borshch), ordered(guest, ukha)
    cancelled = ordered(guest, ukha)
    move_order(order_id=cancelled.pk, to=OrderStatus.CANCELLED, by=None, reason="by mistake")

    response = guest.status(first)

    assert {order.pk for order in response.context["orders_of_visit"]} == {second.pk, cancelled.pk}
    assert response.context["bill"] == Decimal("840.50")
    assert f"/teahouse/orders/{second.public_id}/" in response.content.decode()


def strangers(order: Order, table: Table, place_b: PlacePage, borshch: DishPage) -> dict[str, Client]:
    """Browsers that have nothing to do with the order."""
    reader = Guest(order.place)
    reader.add(borshch)
    return {
        "no cookie": Client(),
        "a reader without a table": reader.client,
        "a friend at the same table": guest_at(table).client,
        "a guest of another place": guest_at(table_of(place_b, 7)).client,
    }


def test_nobody_else_learns_that_it_exists(guest: Guest, table_7: Table, place_b: PlacePage, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    made_up = "A" * len(order.public_id)

    for who, browser in strangers(order, table_7, place_b, borshch).items():
        real = browser.get(f"/teahouse/orders/{order.public_id}/")
        missing = browser.get(f"/teahouse/orders/{made_up}/")

        assert (who, real.status_code, missing.status_code) == (who, 404, 404)
        assert real.content.decode().replace(order.public_id, made_up) == missing.content.decode()


def test_it_is_not_found_under_another_place(guest: Guest, borshch: DishPage, place_b: PlacePage) -> None:
    order = ordered(guest, borshch)

    assert guest.client.get(f"/pizzeria/orders/{order.public_id}/").status_code == 404


@pytest.mark.parametrize("change", [lambda key: key[:-1], lambda key: key + "A", str.swapcase, lambda key: "%00" + key])
def test_another_address_finds_nothing(guest: Guest, borshch: DishPage, change: object) -> None:
    order = ordered(guest, borshch)

    assert guest.client.get(f"/teahouse/orders/{change(order.public_id)}/").status_code == 404


def test_numbers_are_not_addresses(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)

    assert guest.client.get(f"/teahouse/orders/{order.pk}/").status_code == 404
    assert guest.client.get(f"/teahouse/orders/{order.number}/").status_code == 404
    assert len(order.public_id) == 22  # 128 bits in base 64


def test_a_new_visit_does_not_see_the_last_ones_order(
    guest: Guest, table_7: Table, borshch: DishPage, alice: User
) -> None:
    order = ordered(guest, borshch)
    for step in (OrderStatus.ACCEPTED, OrderStatus.READY, OrderStatus.SERVED):
        move_order(order_id=order.pk, to=step, by=alice)
    close_seating(seating_id=guest.visit.seating_id, by=alice)
    still_there = guest.status(order).status_code

    guest.scan(table_7)

    assert still_there == 200
    assert guest.status(order).status_code == 404


def test_posting_to_it_is_refused(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)

    assert guest.post(f"orders/{order.public_id}").status_code == 405


@pytest.mark.parametrize(
    ("status", "states"),
    [
        ("sent", ["now", "next", "next", "next"]),
        ("accepted", ["done", "now", "next", "next"]),
        ("preparing", ["done", "done", "now", "next"]),
        ("ready", ["done", "done", "now", "next"]),
        ("served", ["done", "done", "done", "now"]),
        ("closed", ["done", "done", "done", "now"]),
        ("cancelled", []),
    ],
)
def test_the_orders_way_has_four_steps(status: str, states: list[str]) -> None:
    assert [step.state for step in steps(Order(status=status))] == states
