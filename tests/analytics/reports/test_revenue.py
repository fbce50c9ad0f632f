"""Revenue against the same weekdays before, by hand."""

import datetime
from decimal import Decimal

from analytics.models import PlaceDay
from analytics.reports.revenue import Compared, revenue, section
from analytics.reports.spans import SHIFTS, Span, Step, cut, step_of

MONDAY = datetime.date(2026, 3, 2)
WEEK = Span(MONDAY, MONDAY + datetime.timedelta(days=6))


def day(back: int, revenue: int, orders: int = 1) -> PlaceDay:
    return PlaceDay(
        day=WEEK.last - datetime.timedelta(days=back),
        revenue=Decimal(revenue),
        orders=orders,
        items=2 * orders,
        guests=orders,
    )


def test_the_days_compared_are_the_same_weekdays() -> None:
    assert {key: days % 7 for key, days in SHIFTS.items()} == {"7": 0, "30": 0, "90": 0, "365": 0}
    assert SHIFTS["365"] == 364
    assert all(SHIFTS[key] >= int(key) for key in ("7", "30", "90"))


def test_a_figure_is_compared_in_all_and_like_for_like() -> None:
    """Sunday was closed a week before: it counts in all, and not like for like."""
    days = [day(back, 100, 2) for back in range(4)] + [day(8, 80, 1), day(9, 60, 1), day(10, 60, 2)]

    found = revenue(WEEK, 7, days, {Decimal(50): 8}, {Decimal(40): 3, Decimal(60): 1})

    assert found.earlier == Span(datetime.date(2026, 2, 23), datetime.date(2026, 3, 1))
    assert found.days_alike == 3
    assert found.figures == [
        Compared("revenue", Decimal(400), Decimal(200), Decimal(1), Decimal("0.5")),
        Compared("orders", Decimal(8), Decimal(4), Decimal(1), Decimal("0.5")),
        Compared("median_check", Decimal("50.00"), Decimal("40.00"), Decimal("0.25"), None),
        Compared("items", Decimal(16), Decimal(8), Decimal(1), Decimal("0.5")),
        Compared("guests", Decimal(8), Decimal(4), Decimal(1), Decimal("0.5")),
    ]


def test_each_step_stands_beside_the_same_weekday() -> None:
    found = revenue(WEEK, 7, [day(0, 100), day(7, 80)], {Decimal(100): 1}, {Decimal(80): 1})

    assert len(found.stretches) == 7
    last = found.stretches[-1]
    assert (last.span, last.revenue, last.before) == (Span(WEEK.last, WEEK.last), Decimal(100), Decimal(80))


def test_too_few_days_before_are_not_compared() -> None:
    """A place that opened five days before the month it is asked about."""
    days = [day(back, 100) for back in range(7)] + [day(back, 100) for back in (7, 8, 9)]

    found = revenue(WEEK, 7, days, {Decimal(100): 7}, {Decimal(100): 3})

    assert found.earlier is None
    assert {figure.before for figure in found.figures} == {None}
    assert section(found).tables[1].note == "The time before has too few days with orders to be compared."
    assert [table.columns for table in section(found).tables] == [["Days", "Revenue"], ["Figure", "Now"]]


def test_all_time_is_compared_with_nothing() -> None:
    assert revenue(WEEK, None, [day(0, 100)], {Decimal(100): 1}, {}).earlier is None


def test_nothing_sold_leads_to_the_first_orders() -> None:
    found = section(revenue(WEEK, 7, [], {}, {}))

    assert (found.empty, found.next_step.value) == ("Nothing was sold in these days.", "first orders")
    assert not found.tables


def test_longer_spans_are_cut_in_longer_steps() -> None:
    year = Span(datetime.date(2025, 3, 5), datetime.date(2026, 3, 4))

    assert step_of(Span(MONDAY, MONDAY + datetime.timedelta(days=30))) is Step.DAY
    assert step_of(year) is Step.WEEK
    weeks = list(cut(year, Step.WEEK))
    months = list(cut(year, Step.MONTH))
    assert (weeks[0], weeks[-1].last) == (Span(year.first, datetime.date(2025, 3, 9)), year.last)
    assert {week.first.weekday() for week in weeks[1:]} == {0}
    assert (len(months), months[0].last, months[-1].first) == (
        13,
        datetime.date(2025, 3, 31),
        datetime.date(2026, 3, 1),
    )
    assert sum(month.days for month in months) == year.days == 365
