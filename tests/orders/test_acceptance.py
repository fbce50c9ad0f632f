"""How orders become accepted, and which station makes what."""

import pytest

from accounts.models import User
from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from orders.models import Order, OutboxEvent, Seating, Station, StationCategory
from orders.order_states import acknowledge_order
from tests.factories.guests import Guest, ordered
from tests.factories.menus import make_category, make_dish


@pytest.mark.parametrize(
    ("acceptance", "opened_by_staff", "status"),
    [
        ("by_hand", False, "sent"),
        ("by_hand", True, "sent"),
        ("at_once", False, "accepted"),
        ("at_once", True, "accepted"),
        ("at_once_seated", False, "sent"),
        ("at_once_seated", True, "accepted"),
    ],
)
def test_the_place_chooses_how_orders_are_accepted(
    guest: Guest, borshch: DishPage, charlie: User, acceptance: str, opened_by_staff: bool, status: str
) -> None:
    PlaceRecord.objects.update(acceptance=acceptance)
    Seating.objects.update(opened_by=charlie if opened_by_staff else None)

    order = ordered(guest, borshch)

    assert order.status == status
    assert order.acknowledged_at is None
    steps = [("", "sent"), ("sent", "accepted")][: 1 + (status == "accepted")]
    assert [(step.before, step.after) for step in order.history.all()] == steps
    assert OutboxEvent.objects.filter(kind="order.sent", order=order).count() == 1


def test_accepted_by_itself_it_is_acknowledged_by_a_person_once(guest: Guest, borshch: DishPage) -> None:
    PlaceRecord.objects.update(acceptance="at_once")
    order = ordered(guest, borshch)

    times = [acknowledge_order(order_id=order.pk).acknowledged_at for _ in range(2)]

    assert times[0] is not None
    assert times[0] == times[1]
    assert Order.objects.unacknowledged().count() == 0


def test_an_order_accepted_by_itself_is_not_taken_back(guest: Guest, borshch: DishPage) -> None:
    PlaceRecord.objects.update(acceptance="at_once")
    order = ordered(guest, borshch)

    assert guest.take_back(order).status_code == 409


def station(place: PlacePage, title: str, *categories: CategoryPage) -> Station:
    made = Station.objects.create(place=place, title=title)
    for category in categories:
        StationCategory.objects.create(place=place, station=made, category=category)
    return made


def stations_of(order: Order) -> dict[str, str]:
    return {line.title: line.station.title if line.station else "" for line in order.lines.select_related("station")}


def test_without_stations_lines_have_none(guest: Guest, borshch: DishPage) -> None:
    assert stations_of(ordered(guest, borshch)) == {"Borshch": ""}


def test_the_nearest_category_says_who_makes_a_dish(
    guest: Guest, place_a: PlacePage, soups: CategoryPage, borshch: DishPage
) -> None:
    drinks = make_category(place_a, "Drinks")
    hot = make_category(drinks, "Hot")
    cocoa, beer = make_dish(hot, "Cocoa"), make_dish(drinks, "Beer")
    bread = make_dish(make_category(place_a, "Bread"), "Bread")
    station(place_a, "Bar", drinks)
    station(place_a, "Stove", hot, soups)

    order = ordered(guest, borshch, cocoa, beer, bread)

    assert stations_of(order) == {"Borshch": "Stove", "Cocoa": "Stove", "Beer": "Bar", "Bread": ""}


def test_stations_of_another_place_make_nothing_here(
    guest: Guest, borshch: DishPage, soups: CategoryPage, place_b: PlacePage
) -> None:
    station(place_b, "Oven", soups)

    assert stations_of(ordered(guest, borshch)) == {"Borshch": ""}


def test_a_station_that_is_gone_leaves_its_lines(
    guest: Guest, borshch: DishPage, place_a: PlacePage, soups: CategoryPage
) -> None:
    stove = station(place_a, "Stove", soups)
    order = ordered(guest, borshch)

    stove.delete()

    assert stations_of(order) == {"Borshch": ""}
