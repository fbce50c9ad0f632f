"""The plan of tables and the table opened from it."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord, Table
from menu_pages.tables import set_table_count
from menu_pages.vocabulary import Acceptance
from orders.desk.narrowing import read_narrowing
from orders.desk.plan import read_plan, read_table
from orders.models import Order, OrderStatus, Seating, TableSharing, Visit
from orders.order_states import move_order
from orders.seatings import open_by_staff
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import signed_in
from tests.factories.service import called

DESK = "/staff/teahouse/"


@pytest.fixture
def browser(charlie: User) -> Client:
    return signed_in(charlie)


def states(place: PlacePage) -> dict[int, str]:
    return {tile.table.number: tile.state for tile in read_plan(place, read_narrowing(place, {}))}


@pytest.mark.parametrize(
    ("status", "acknowledged", "state"),
    [
        ("sent", False, "ordered"),
        ("accepted", False, "ordered"),
        ("accepted", True, "waiting"),
        ("preparing", True, "waiting"),
        ("ready", True, "waiting"),
        ("served", True, "seated"),
        ("cancelled", True, "seated"),
    ],
)
def test_a_tables_state_is_that_of_its_orders(
    guest: Guest, borshch: DishPage, status: str, acknowledged: bool, state: str
) -> None:
    ordered(guest, borshch)
    Order.objects.update(status=status, acknowledged_at=timezone.now() if acknowledged else None)

    assert states(guest.place)[7] == state


def test_calls_come_before_food_and_the_bill_before_calls(guest: Guest, borshch: DishPage) -> None:
    before = states(guest.place)
    ordered(guest, borshch)
    called(guest)
    calls = states(guest.place)
    called(guest, "bill")

    assert (before[7], before[8], calls[7], states(guest.place)[7]) == ("seated", "free", "calls", "bill")


def test_the_plan_shows_tables_in_use_and_parties_that_still_sit(guest: Guest, place_a: PlacePage) -> None:
    guest_at(table_of(place_a, 12))
    set_table_count(place=place_a, count=8)

    assert list(states(place_a)) == [*range(1, 9), 12]


def test_what_a_party_has_ordered_so_far(guest: Guest, borshch: DishPage, table_7: Table) -> None:
    ordered(guest, borshch)
    ordered(guest_at(table_7), borshch)
    move_order(order_id=ordered(guest, borshch).pk, to=OrderStatus.CANCELLED, by=None, reason="by mistake")

    tile = read_plan(guest.place, read_narrowing(guest.place, {}))[6]

    assert (tile.table.number, tile.orders_count, tile.total, tile.minutes) == (7, 2, 780, 0)


@pytest.mark.parametrize("parties", [1, 3, 12])
def test_the_plan_costs_two_queries(
    place_a: PlacePage, borshch: DishPage, parties: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, parties + 1):
        party = guest_at(table_of(place_a, number))
        ordered(party, borshch)
        called(party)
    everything = read_narrowing(place_a, {})

    with django_assert_num_queries(2):
        tiles = read_plan(place_a, everything)

    assert [tile.state for tile in tiles].count("calls") == parties


@pytest.mark.parametrize("orders", [1, 3])
def test_a_table_costs_the_same_queries(
    guest: Guest, borshch: DishPage, orders: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(orders):
        ordered(guest, borshch)
    called(guest)

    # Table, seating · orders, stop-list, lines · calls, guests who ask.
    with django_assert_num_queries(7):
        opened = read_table(guest.place, 7)

    assert (len(opened.orders), len(opened.calls)) == (orders, 1)


def test_a_zone_narrows_the_plan(browser: Client, guest: Guest) -> None:
    Table.objects.filter(number__in=(6, 7)).update(zone="Terrace & bar")

    body = browser.get(f"{DESK}tables/", {"zone": "Terrace & bar"})

    assert [tile.table.number for tile in body.context["tiles"]] == [6, 7]
    assert [(state, count) for state, _title, count in body.context["summary"]] == [("seated", 1), ("free", 1)]
    assert "zone=Terrace+%26+bar" in body.content.decode()


def test_a_table_shows_orders_calls_and_the_bill(browser: Client, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    called(guest, note="more bread")
    ordered(guest_at(table_of(guest.place, 8)), borshch)

    body = browser.get(f"{DESK}tables/7/").content.decode()

    assert body.count('data-key="order-') == 1
    for words in ("Table 7", "more bread", "Borshch", "390", "1 order"):
        assert words in body


@pytest.mark.parametrize("number", [0, 13, 999, 100_000])
def test_a_table_that_is_not_there(browser: Client, guest: Guest, number: int) -> None:
    answers = [browser.get(f"{DESK}tables/{number}/"), browser.post(f"{DESK}tables/{number}/open/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_staff_open_a_table_once(browser: Client, charlie: User, place_a: PlacePage, table_7: Table) -> None:
    answers = [browser.post(f"{DESK}tables/7/open/", headers={"x-fragment": "said"}) for _ in range(2)]

    seating = Seating.objects.get()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (seating.table, seating.opened_by) == (table_7, charlie)


def test_staff_vouch_for_a_party_that_scanned_first(browser: Client, charlie: User, guest: Guest) -> None:
    PlaceRecord.objects.update(acceptance=Acceptance.AT_ONCE_SEATED)
    before = browser.get(f"{DESK}tables/7/").content.decode()

    browser.post(f"{DESK}tables/7/open/")

    after = browser.get(f"{DESK}tables/7/").content.decode()
    assert ("The guests are here" in before, "The guests are here" in after) == (True, False)
    assert (guest.visit.seating.opened_by, Seating.objects.count()) == (charlie, 1)


def test_who_opened_a_table_stays(charlie: User, alice: User, table_7: Table) -> None:
    open_by_staff(table=table_7, by=charlie)

    assert open_by_staff(table=table_7, by=alice).opened_by == charlie


def test_closing_a_table_ends_its_calls(browser: Client, guest: Guest) -> None:
    call = called(guest)

    browser.post(f"{DESK}tables/7/close/")

    call.refresh_from_db()
    assert (call.status, guest.visit.seating.closed_at is None) == ("done", False)
    assert states(guest.place)[7] == "free"


def test_a_guest_who_asks_is_let_in_or_not(browser: Client, guest: Guest, table_7: Table) -> None:
    visits = [guest_at(table_7).visit for _ in range(2)]
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(sharing=TableSharing.ASKED)
    pages = [browser.get(DESK + page).content.decode() for page in ("", "tables/7/", "tables/")]

    answers = [
        browser.post(f"{DESK}guests/{visit.public_id}/", {"to": to}, headers={"x-fragment": "said"})
        for visit, to in zip(visits, ("granted", "refused"), strict=True)
    ]

    for visit in visits:
        visit.refresh_from_db()
    assert [page.count("A guest asks to see") for page in pages] == [2, 2, 0]
    assert "a guest asks" in pages[2]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [visit.sharing for visit in visits] == ["granted", "refused"]
    assert "A guest asks to see" not in browser.get(DESK).content.decode()


@pytest.mark.parametrize(("to", "status"), [("granted", 409), ("nonsense", 400)])
def test_a_guest_who_has_left_is_answered_no_more(browser: Client, guest: Guest, to: str, status: int) -> None:
    visit = guest.visit
    Visit.objects.update(ended_at=timezone.now())

    answer = browser.post(f"{DESK}guests/{visit.public_id}/", {"to": to}, headers={"x-fragment": "said"})

    assert answer.status_code == status
    assert guest.visit.sharing == ""


def test_anothers_tables_are_as_if_they_did_not_exist(
    bob: User, place_b: PlacePage, guest: Guest, borshch: DishPage
) -> None:
    ordered(guest, borshch)
    browser = signed_in(bob)

    answers = [browser.get(DESK + page) for page in ("tables/", "tables/7/")]
    answers += [browser.post(f"{DESK}tables/{page}") for page in ("8/open/", "7/close/")]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert "Borshch" not in browser.get("/staff/pizzeria/tables/7/").content.decode()
    assert list(Seating.objects.values_list("table__number", "closed_at")) == [(7, None)]
