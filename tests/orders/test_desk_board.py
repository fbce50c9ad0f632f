"""What stands on the board: calls among orders, the part a desk looks at, alarms, what has been shown."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage, Table
from orders.desk.board import alarms, read_board
from orders.desk.narrowing import read_narrowing
from orders.models import DeskState, Order, Station, StationCategory, WaiterCall
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member, signed_in
from tests.factories.service import called

DESK = "/staff/teahouse/"


def minutes_ago(minutes: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(minutes=minutes)


def new_cards(place: PlacePage, asked: dict[str, str] | None = None) -> list[str]:
    """What the first column shows, from the top: orders by number, calls by table."""
    columns = read_board(place, read_narrowing(place, asked or {}), serves_tables=True)
    return [
        f"call {card.call.table.number}" if card.kind == "call" else f"order {card.order.number}"
        for card in columns[0].cards
    ]


@pytest.fixture
def zones(place_a: PlacePage) -> None:
    Table.objects.filter(place=place_a, number__lte=4).update(zone="Hall")
    Table.objects.filter(place=place_a, number__in=(5, 6, 7)).update(zone="terrace")


@pytest.fixture
def bar(place_a: PlacePage, tea: DishPage) -> Station:
    station = Station.objects.create(place=place_a, title="Bar")
    StationCategory.objects.create(place=place_a, station=station, category=tea.get_parent().specific)
    return station


@pytest.fixture
def kitchen(place_a: PlacePage, borshch: DishPage) -> Station:
    station = Station.objects.create(place=place_a, title="Kitchen")
    StationCategory.objects.create(place=place_a, station=station, category=borshch.get_parent().specific)
    return station


# Calls


def test_a_call_stands_above_orders_that_came_after_it(guest: Guest, borshch: DishPage) -> None:
    for _ in range(2):
        ordered(guest, borshch)
    called(guest)

    assert new_cards(guest.place) == ["call 7", "order 2", "order 1"]


@pytest.mark.parametrize(
    ("order_minutes", "call_minutes", "cards"),
    [
        (6, 1, ["order 1", "call 7", "order 3", "order 2"]),
        (6, 8, ["call 7", "order 1", "order 3", "order 2"]),
        (1, 3, ["call 7", "order 3", "order 2", "order 1"]),
    ],
)
def test_the_longest_wait_is_pinned(
    guest: Guest, borshch: DishPage, order_minutes: float, call_minutes: float, cards: list[str]
) -> None:
    first, *_others = [ordered(guest, borshch) for _ in range(3)]
    Order.objects.filter(pk=first.pk).update(sent_at=minutes_ago(order_minutes))
    WaiterCall.objects.filter(pk=called(guest).pk).update(asked_at=minutes_ago(call_minutes))

    assert new_cards(guest.place) == cards


@pytest.mark.parametrize(("minutes", "age"), [(0, "calm"), (1.9, "calm"), (2.1, "amber"), (5.1, "red")])
def test_calls_change_colour_sooner_than_orders(guest: Guest, minutes: float, age: str) -> None:
    WaiterCall.objects.filter(pk=called(guest).pk).update(asked_at=minutes_ago(minutes))

    (card,) = read_board(guest.place, read_narrowing(guest.place, {}), serves_tables=True)[0].cards

    assert (card.age, card.minutes) == (age, int(minutes))


def test_a_call_says_what_is_asked_for(charlie: User, guest: Guest) -> None:
    called(guest, "bill", payment="card", note="with <b>tip</b>")

    body = signed_in(charlie).get(DESK).content.decode()

    assert "Asks for the bill" in body
    assert "card" in body
    assert "with &lt;b&gt;tip&lt;/b&gt;" in body


def test_one_tap_takes_a_call_one_step_further(charlie: User, guest: Guest) -> None:
    call, browser = called(guest), signed_in(charlie)
    address = f"{DESK}calls/{call.public_id}/move/"
    steps, columns = [], []

    for to in ("seen", "on_the_way", "done"):
        answer = browser.post(address, {"to": to}, headers={"x-fragment": "said"})
        call.refresh_from_db()
        steps.append((answer.status_code, call.status, "data-undo" in answer.content.decode()))
        shown = browser.get(DESK).context["columns"]
        columns.append([[card.kind for card in column.cards] for column in shown])

    assert steps == [(200, "seen", True), (200, "on_the_way", True), (200, "done", True)]
    assert columns == [[[], ["call"]], [[], ["call"]], [[], []]]
    assert call.by == charlie


def test_a_tap_on_a_call_is_taken_back_and_repeated_in_vain(charlie: User, guest: Guest) -> None:
    call, browser = called(guest), signed_in(charlie)
    address = f"{DESK}calls/{call.public_id}/move/"

    answers = [
        browser.post(address, {"to": to}, headers={"x-fragment": "said"}).status_code
        for to in ("seen", "seen", "asked", "done", "on_the_way", "cancelled", "eaten")
    ]

    call.refresh_from_db()
    assert answers == [200, 200, 200, 200, 409, 409, 400]
    assert call.status == "done"


def test_the_kitchen_sees_orders_only(organisation_a: Organisation, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    call = called(guest, note="window")
    browser = signed_in(make_member("cook@example.com", organisation_a, Role.KITCHEN))

    body = browser.get(DESK).content.decode()
    answers = [
        browser.get(f"{DESK}tables/"),
        browser.get(f"{DESK}tables/7/"),
        browser.post(f"{DESK}calls/{call.public_id}/move/", {"to": "seen"}),
        browser.post(f"{DESK}tables/7/open/"),
        browser.post(f"{DESK}guests/{guest.visit.public_id}/", {"to": "granted"}),
    ]

    call.refresh_from_db()
    assert ("Borshch" in body, "window" in body, f"{DESK}tables/" in body) == (True, False, False)
    assert [answer.status_code for answer in answers] == [404] * 5
    assert (call.status, guest.visit.sharing) == ("asked", "")


def test_ones_own_desk_does_not_answer_anothers_call(bob: User, place_b: PlacePage, guest: Guest) -> None:
    call, browser = called(guest), signed_in(bob)

    answers = [
        browser.post(f"/staff/pizzeria/calls/{call.public_id}/move/", {"to": "seen"}),
        browser.post(f"/staff/pizzeria/guests/{guest.visit.public_id}/", {"to": "granted"}),
        browser.post(f"{DESK}calls/{call.public_id}/move/", {"to": "seen"}),
    ]

    call.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 3
    assert (call.status, guest.visit.sharing) == ("asked", "")


# The part of the place a desk looks at


def test_a_zone_shows_its_tables_orders_and_calls(zones: None, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    ordered(guest_at(table_of(guest.place, 2)), borshch)
    ordered(guest_at(table_of(guest.place, 12)), borshch)
    called(guest_at(table_of(guest.place, 3)))

    shown = {zone: new_cards(guest.place, {"zone": zone}) for zone in ("", "Hall", "terrace", "-")}

    assert shown == {
        "": ["call 3", "order 3", "order 2", "order 1"],
        "Hall": ["call 3", "order 2"],
        "terrace": ["order 1"],
        "-": ["order 3"],
    }


@pytest.mark.parametrize("asked", [{"zone": "cellar"}, {"station": "nothing"}, {"zone": "\0"}, {"zone": "x" * 3000}])
def test_a_part_that_is_not_there_hides_nothing(
    zones: None, bar: Station, guest: Guest, borshch: DishPage, asked: dict[str, str]
) -> None:
    ordered(guest, borshch)

    assert new_cards(guest.place, asked) == ["order 1"]


def test_zones_are_offered_once_there_are_two(charlie: User, guest: Guest) -> None:
    browser = signed_in(charlie)
    before = browser.get(DESK).context["narrowing"].zone_choices
    Table.objects.filter(number__lte=4).update(zone="Hall")
    Table.objects.filter(number=12).update(zone="Cellar", in_use=False)

    choices = browser.get(DESK, {"zone": "Hall"}).context["narrowing"].zone_choices

    assert before == []
    assert [(str(choice.title), choice.query, choice.current) for choice in choices] == [
        ("All tables", "zone=&station=", False),
        ("Hall", "zone=Hall&station=", True),
        ("Other tables", "zone=-&station=", False),
    ]


def test_a_station_shows_orders_it_has_a_part_in_and_dims_the_rest(
    charlie: User, bar: Station, kitchen: Station, guest: Guest, borshch: DishPage, tea: DishPage
) -> None:
    ordered(guest, borshch)
    guest.add(tea, options=["size-large"])
    ordered(guest, borshch)

    body = signed_in(charlie).get(DESK, {"station": bar.public_id})

    (card,) = body.context["columns"][0].cards
    assert [(line.row.title, line.elsewhere) for line in card.lines] == [("Tea", False), ("Borshch", True)]
    assert body.content.decode().count("is-elsewhere") == 1
    assert new_cards(guest.place, {"station": kitchen.public_id}) == ["order 2", "order 1"]


def test_what_no_station_makes_every_station_sees(bar: Station, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)

    assert new_cards(guest.place, {"station": bar.public_id}) == ["order 1"]


def test_another_places_station_narrows_nothing(
    place_b: PlacePage, bar: Station, guest: Guest, borshch: DishPage
) -> None:
    foreign = Station.objects.create(place=place_b, title="Oven")
    ordered(guest, borshch)

    narrowing = read_narrowing(guest.place, {"station": foreign.public_id})

    assert (narrowing.station, [str(choice.title) for choice in narrowing.station_choices]) == (
        None,
        ["All stations", "Bar"],
    )


# Orders nobody answers


def test_every_part_of_the_place_hears_of_an_order_nobody_answers(
    charlie: User, zones: None, guest: Guest, borshch: DishPage
) -> None:
    late, fresh = ordered(guest, borshch), ordered(guest, borshch)
    Order.objects.filter(pk=late.pk).update(sent_at=timezone.now() - datetime.timedelta(seconds=91))
    browser = signed_in(charlie)

    rows = [(alarm.order.number, alarm.late) for alarm in alarms(guest.place)]
    pages = [browser.get(DESK + address).content.decode() for address in ("?zone=Hall", "tables/", "stop-list/")]

    assert rows == [(late.number, True), (fresh.number, False)]
    assert [f"#order-{late.public_id}" in page for page in pages] == [True] * 3
    assert [page.count("data-late data-since") for page in pages] == [2] * 3
    assert 'aria-label="Orders without an answer" hidden' not in pages[0]


@pytest.mark.parametrize(("seconds", "allowed", "late"), [(89, 90, False), (90, 90, True), (90, 300, False)])
def test_the_place_says_how_long_may_pass(
    guest: Guest, borshch: DishPage, seconds: int, allowed: int, late: bool
) -> None:
    ordered(guest, borshch)
    Order.objects.update(sent_at=timezone.now() - datetime.timedelta(seconds=seconds))
    guest.place.record.acknowledge_seconds = allowed

    (alarm,) = alarms(guest.place)

    assert alarm.late == late


@pytest.mark.parametrize("acknowledged", [True, False])
def test_an_answered_order_alarms_nobody(guest: Guest, borshch: DishPage, acknowledged: bool) -> None:
    ordered(guest, borshch)
    Order.objects.update(status="accepted", acknowledged_at=timezone.now() if acknowledged else None)

    assert len(alarms(guest.place)) == (0 if acknowledged else 1)


# Shown on a desk


def test_the_first_desk_that_gets_an_order_is_written_down(charlie: User, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    browser = signed_in(charlie)

    (card,) = browser.get(DESK).context["columns"][0].cards
    first = Order.objects.get().shown_at
    version = DeskState.objects.get().version
    browser.get(DESK)

    assert first is not None
    assert (card.order.shown_at, Order.objects.get().shown_at) == (first, first)
    assert DeskState.objects.get().version == version


def test_what_no_desk_of_the_staff_has_got_is_not_shown(
    charlie: User, bob: User, place_b: PlacePage, zones: None, guest: Guest, borshch: DishPage
) -> None:
    ordered(guest, borshch)
    operator = User.objects.create_superuser("operator@example.com")

    signed_in(operator).get(DESK)
    signed_in(bob).get(DESK)
    signed_in(charlie).head(DESK)
    signed_in(charlie).get(DESK, {"zone": "Hall"})
    signed_in(charlie).get(f"{DESK}pulse/")
    Client().get(DESK)

    assert Order.objects.get().shown_at is None


# The clock of the place


@pytest.mark.parametrize(
    ("moment", "dark"), [("06:59", True), ("07:00", False), ("19:59", False), ("20:00", True), ("23:30", True)]
)
def test_evenings_are_dark_by_the_places_clock(
    charlie: User, guest: Guest, monkeypatch: pytest.MonkeyPatch, moment: str, dark: bool
) -> None:
    zone = guest.place.record.zone
    now = datetime.datetime.combine(timezone.now().astimezone(zone).date(), datetime.time.fromisoformat(moment), zone)
    browser = signed_in(charlie)
    monkeypatch.setattr("menu_pages.models.record.timezone.now", lambda: now)

    body = browser.get(DESK).content.decode()

    assert f'media="{"all" if dark else "(prefers-color-scheme: dark)"}"' in body
