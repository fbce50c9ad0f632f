"""Heat map, sizes of checks, funnel, waiting, ratings: small data counted by hand."""

import datetime
from decimal import Decimal

import pytest

from analytics.models import Measure, VisitDay
from analytics.reports import check_sizes, funnel, heat_map, ratings, spread, turnover
from analytics.reports.check_sizes import Bin, round_step
from analytics.reports.heat_map import HourRow, business_hours
from analytics.reports.ratings import Score
from analytics.reports.spans import Span
from analytics.reports.turnover import TableTurns, TallyRow, Wait

MONDAY = datetime.date(2026, 3, 2)
WEEK = Span(MONDAY, MONDAY + datetime.timedelta(days=6))


def test_the_middle_of_counted_values() -> None:
    assert spread.median({5: 1, 7: 1}) == Decimal("6.00")
    assert spread.median({5: 2, 7: 1}) == Decimal("5.00")
    assert spread.median({Decimal("0.01"): 1, Decimal("0.02"): 1}) == Decimal("0.02")
    assert spread.median({}) is None
    assert spread.reached_by({1: 9, 100: 1}, Decimal("0.9")) == 1
    assert spread.reached_by({1: 8, 50: 1, 100: 1}, Decimal("0.9")) == 50
    assert spread.average({4: 1, 5: 3}) == Decimal("4.75")


def test_a_cell_is_an_average_of_open_days() -> None:
    rows = [HourRow(1, 12, 5, Decimal(1000)), HourRow(1, 14, 1, Decimal(100)), HourRow(5, 12, 1, Decimal(301))]

    found = heat_map.heat_map(rows, {1: 2, 5: 1}, first_hour=0)

    monday, tuesday, friday = (found.weekdays[number] for number in (0, 1, 4))
    assert found.hours == [12, 13, 14]
    assert (monday.orders, monday.orders_a_day, monday.open_days) == (
        [Decimal("2.5"), Decimal(0), Decimal("0.5")],
        Decimal(3),
        2,
    )
    assert (monday.revenue, monday.revenue_a_day) == ([Decimal(500), Decimal(0), Decimal(50)], Decimal(550))
    assert (tuesday.orders, tuesday.orders_a_day, tuesday.open_days) == ([None, None, None], None, 0)
    assert friday.orders == [Decimal(1), Decimal(0), Decimal(0)]


def test_a_bars_night_comes_after_its_evening() -> None:
    assert business_hours({22, 1}, first_hour=5) == [22, 23, 0, 1]
    assert business_hours({22, 1}, first_hour=0) == list(range(1, 23))
    assert business_hours(set(), first_hour=0) == []


@pytest.mark.parametrize(
    ("least", "step"), [("0", 1), ("0.4", 1), ("1.1", 2), ("2.2", 3), ("30", 50), ("101", 200), ("240", 250)]
)
def test_steps_are_round(least: str, step: int) -> None:
    assert round_step(Decimal(least)) == Decimal(step)


def test_bins_hold_every_check_once() -> None:
    counts = {Decimal(0): 2, Decimal("99.99"): 1, Decimal(100): 3, Decimal("999.99"): 94, Decimal(50_000): 1}

    found = check_sizes.check_sizes(counts)

    assert sum(one.checks for one in found.bins) == found.checks == 101
    assert found.bins[0] == Bin(Decimal(0), Decimal(100), 3)
    assert found.bins[1] == Bin(Decimal(100), Decimal(200), 3)
    assert found.bins[-1] == Bin(Decimal(1000), None, 1)
    assert len(found.bins) == 11
    assert found.median == Decimal("999.99")


def test_bins_are_few_whatever_was_sold() -> None:
    for counts in ({Decimal(0): 3}, {Decimal("0.01"): 1}, {Decimal(10) ** power: 1 for power in range(9)}):
        found = check_sizes.check_sizes(counts)

        assert 1 <= len(found.bins) <= 12
        assert sum(one.checks for one in found.bins) == len(counts) or found.checks == 3
    assert check_sizes.check_sizes({}).bins == []


def visits(back: int, theme: str, *reached: int) -> VisitDay:
    return VisitDay(
        day=WEEK.last - datetime.timedelta(days=back), theme=theme, **dict(zip(funnel.STEPS, reached, strict=True))
    )


def test_the_funnel_adds_up_by_day_and_by_theme() -> None:
    rows = [visits(0, "bar", 10, 9, 8, 6, 5), visits(1, "bar", 4, 4, 2, 1, 0), visits(1, "classic", 20, 10, 8, 6, 4)]

    found = funnel.funnel(WEEK, rows)

    assert found.reached == (34, 23, 18, 13, 9)
    assert found.themes == [("classic", (20, 10, 8, 6, 4)), ("bar", (14, 13, 10, 7, 5))]
    assert [reached for _part, reached in found.stretches][-2:] == [(24, 14, 10, 7, 4), (10, 9, 8, 6, 5)]
    steps = funnel.section(found, str.title).tables[0]
    assert [[value.value for value in row[1:]] for row in steps.rows][:2] == [
        [34, Decimal(1), None],
        [23, Decimal(23) / 34, Decimal(23) / 34],
    ]


def test_nobody_came_leads_to_the_codes() -> None:
    found = funnel.section(funnel.funnel(WEEK, []), str)

    assert (found.empty, found.next_step.value) == ("Nobody has scanned a table’s code in these days.", "codes")


def test_tables_turn_over_and_orders_wait() -> None:
    rows = [
        TallyRow(Measure.AT_TABLE, "10", 60, 2),
        TallyRow(Measure.AT_TABLE, "2", 30, 1),
        TallyRow(Measure.AT_TABLE, "2", 40, 1),
        TallyRow(Measure.ACKNOWLEDGED, "", 20, 9),
        TallyRow(Measure.ACKNOWLEDGED, "", 300, 1),
        TallyRow(Measure.SCORE, "", 5, 3),
    ]

    found = turnover.turnover(rows, open_days=2)

    assert found.tables == [
        TableTurns("2", 2, Decimal("1.00"), Decimal("35.00")),
        TableTurns("10", 2, Decimal("1.00"), Decimal("60.00")),
    ]
    assert (found.seatings, found.seatings_a_day, found.median_minutes) == (4, Decimal("1.00"), Decimal("50.00"))
    assert found.acknowledged == Wait(10, Decimal("20.00"), 20)
    assert found.served == Wait(0, None, None)


def test_ratings_by_week() -> None:
    span = Span(MONDAY - datetime.timedelta(days=16), MONDAY)
    scores = [
        Score(MONDAY - datetime.timedelta(days=7), 5, 2),
        Score(MONDAY - datetime.timedelta(days=7), 2, 1),
        Score(MONDAY, 4, 1),
    ]

    found = ratings.ratings(span, scores)

    assert (found.ratings, found.average) == (4, Decimal("4.00"))
    assert found.shares == {5: 2, 4: 1, 3: 0, 2: 1, 1: 0}
    assert [(week.span.first, week.ratings, week.average) for week in found.weeks] == [
        (MONDAY - datetime.timedelta(days=7), 3, Decimal("4.00")),
        (MONDAY, 1, Decimal("4.00")),
    ]
