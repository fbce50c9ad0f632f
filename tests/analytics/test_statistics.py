"""The room itself and its doors: the command, and a history that has come."""

import datetime
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scope import no_scope
from analytics import statistics
from analytics.models import DishSales, OrganisationStatistics, PlaceDay, PlaceStatistics
from analytics.resting import at_rest
from analytics.statistics import compute
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from menu_pages.provisioning import create_place
from orders.models import Order
from orders.signals import order_history_changed
from tests.analytics.recount import recount
from tests.factories.guests import Guest, ordered
from tests.factories.histories import Check, Line, make_history
from tests.factories.menus import make_place
from tests.factories.people import make_user

NOON = datetime.datetime.fromisoformat("2026-06-08 12:00")
MORNING = datetime.date(2026, 6, 9)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menu_pages.pieces.PAUSE_SECONDS", 0)


def sold(place: PlacePage, *prices: str, at: datetime.datetime = NOON) -> list[Order]:
    """An order for each of the prices."""
    return make_history(place, [Check(at, [Line("Ёлка", price=price)], table="Веранда") for price in prices])


def printed(*arguments: str) -> Any:
    out = StringIO()
    with no_scope():
        call_command("compute_statistics", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def told(*arguments: str) -> list[str]:
    out = StringIO()
    with no_scope():
        call_command("compute_statistics", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_figures_of_one_place(place_a: PlacePage) -> None:
    sold(place_a, "100", "100.05")

    figures = printed("--place", "teahouse", "--as-of", "2026-06-09")

    row = PlaceStatistics.objects.get()
    assert list(figures) == ["place", "currency", "computed_at", "periods"]
    assert (figures["place"], figures["currency"]) == ("teahouse", "RUB")
    assert datetime.datetime.fromisoformat(figures["computed_at"]) == row.computed_at
    assert list(figures["periods"]) == ["all", "365", "90", "30", "7"]
    assert figures["periods"] == row.figures
    assert figures["periods"]["7"] == {
        "orders": 2,
        "revenue": "200.05",
        # 100.025, halves up.
        "median_check": {"overall": "100.03", "by_weekday": {"1": "100.03"}, "by_table": {"Веранда": "100.03"}},
        "median_dishes": {"overall": 1, "by_weekday": {"1": 1}, "by_table": {"Веранда": 1}},
        "checks": {"overall": 2, "by_weekday": {"1": 2}, "by_table": {"Веранда": 2}},
        "top_dishes": [{"title": "Ёлка", "quantity": 2, "revenue": "200.05"}],
    }


def test_a_period_without_orders(place_a: PlacePage) -> None:
    figures = printed("--place", "teahouse")

    nothing = {"overall": None, "by_weekday": {}, "by_table": {}}
    assert figures["periods"]["all"] == {
        "orders": 0,
        "revenue": "0.00",
        "median_check": nothing,
        "median_dishes": nothing,
        "checks": {**nothing, "overall": 0},
        "top_dishes": [],
    }


def test_all_places_are_a_list_by_address(place_a: PlacePage, place_b: PlacePage) -> None:
    sold(place_b, "9.50")

    figures = printed("--as-of", "2026-06-09")

    assert [(one["place"], one["periods"]["all"]["orders"]) for one in figures] == [("pizzeria", 1), ("teahouse", 0)]
    # Nobody has ever ordered at the other.
    assert [row.place for row in PlaceStatistics.objects.all()] == [place_b]


def test_in_words(place_a: PlacePage, place_b: PlacePage) -> None:
    sold(place_b, "9.50")

    assert told("--as-of", "2026-06-09") == [
        "pizzeria, morning of 2026-06-09: 1 orders, revenue 9.50 GBP, median check 9.50",
        "teahouse, morning of 2026-06-09: 0 orders, revenue 0.00 RUB, median check none",
    ]


def test_letters_are_printed_as_they_are(place_a: PlacePage) -> None:
    sold(place_a, "100")
    out = StringIO()

    call_command("compute_statistics", "--place", "teahouse", "--json", stdout=out)

    assert '"Ёлка"' in out.getvalue()


@pytest.mark.parametrize("arguments", [("--place", "nowhere"), ("--as-of", "yesterday")])
def test_what_cannot_be_counted_is_refused(place_a: PlacePage, arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match=arguments[1]):
        told(*arguments)

    assert PlaceStatistics.objects.count() == 0


def test_today_is_not_counted_until_its_morning_after(guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    tomorrow = guest.place.record.local_now().date() + DAY

    now, then = printed("--place", "teahouse"), printed("--place", "teahouse", "--as-of", str(tomorrow))

    assert (now["periods"]["all"]["orders"], then["periods"]["all"]["orders"]) == (0, 1)
    assert then["periods"]["7"]["top_dishes"] == [{"title": "Borshch", "quantity": 1, "revenue": "390.00"}]
    # A morning that has not come is told, and not written down.
    assert [row.day for row in PlaceStatistics.objects.all()] == [tomorrow - DAY]


def test_the_same_again_keeps_its_time(place_a: PlacePage) -> None:
    sold(place_a, "100")
    first = printed("--place", "teahouse", "--as-of", "2026-06-09")

    again = printed("--place", "teahouse", "--as-of", "2026-06-09")

    assert again == first
    assert PlaceStatistics.objects.count() == 1


def test_a_place_at_rest_is_told_by_its_last_row(place_a: PlacePage) -> None:
    sold(place_a, "100", at=NOON.replace(year=2024))
    records = list(PlaceRecord.objects.all())
    assert at_rest(records, morning=MORNING) == []
    compute(records, morning=MORNING)

    (known,) = at_rest(records, morning=MORNING + DAY)

    assert known.figures == recount(place_a, MORNING + DAY)
    (figures,) = printed("--as-of", str(MORNING + DAY))
    assert figures["periods"] == known.figures
    assert [row.day for row in PlaceStatistics.objects.all()] == [MORNING]


def test_a_place_that_sold_within_a_year_is_not_at_rest(place_a: PlacePage) -> None:
    sold(place_a, "100")
    compute([place_a.record], morning=MORNING)

    assert at_rest([place_a.record], morning=MORNING + DAY * 366) == []


def test_a_history_that_has_come_is_counted_at_once(place_a: PlacePage) -> None:
    sold(place_a, "100", "300")

    with no_scope():
        order_history_changed.send(PlacePage, place_id=place_a.pk)

    row = PlaceStatistics.objects.get()
    assert row.day == place_a.record.local_now().date()
    assert row.figures["all"]["median_check"]["overall"] == "200.00"


def test_a_history_taken_back_leaves_nothing(place_a: PlacePage) -> None:
    orders = sold(place_a, "100")
    order_history_changed.send(PlacePage, place_id=place_a.pk)
    for order in orders:
        order.lines.all().delete()
        order.delete()

    order_history_changed.send(PlacePage, place_id=place_a.pk)

    assert PlaceStatistics.objects.get().figures == recount(place_a, MORNING)
    assert (PlaceDay.objects.count(), DishSales.objects.count()) == (0, 0)


def test_all_places_together(place_a: PlacePage) -> None:
    bar = create_place(organisation=place_a.record.organisation, title="Bar", currency="RUB")
    sold(place_a, "100", "200")
    sold(bar, "1000")

    compute([place_a.record, bar.record], morning=MORNING)

    figures = OrganisationStatistics.objects.get(currency="RUB").figures["7"]
    assert figures["median_check"]["overall"] == "200.00"
    assert figures["median_check"]["by_place"] == {"bar": "1000.00", "teahouse": "150.00"}
    assert figures["top_dishes"] == [{"title": "Ёлка", "quantity": 3, "revenue": "1300.00"}]


@pytest.mark.faults  # SQLite counts its places one by one, and takes any number for money.
def test_a_place_that_cannot_be_counted_keeps_no_other_from_theirs(
    place_a: PlacePage, place_b: PlacePage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sold(place_a, "100")
    broken = sold(place_b, "100")
    # More than a day's revenue may be.
    Order.objects.filter(pk__in=[order.pk for order in broken]).update(total=Decimal("9999999999.99"))
    for number in range(120):
        order = broken[0]
        order.pk, order.public_id, order.idempotency_key = None, f"copy-{number}", f"copy-{number}"
        order.number, order.visit = 100 + number, broken[0].visit
        order.total = Decimal("9999999999.99")
        order.save()

    computed = compute([place_a.record, place_b.record], morning=MORNING)

    assert [one.record for one in computed] == [place_a.record]
    assert f"place {place_b.pk}" in caplog.text
    with pytest.raises(CommandError, match="1 of 2"):
        told("--as-of", str(MORNING))


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_places_costs_the_same_queries(
    place_a: PlacePage, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "PLACES_AT_ONCE_SQLITE", statistics.PLACES_AT_ONCE)
    places = [place_a, *(make_place(make_user(f"{n}@example.com"), f"Place {n}") for n in range(1, count))]
    for place in places:
        sold(place, "100")
    records = list(PlaceRecord.objects.all())

    with CaptureQueriesContext(connection) as queries:
        compute(records, morning=MORNING)

    assert len(queries) == (28 if connection.vendor == "postgresql" else 24)
