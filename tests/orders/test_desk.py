"""The service desk: who may open it, what it shows, what a tap does."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from menu_pages.vocabulary import Acceptance
from orders.desk.board import Column, read_board
from orders.desk.narrowing import read_narrowing
from orders.models import Order, OrderStatus
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member, signed_in
from tests.factories.service import called

DESK = "/staff/teahouse/"


def shown(browser: Client) -> str:
    return browser.get(DESK).content.decode()


def columns(place: PlacePage) -> list[Column]:
    return read_board(place, read_narrowing(place, {}), serves_tables=True)


def tap(browser: Client, order: Order, to: str, *, fragment: str = "said", **data: str) -> object:
    headers = {"x-fragment": fragment} if fragment else {}
    return browser.post(f"{DESK}orders/{order.public_id}/move/", {"to": to, **data}, headers=headers)


@pytest.fixture
def order(guest: Guest, tea: DishPage) -> Order:
    guest.add(tea, 2, options=["size-large"], note="hot")
    guest.send(comment="For the birthday")
    return Order.objects.get()


def test_the_waiter_sees_orders_by_table(charlie: User, order: Order) -> None:
    body = shown(signed_in(charlie))

    assert "Table 7" in body
    assert "For the birthday" in body
    for words in ("Tea", "Large", "hot", "641"):
        assert words in body


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.MANAGER, 200),
        (Role.WAITER, 200),
        (Role.KITCHEN, 200),
        (Role.EDITOR, 404),
        (Role.ANALYST, 404),
    ],
)
def test_roles_open_the_desk(organisation_a: Organisation, order: Order, role: Role, status: int) -> None:
    browser = signed_in(make_member("dana@example.com", organisation_a, role))

    answers = [browser.get(DESK), browser.get(DESK, headers={"x-fragment": "desk"})]

    assert [answer.status_code for answer in answers] == [status] * 2
    assert ["For the birthday" in answer.content.decode() for answer in answers] == [status == 200] * 2
    assert ["<html" in answer.content.decode() for answer in answers] == [True, status == 404]


def test_another_places_owner_finds_no_desk(bob: User, place_b: PlacePage, order: Order) -> None:
    browser = signed_in(bob)
    line = order.lines.get()
    posts = ["move/", "seen/", "print/", f"lines/{line.key}/stop/"]

    answers = [browser.get(DESK), browser.get(DESK, headers={"x-fragment": "desk"})]
    answers += [browser.post(f"{DESK}orders/{order.public_id}/{post}", {"to": "accepted"}) for post in posts]
    answers.append(browser.post(f"{DESK}tables/7/close/"))

    order.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 7
    assert [b"For the birthday" in answer.content for answer in answers] == [False] * 7
    assert (order.status, order.acknowledged_at, order.seating.closed_at) == ("sent", None, None)
    assert line.dish.stop_entries.count() == 0


@pytest.mark.parametrize("address", ["move/", "seen/", "print/", "lines/{key}/stop/"])
def test_ones_own_desk_does_not_touch_anothers_order(bob: User, place_b: PlacePage, order: Order, address: str) -> None:
    line = order.lines.get()
    address = f"/staff/pizzeria/orders/{order.public_id}/{address.format(key=line.key)}"

    response = signed_in(bob).post(address, {"to": "accepted"})

    order.refresh_from_db()
    assert response.status_code == 404
    assert (order.status, order.acknowledged_at) == ("sent", None)
    assert line.dish.stop_entries.count() == 0


def test_a_foreign_desk_looks_like_one_that_is_not_there(bob: User, place_b: PlacePage, place_a: PlacePage) -> None:
    browser = signed_in(bob)

    foreign, missing = browser.get(DESK), browser.get("/staff/nothing/")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content.decode().replace("teahouse", "nothing") == missing.content.decode()


@pytest.mark.parametrize("address", ["", "orders/x/move/", "orders/x/seen/", "tables/7/close/", "stop-list/change/"])
def test_a_stranger_is_asked_to_sign_in(order: Order, address: str) -> None:
    browser = Client()

    answers = [browser.get(DESK + address), browser.post(DESK + address)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [answer["Location"].startswith("/accounts/login/?next=") for answer in answers] == [True, True]


def test_a_guest_is_a_stranger_here(guest: Guest, order: Order) -> None:
    assert guest.client.get(DESK).status_code == 302


def test_the_kitchen_moves_orders_and_closes_no_tables(
    organisation_a: Organisation, guest: Guest, order: Order
) -> None:
    browser = signed_in(make_member("cook@example.com", organisation_a, Role.KITCHEN))

    moved = tap(browser, order, "accepted")
    Order.objects.update(status="served")
    closed = browser.post(f"{DESK}tables/7/close/")

    assert moved.status_code == 200
    assert closed.status_code == 404
    assert guest.visit.seating.closed_at is None
    assert "tables/7/close/" not in shown(browser)


def test_forms_of_the_desk_need_their_token(charlie: User, order: Order) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    browser.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")

    response = browser.post(f"{DESK}orders/{order.public_id}/move/", {"to": "accepted"})

    order.refresh_from_db()
    assert response.status_code == 403
    assert order.status == "sent"


def test_a_tap_moves_the_order_and_offers_to_undo(charlie: User, order: Order) -> None:
    browser = signed_in(charlie)

    body = tap(browser, order, "accepted").content.decode()

    order.refresh_from_db()
    assert (order.status, order.history.order_by("-pk")[0].by) == ("accepted", charlie)
    assert "<html" not in body
    assert "data-undo" in body


def test_without_javascript_the_page_that_was_tapped_comes_again(charlie: User, order: Order) -> None:
    browser = signed_in(charlie)
    page = f"http://testserver{DESK}?zone=&station="
    url = f"{DESK}orders/{order.public_id}/move/"

    response = browser.post(url, {"to": "accepted"}, headers={"referer": page})
    body = browser.get(response["Location"]).content.decode()

    order.refresh_from_db()
    assert (response.status_code, response["Location"]) == (303, f"{DESK}?zone=&station=")
    assert order.status == "accepted"
    assert "Order 1: accepted" in body
    assert f'action="{url}" data-tap data-undo' in " ".join(body.split())
    assert "data-undo" not in shown(browser)


@pytest.mark.parametrize(
    "referer", ["", "http://elsewhere.example/staff/teahouse/", "http://testserver/admin/", "http://[x"]
)
def test_nobody_is_led_away_from_the_desk(charlie: User, order: Order, referer: str) -> None:
    response = signed_in(charlie).post(
        f"{DESK}orders/{order.public_id}/move/", {"to": "accepted"}, headers={"referer": referer}
    )

    assert response["Location"] == DESK


def test_a_double_tap_is_one_step(charlie: User, order: Order) -> None:
    browser = signed_in(charlie)

    answers = [tap(browser, order, "accepted") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert order.history.filter(after="accepted").count() == 1


def test_a_step_that_is_none_is_refused(charlie: User, order: Order) -> None:
    browser = signed_in(charlie)

    unknown = tap(browser, order, "eaten")
    illegal = tap(browser, order, "closed")
    silent = tap(browser, order, "cancelled")

    order.refresh_from_db()
    assert [answer.status_code for answer in (unknown, illegal, silent)] == [400, 409, 409]
    assert "Order 1 is already “sent”." in illegal.content.decode()
    assert "Say why the order is cancelled" in silent.content.decode()
    assert order.status == "sent"


@pytest.mark.parametrize(("reason", "stored"), [("No tea", "No tea"), ("x" * 500, "x" * 140), ("a\0b", "ab")])
def test_cancelling_keeps_the_reason(charlie: User, order: Order, reason: str, stored: str) -> None:
    tap(signed_in(charlie), order, "cancelled", reason=reason)

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", stored)


@pytest.mark.parametrize("reason", ["   ", "\0"])
def test_an_empty_reason_is_none(charlie: User, order: Order, reason: str) -> None:
    assert tap(signed_in(charlie), order, "cancelled", reason=reason).status_code == 409


def test_a_table_is_closed_when_nothing_is_on_its_way(charlie: User, guest: Guest, order: Order) -> None:
    browser = signed_in(charlie)

    refused = browser.post(f"{DESK}tables/7/close/", headers={"x-fragment": "said"})
    without_script = browser.post(f"{DESK}tables/7/close/", follow=True)
    Order.objects.update(status="served")
    closed = browser.post(f"{DESK}tables/7/close/")
    again = browser.post(f"{DESK}tables/7/close/")

    order.refresh_from_db()
    assert refused.status_code == 409
    assert ["still on its way" in answer.content.decode() for answer in (refused, without_script)] == [True, True]
    assert (closed.status_code, closed["Location"], again.status_code) == (303, DESK, 303)
    assert (order.status, guest.visit.seating.closed_by) == ("closed", charlie)


def test_words_of_guests_are_shown_as_text(charlie: User, guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, note="<b>bold</b>")
    guest.send(comment="<script>alert(1)</script>")

    body = shown(signed_in(charlie))

    assert "<script>alert" not in body
    assert "<b>bold</b>" not in body
    assert "&lt;b&gt;bold" in body


def test_the_board_is_not_kept_by_browsers(charlie: User, order: Order) -> None:
    browser = signed_in(charlie)

    answers = [browser.get(DESK), browser.get(DESK, headers={"x-fragment": "desk"})]

    assert ["no-store" in answer["Cache-Control"] for answer in answers] == [True, True]


def test_columns_hold_what_asks_something_of_the_staff(guest: Guest, borshch: DishPage) -> None:
    answered = timezone.now()
    for status in OrderStatus.values:
        order = ordered(guest, borshch)
        acknowledged_at = None if status == "sent" else answered
        Order.objects.filter(pk=order.pk).update(status=status, acknowledged_at=acknowledged_at)
    order = ordered(guest, borshch)
    Order.objects.filter(pk=order.pk).update(status="accepted")

    board = {
        column.key: [(card.order.status, card.unanswered) for card in column.cards] for column in columns(guest.place)
    }

    assert board == {
        "new": [("accepted", True), ("sent", True)],
        "work": [("ready", False), ("preparing", False), ("accepted", False)],
    }


def test_an_order_accepted_by_itself_asks_to_be_seen(
    charlie: User, place_a: PlacePage, guest: Guest, borshch: DishPage
) -> None:
    PlaceRecord.objects.update(acceptance=Acceptance.AT_ONCE)
    order = ordered(guest, borshch)
    browser = signed_in(charlie)
    address = f"{DESK}orders/{order.public_id}/seen/"
    before = shown(browser)

    said = browser.post(address, headers={"x-fragment": "said"}).content.decode()
    again = browser.post(address, headers={"x-fragment": "said"}).content.decode().strip()
    order.refresh_from_db()
    seen_at = order.acknowledged_at
    browser.post(address, {"to": "unseen"})

    order.refresh_from_db()
    assert (f'formaction="{address}"' in before, order.status) == (True, "accepted")
    assert ("Order 1: seen" in said, 'value="unseen"' in said, again) == (True, True, "")
    assert seen_at is not None
    assert order.acknowledged_at is None


def test_having_seen_is_not_taken_back_later(charlie: User, guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    long_ago = timezone.now() - datetime.timedelta(minutes=1)
    Order.objects.update(status="accepted", acknowledged_at=long_ago)

    response = signed_in(charlie).post(
        f"{DESK}orders/{order.public_id}/seen/", {"to": "unseen"}, headers={"x-fragment": "said"}
    )

    order.refresh_from_db()
    assert response.status_code == 409
    assert order.acknowledged_at == long_ago


def test_the_newest_is_on_top_and_a_forgotten_one_above_it(guest: Guest, borshch: DishPage) -> None:
    orders = [ordered(guest, borshch) for _ in range(3)]
    calm = [card.order.number for card in columns(guest.place)[0].cards]
    Order.objects.filter(pk=orders[0].pk).update(sent_at=orders[0].sent_at - datetime.timedelta(minutes=6))

    pinned = columns(guest.place)[0].cards

    assert calm == [3, 2, 1]
    assert [(card.order.number, card.age) for card in pinned] == [(1, "amber"), (3, "calm"), (2, "calm")]


@pytest.mark.parametrize(
    ("minutes", "age"), [(0, "calm"), (4, "calm"), (5, "amber"), (9, "amber"), (10, "red"), (600, "red")]
)
def test_waiting_orders_change_colour(order: Order, minutes: int, age: str) -> None:
    Order.objects.update(sent_at=order.sent_at - datetime.timedelta(minutes=minutes, seconds=1))

    (card,) = columns(order.place)[0].cards

    assert (card.minutes, card.age) == (minutes, age)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_board_costs_the_same_queries(
    charlie: User,
    guest: Guest,
    borshch: DishPage,
    tea: DishPage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        party = guest_at(table_of(guest.place, number % 12 + 1))
        party.add(tea, options=["size-large"])
        ordered(party, borshch)
        called(party)
    browser = signed_in(charlie)
    browser.get(DESK)

    with django_assert_num_queries(BOARD_QUERIES):
        body = browser.get(DESK).content.decode()

    assert body.count('data-key="order-') == count


# Session, user, organisations · place with its record, role · version, role, alarms · zones, stations · new orders,
# orders in work, stop-list, lines, calls · questions, failures.
BOARD_QUERIES = 17
