"""Made-up histories: every figure and every fact agrees with a recount in plain Python, on whichever database."""

import dataclasses
import datetime
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.models import DishSales, HourSales, OrganisationDay, OrganisationStatistics, PlaceDay, PlaceStatistics
from analytics.statistics import compute
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from menu_pages.provisioning import create_place
from orders.models import BasketLine, Order, OrderStatus
from tests.analytics import recount
from tests.factories.histories import Check, Line, make_history
from tests.factories.menus import make_category, make_dish, make_place
from tests.factories.people import make_user

MORNING = datetime.date(2026, 3, 30)
ZONES = ("Europe/Moscow", "Asia/Kamchatka", "America/New_York", "Asia/Kathmandu", "Europe/Kaliningrad")
# “Ukha” is on the menu twice; the last three are not on it.
TITLES = ("Borshch", "Ukha", "Kvass", "kvass", "Ёлка", "Old dish")

MOST_EXAMPLES = int(os.environ.get("EXAMPLES", "15"))

lines = st.builds(
    Line,
    dish=st.sampled_from(TITLES),
    quantity=st.integers(1, 4),
    price=st.sampled_from(["0", "0.01", "0.10", "99.99", "100", "100.01", "12345.67"]),
    options_price=st.sampled_from(["0", "0.05", "30"]),
    category=st.sampled_from(["", "Till’s soups"]),
)
# On both sides of the edges of the periods, in the night the clocks change, and today.
days_back = st.sampled_from([0, 1, 2, 7, 8, 22, 30, 31, 90, 91, 365, 366, 800])
moments = st.builds(
    lambda back, time: datetime.datetime.combine(MORNING - datetime.timedelta(days=back), time),
    days_back,
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
checks = st.builds(
    Check,
    at=moments,
    lines=st.lists(lines, min_size=1, max_size=4),
    table=st.sampled_from(["", "1", "2", "12", "Веранда"]),
    cancelled=st.sampled_from([False, False, False, True]),
    imported=st.booleans(),
    guests=st.none() | st.integers(0, 6),
)
histories = st.lists(checks, max_size=12)
clocks = st.fixed_dictionaries(
    {
        "time_zone": st.sampled_from(ZONES),
        "day_starts_at": st.sampled_from([datetime.time(0), datetime.time(5), datetime.time(23, 30)]),
    }
)
property_of = settings(
    max_examples=MOST_EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else waits to write between the pieces."""
    monkeypatch.setattr("menu_pages.pieces.PAUSE_SECONDS", 0)


@pytest.fixture
def places(db: None) -> list[PlacePage]:
    """Two places of one organisation, with a menu each."""
    first = make_place(make_user("owner@example.com"), "Teahouse", tables=0)
    second = create_place(organisation=first.record.organisation, title="Bar", currency=first.record.currency)
    for place in (first, second):
        kitchen = make_category(place, "Kitchen")
        for title in ("Borshch", "Ukha", "Kvass"):
            make_dish(kitchen, title)
    make_dish(make_category(first, "Stove"), "Ukha")
    return [first, second]


class Example:
    """What an example writes is gone when it ends."""

    def __enter__(self) -> None:
        self.savepoint = transaction.savepoint()

    def __exit__(self, *args: object) -> None:
        transaction.savepoint_rollback(self.savepoint)


def on_pages(place: PlacePage, history: Sequence[Check], shift: int) -> list[Check]:
    """The history with every other line told by its page, where the menu has one of that title."""
    pages = {page.title: page for page in DishPage.objects.descendant_of(place)}

    def line(given_line: Line, number: int) -> Line:
        page = pages.get(str(given_line.dish)) if (number + shift) % 2 else None
        return dataclasses.replace(given_line, dish=page) if page else given_line

    return [
        dataclasses.replace(check, lines=[line(one, number) for number, one in enumerate(check.lines)])
        for check in history
    ]


def compute_them(places: Sequence[PlacePage]) -> None:
    compute(PlaceRecord.objects.filter(pk__in=[place.pk for place in places]), morning=MORNING)


def assert_figures_are_right(places: Sequence[PlacePage]) -> None:
    for place in places:
        assert PlaceStatistics.objects.get(place=place, day=MORNING).figures == recount.recount(place, MORNING)
    together = OrganisationStatistics.objects.get(day=MORNING)
    assert together.figures == recount.recount_together(places, MORNING)


def assert_facts_are_right(place: PlacePage) -> None:
    orders = list(Order.objects.counted().filter(place=place, business_day__lt=MORNING).order_by("sent_at", "pk"))
    by_day = defaultdict(list)
    for order in orders:
        by_day[order.business_day].append(order)
    guests = dict(guests_of(orders))
    assert {
        day.day: (day.orders, day.revenue, day.items, day.guests) for day in PlaceDay.objects.filter(place=place)
    } == {
        day: (len(own), sum(o.total for o in own), sum(o.items for o in own), sum(guests[o.pk] for o in own))
        for day, own in by_day.items()
    }
    assert {
        day.day: (f"{day.median_check:.2f}", day.median_dishes) for day in PlaceDay.objects.filter(place=place)
    } == {day: (recount.median_check(own), recount.median_dishes(own)) for day, own in by_day.items()}
    hours: dict[object, list[object]] = defaultdict(lambda: [0, Decimal(0), 0, 0])
    for order in orders:
        hour = order.sent_at.astimezone(place.record.zone).hour
        row = hours[order.business_day, hour, order.table_label]
        for number, value in enumerate((1, order.total, order.items, guests[order.pk])):
            row[number] += value  # type: ignore[operator]
    assert {
        (row.day, row.hour, row.table_label): [row.orders, row.revenue, row.items, row.guests]
        for row in HourSales.objects.filter(place=place)
    } == hours
    assert_dishes_are_right(place, orders)


def guests_of(orders: Sequence[Order]) -> Iterator[tuple[int, int]]:
    """The guests each order brings; the orders are in the order in which they were sent."""
    seen = set()
    for order in orders:
        came = order.visit_id is not None and (order.business_day, order.visit_id) not in seen
        seen.add((order.business_day, order.visit_id))
        yield order.pk, int(came) if order.guests is None else order.guests


def assert_dishes_are_right(place: PlacePage, orders: Sequence[Order]) -> None:
    pieces: Counter[object] = Counter()
    money: defaultdict[object, Decimal] = defaultdict(Decimal)
    days = {order.pk: order.business_day for order in orders}
    for line in BasketLine.objects.filter(order__in=days).select_related("dish"):
        category = line.dish.get_parent().title if line.dish else line.category
        key = days[line.order_id], line.dish_id, line.title, category
        pieces[key] += line.quantity
        money[key] += line.line_total
    rows = list(DishSales.objects.filter(place=place))
    found = {(row.day, row.dish_id, row.title, row.category): (row.quantity, row.revenue) for row in rows}
    assert found == {key: (pieces[key], money[key]) for key in pieces}
    assert sum(row.orders for row in rows) <= len(orders) * len(TITLES) * 2


def assert_organisations_days_are_right(places: Sequence[PlacePage]) -> None:
    orders = Order.objects.counted().filter(place__in=places, business_day__lt=MORNING)
    by_day = defaultdict(list)
    for order in orders:
        by_day[order.business_day].append(order)
    assert {
        row.day: (row.orders, row.revenue, f"{row.median_check:.2f}", row.median_dishes)
        for row in OrganisationDay.objects.all()
    } == {
        day: (len(own), sum(o.total for o in own), recount.median_check(own), recount.median_dishes(own))
        for day, own in by_day.items()
    }


@property_of
@given(first=histories, second=histories, clock=clocks)
def test_everything_agrees_with_a_recount(
    places: list[PlacePage], first: list[Check], second: list[Check], clock: dict[str, object]
) -> None:
    with Example():
        for shift, (place, history) in enumerate(zip(places, (first, second), strict=True)):
            for name, value in clock.items():
                setattr(place.record, name, value)
            place.record.save()
            make_history(place, on_pages(place, history, shift))

        compute_them(places)

        assert_figures_are_right(places)
        for place in places:
            assert_facts_are_right(place)
        assert_organisations_days_are_right(places)


@property_of
@given(before=histories, after=histories, cancelled=st.sets(st.integers(0, 11)), deleted=st.sampled_from(TITLES[:3]))
def test_what_moves_afterwards_is_counted_again(
    places: list[PlacePage], before: list[Check], after: list[Check], cancelled: set[int], deleted: str
) -> None:
    """Orders cancelled late, a history that comes later, a dish that leaves the menu and one that is renamed."""
    place = places[0]
    with Example():
        orders = make_history(place, on_pages(place, before, 0))
        compute_them(places)

        Order.objects.filter(pk__in=[orders[n].pk for n in cancelled if n < len(orders)]).update(
            status=OrderStatus.CANCELLED
        )
        make_history(place, on_pages(place, after, 1))
        menu = DishPage.objects.descendant_of(place)
        for page in menu.filter(title=deleted):
            page.delete()
        menu.filter(title="Kvass").update(title="Kvass of old")
        compute_them(places)

        assert_figures_are_right(places)


@property_of
@given(history=histories)
def test_a_second_run_changes_nothing(places: list[PlacePage], history: list[Check]) -> None:
    with Example():
        make_history(places[0], history)
        compute_them(places)
        tables = (PlaceDay, HourSales, DishSales, OrganisationDay, PlaceStatistics, OrganisationStatistics)
        standing = [list(table.objects.order_by("pk").values()) for table in tables]

        compute_them(places)

        assert [list(table.objects.order_by("pk").values()) for table in tables] == standing
