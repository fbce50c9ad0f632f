"""The order's status is for the guest who sent it; for anyone else it does not exist."""

import datetime
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.themes.registry import all_themes
from orders import table_screen
from orders.desk_state import announce
from orders.models import Order, OrderStatus
from orders.order_states import move_order
from orders.progress import steps
from orders.seatings import close_seating
from tests.factories.guests import Guest, guest_at, ordered, served
from tests.factories.menus import table_of
from tests.factories.screens import flaws, parsed, wear


def test_the_guest_sees_the_order(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    order = ordered(guest, borshch, ukha)

    response = guest.status(order)

    body = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Borshch" in body
    assert "Ukha" in body
    assert "840.50" in body


def test_what_was_ordered_is_said_in_the_readers_language_while_it_is_called_so(
    guest: Guest, tea: DishPage, borshch: DishPage
) -> None:
    DishPage.objects.filter(pk=tea.pk).update(
        translations={"ru": {"title": "Чай", "options": {"Size": "Размер", "Small": "Малый", "Lemon": "Лимон"}}}
    )
    DishPage.objects.filter(pk=borshch.pk).update(translations={"ru": {"title": "Борщ"}})
    guest.add(tea, options=["size-small", "extra-lemon"])
    order = ordered(guest, borshch)
    DishPage.objects.filter(pk=borshch.pk).update(title="Shchi", translations={"ru": {"title": "Щи"}})

    english = guest.status(order).content.decode()
    guest.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    russian = guest.status(order).content.decode()

    assert all(words in english for words in ("Tea", "Small, Lemon", "Borshch"))
    assert all(words in russian for words in ("Чай", "Малый, Лимон", "Borshch"))
    assert "Щи" not in russian
    assert list(order.lines.values_list("title", flat=True)) == ["Tea", "Borshch"]


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


NOON = datetime.datetime(2026, 5, 20, 9, 0, tzinfo=datetime.UTC)  # 12:00 in Moscow


def minutes(count: int) -> datetime.datetime:
    return NOON + datetime.timedelta(minutes=count)


@pytest.mark.parametrize(
    ("fields", "words", "chain"),
    [
        ({}, "The order is received. The waiter will see it in a moment.", ["Sent and received at 12:00"]),
        (
            {"shown_at": minutes(1)},
            "The order is on the waiter’s screen and will be confirmed in a moment.",
            ["Sent and received at 12:00", "On the staff’s screen at 12:01"],
        ),
        (
            {"shown_at": minutes(1), "escalated_at": minutes(2)},
            "Nobody has answered yet. We are already fetching someone.",
            ["Sent and received at 12:00", "On the staff’s screen at 12:01"],
        ),
        (
            {"escalated_at": minutes(2), "status": "accepted"},
            "Nobody has answered yet. We are already fetching someone.",
            ["Sent and received at 12:00"],
        ),
        (
            {
                "shown_at": minutes(1),
                "escalated_at": minutes(2),
                "acknowledged_at": minutes(3),
                "status": "accepted",
            },
            "The order is accepted. The kitchen will begin soon.",
            ["Sent and received at 12:00", "On the staff’s screen at 12:01", "Answered by the staff at 12:03"],
        ),
    ],
)
def test_the_chain_is_told_with_its_times(
    guest: Guest, borshch: DishPage, fields: dict[str, object], words: str, chain: list[str]
) -> None:
    order = ordered(guest, borshch)
    Order.objects.update(sent_at=NOON, **fields)

    page = parsed(guest.status(order))

    assert page.select_one("[data-word]").get_text(strip=True) == words
    assert [step.get_text(strip=True) for step in page.select(".chain li")] == chain


def test_a_served_order_is_not_being_fetched_for(guest: Guest, borshch: DishPage, alice: User) -> None:
    order = ordered(guest, borshch)
    Order.objects.update(escalated_at=NOON)

    body = guest.status(served(order, alice)).content.decode()

    assert ("Everything is served." in body, "fetching" in body) == (True, False)


def test_the_page_offers_more_the_waiter_and_the_bill(guest: Guest, borshch: DishPage) -> None:
    page = parsed(guest.status(ordered(guest, borshch)))

    assert page.find("a", string="Order more")["href"] == "/teahouse/"
    assert [field["value"] for field in page.select("[name=kind]")] == ["come", "bill"]
    assert [button["value"] for button in page.select("[name=payment]")] == ["card", "cash"]


def test_without_the_script_it_refreshes_by_itself_unless_something_is_being_written(
    guest: Guest, borshch: DishPage, alice: User
) -> None:
    order = ordered(guest, borshch)
    before = guest.status(order).content.decode()

    after = guest.status(served(order, alice)).content.decode()

    assert ('http-equiv="refresh"' in before, 'http-equiv="refresh"' in after) == (True, False)
    assert f'<a href="/teahouse/orders/{order.public_id}/">Refresh</a>' in after


@pytest.mark.parametrize("theme", [theme.slug for theme in all_themes()])
def test_every_theme_has_both_screens(guest: Guest, borshch: DishPage, alice: User, theme: str) -> None:
    wear(guest, theme)
    order = served(ordered(guest, borshch), alice)
    guest.call("come")

    pages = {"status": parsed(guest.status(order)), "table": parsed(guest.table_screen())}

    assert [page.h1.get_text(strip=True) for page in pages.values()] == ["Order 1", "Table 7"]
    assert [len(page.select("form.rating")) for page in pages.values()] == [1, 1]
    assert flaws(pages) == []


def version_in(response: HttpResponse) -> str:
    return parsed(response).select_one("[data-status]")["data-version"]


def since(guest: Guest, address: str, version: str) -> int:
    headers = {"x-fragment": "status"}
    return guest.client.get(f"/teahouse/{address}", {"since": version}, headers=headers).status_code


MARKS = ("shown_at", "escalated_at", "acknowledged_at")


@pytest.mark.parametrize("mark", [*MARKS, "desk", "minute"])
def test_the_script_gets_the_page_again_when_something_has_changed(
    guest: Guest, borshch: DishPage, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr(table_screen.time, "time", lambda: now)
    order = ordered(guest, borshch)
    address = f"orders/{order.public_id}/"
    version = version_in(guest.status(order))
    before = since(guest, address, version)

    if mark == "desk":
        announce(guest.place.pk)
    elif mark == "minute":
        now += 60
    else:
        Order.objects.update(**{mark: timezone.now()})

    assert (before, since(guest, address, version)) == (204, 200)


def test_a_look_at_nothing_new_is_cheap(
    guest: Guest, borshch: DishPage, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_screen.time, "time", lambda: 1_800_000_000.0)
    order = ordered(guest, borshch)
    version, of_table = version_in(guest.status(order)), version_in(guest.table_screen())

    # The session, the place with its record, the desks' version, the order.
    with django_assert_num_queries(4):
        assert since(guest, f"orders/{order.public_id}/", version) == 204
    with django_assert_num_queries(3):
        assert since(guest, "table/", of_table) == 204


def test_what_one_guest_has_seen_says_nothing_to_another(
    guest: Guest, table_7: Table, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_screen.time, "time", lambda: 1_800_000_000.0)
    order = ordered(guest, borshch)
    version, of_table = version_in(guest.status(order)), version_in(guest.table_screen())
    friend = guest_at(table_7)

    assert since(friend, f"orders/{order.public_id}/", version) == 404
    assert since(friend, "table/", of_table) == 200
    assert since(Guest(guest.place), "table/", of_table) == 200
