"""The service desk: who may open it, what it shows, what a tap does."""

import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage, Table
from orders.desk.board import columns, seatings
from orders.models import Order, OrderStatus
from orders.order_states import move_order
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member, signed_in

DESK = "/staff/teahouse/"


def shown(browser: Client) -> str:
    return browser.get(DESK).content.decode()


def tap(browser: Client, order: Order, to: str, *, fragment: str = "board", **data: str) -> object:
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

    answers = [browser.get(DESK), browser.get(f"{DESK}updates/")]

    assert [answer.status_code for answer in answers] == [status] * 2
    assert ["For the birthday" in answer.content.decode() for answer in answers] == [status == 200] * 2


def test_another_places_owner_finds_no_desk(bob: User, place_b: PlacePage, order: Order) -> None:
    browser = signed_in(bob)
    addresses = [DESK, f"{DESK}updates/"]
    posts = [f"{DESK}orders/{order.public_id}/move/", f"{DESK}tables/7/close/"]

    answers = [browser.get(address) for address in addresses]
    answers += [browser.post(address, {"to": "accepted"}) for address in posts]

    order.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 4
    assert [b"For the birthday" in answer.content for answer in answers] == [False] * 4
    assert (order.status, order.seating.closed_at) == ("sent", None)


def test_ones_own_desk_does_not_move_anothers_order(bob: User, place_b: PlacePage, order: Order) -> None:
    response = signed_in(bob).post(f"/staff/pizzeria/orders/{order.public_id}/move/", {"to": "accepted"})

    order.refresh_from_db()
    assert response.status_code == 404
    assert order.status == "sent"


def test_a_foreign_desk_looks_like_one_that_is_not_there(bob: User, place_b: PlacePage, place_a: PlacePage) -> None:
    browser = signed_in(bob)

    foreign, missing = browser.get(DESK), browser.get("/staff/nothing/")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content.decode().replace("teahouse", "nothing") == missing.content.decode()


@pytest.mark.parametrize("address", ["", "updates/", "orders/x/move/", "tables/7/close/"])
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
    Order.objects.update(status="cancelled")
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


def test_nothing_new_is_no_content(charlie: User, order: Order) -> None:
    browser = signed_in(charlie)
    version = browser.get(DESK).context["version"]

    response = browser.get(f"{DESK}updates/", {"since": str(version)})

    assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize("since", ["0", "", "abc", "-1", "\0", "9" * 40])
def test_an_unknown_version_gets_the_board(charlie: User, order: Order, since: str) -> None:
    response = signed_in(charlie).get(f"{DESK}updates/", {"since": since})

    assert response.status_code == 200
    assert "For the birthday" in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("happening", ["order", "step", "scan"])
def test_news_change_the_version(charlie: User, guest: Guest, order: Order, borshch: DishPage, happening: str) -> None:
    browser = signed_in(charlie)
    version = browser.get(DESK).context["version"]

    if happening == "order":
        ordered(guest, borshch)
    elif happening == "step":
        move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=None)
    else:
        guest_at(table_of(guest.place, 8))
    response = browser.get(f"{DESK}updates/", {"since": str(version)})

    assert response.status_code == 200
    assert f'data-version="{version}"' not in response.content.decode()


def test_a_tap_moves_the_order_and_offers_to_undo(charlie: User, order: Order) -> None:
    browser = signed_in(charlie)

    body = tap(browser, order, "accepted").content.decode()

    order.refresh_from_db()
    assert (order.status, order.history.order_by("-pk")[0].by) == ("accepted", charlie)
    assert "<html" not in body
    assert "data-undo" in body


def test_without_javascript_the_whole_board_comes(charlie: User, order: Order) -> None:
    response = tap(signed_in(charlie), order, "accepted", fragment="")

    order.refresh_from_db()
    assert response.status_code == 200
    assert "<html" in response.content.decode()
    assert order.status == "accepted"


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

    refused = browser.post(f"{DESK}tables/7/close/")
    Order.objects.update(status="served")
    closed = browser.post(f"{DESK}tables/7/close/")
    again = browser.post(f"{DESK}tables/7/close/")

    order.refresh_from_db()
    assert refused.status_code == 409
    assert "still on its way" in refused.content.decode()
    assert (closed.status_code, closed["Location"], again.status_code) == (302, DESK, 302)
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

    answers = [browser.get(DESK), browser.get(f"{DESK}updates/")]

    assert ["no-store" in answer["Cache-Control"] for answer in answers] == [True, True]


def test_columns_hold_what_asks_something_of_the_staff(guest: Guest, borshch: DishPage) -> None:
    statuses = [*OrderStatus.values]
    for status in statuses:
        order = ordered(guest, borshch)
        Order.objects.filter(pk=order.pk).update(status=status)

    board = {column.key: [card.order.status for card in column.cards] for column in columns(guest.place)}

    assert board == {"new": ["sent"], "work": ["ready", "preparing", "accepted"]}


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


def test_tables_show_what_their_party_ordered(guest: Guest, borshch: DishPage, table_7: Table) -> None:
    ordered(guest, borshch)
    ordered(guest_at(table_7), borshch)
    move_order(order_id=ordered(guest, borshch).pk, to=OrderStatus.CANCELLED, by=None, reason="by mistake")
    guest_at(table_of(guest.place, 3))

    rows = [(row.table_number, row.orders_count, row.total) for row in seatings(guest.place)]

    assert rows == [(3, 0, 0), (7, 2, 780)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_costs_the_same_queries(
    charlie: User,
    guest: Guest,
    borshch: DishPage,
    tea: DishPage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        party = guest_at(table_of(guest.place, number + 1))
        party.add(tea, options=["size-large"])
        ordered(party, borshch)
    browser = signed_in(charlie)

    with django_assert_num_queries(BOARD_QUERIES):
        body = browser.get(DESK).content.decode()

    assert body.count("data-order=") == count


# Session, user, organisations · place, its record, role · version, role · orders, lines, seatings.
BOARD_QUERIES = 11
