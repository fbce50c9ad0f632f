"""The charts of the home screen as pure functions: figures in, charts out."""

import datetime
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from plotly import graph_objects

from analytics.charts import MOST_ROWS, natural, shortened
from analytics.panels import CHARTS, MOST_TABLES, Sales, best_dishes, chart_of, rows_of_charts
from tests.factories.statistics import MORNING, period_figures


def facts(day: datetime.date, orders: int, check: str, dishes: str = "2.5") -> Any:
    return SimpleNamespace(day=day, orders=orders, median_check=Decimal(check), median_dishes=Decimal(dishes))


def sales(
    days: int = 30, *, known: list[Any] | None = None, figures: dict[str, Any] | None = None, **more: Any
) -> Sales:
    """A period of `days` before the morning, ten orders on each."""
    first = MORNING - datetime.timedelta(days=days)
    every = [facts(first + datetime.timedelta(days=number), 10, "1250.50") for number in range(days)]
    return Sales(
        figures=figures or period_figures(days),
        days=every if known is None else known,
        first=first,
        last=MORNING - datetime.timedelta(days=1),
        currency="RUB",
        **more,
    )


def chart(key: str, found: Sales) -> Any:
    return {one.key: one for row in rows_of_charts(found) for one in row.charts}[key]


def test_there_are_three_rows_of_three_charts_with_a_hue_each() -> None:
    rows = rows_of_charts(sales())

    assert tuple(one.key for row in rows for one in row.charts) == CHARTS
    assert [row.title for row in rows] == ["Median check", "Dishes per order", "Number of checks"]
    assert [[one.title for one in row.charts] for row in rows] == [["By day", "By weekday", "By table"]] * 3
    assert [{one.hue for one in row.charts} for row in rows] == [{"median-check"}, {"dishes"}, {"checks"}]


@pytest.mark.parametrize("days", [1, 7, 30, 365, 1460])
def test_plotly_takes_every_figure_and_it_is_small(days: int) -> None:
    for row in rows_of_charts(sales(days)):
        for one in row.charts:
            figure = graph_objects.Figure(one.figure)
            assert [trace.type for trace in figure.data] == ["bar"]
            assert "template" not in one.figure["layout"]
            assert len(json.dumps(one.figure)) < 16_000
    assert len(json.dumps(chart("checks-by-weekday", sales(days)).figure)) < 3_000


def test_a_months_days_are_bars_with_the_median_as_a_line_and_a_number() -> None:
    closed = MORNING - datetime.timedelta(days=2)
    days = [
        facts(MORNING - datetime.timedelta(days=3), 4, "900.00"),
        facts(MORNING - datetime.timedelta(days=1), 8, "1300.50"),
    ]

    found = chart("median-check-by-day", sales(3, known=days))

    assert [bar.value for bar in found.bars] == [Decimal("900.00"), None, Decimal("1300.50")]
    assert [bar.key for bar in found.rows] == [
        MORNING - datetime.timedelta(days=3),
        MORNING - datetime.timedelta(days=1),
    ]
    assert closed not in [bar.key for bar in found.rows]
    assert (found.number, found.number_note) == ("₽1,250.50", "the median of 30 checks")
    assert found.figure["layout"]["shapes"][0]["y0"] == 1250.5
    assert list(found.figure["data"][0]["y"]) == [900.0, None, 1300.5]
    assert found.bars[2].said == "<b>₽1,300.50</b><br>Thursday, 19 November 2026<br>8 checks"


def test_the_number_of_checks_is_a_sum_and_its_line_the_average_of_days_with_orders() -> None:
    days = [
        facts(MORNING - datetime.timedelta(days=3), 4, "900"),
        facts(MORNING - datetime.timedelta(days=1), 8, "1300"),
    ]

    found = chart("checks-by-day", sales(3, known=days))

    assert [bar.value for bar in found.bars] == [4, 0, 8]
    assert (found.number, found.line, found.line_note) == ("30", Decimal("6.0"), "6 a day on average")


@pytest.mark.parametrize(
    ("days", "title", "bars"), [(92, "By day", 92), (93, "By week", 14), (365, "By week", 53), (1460, "By month", 49)]
)
def test_a_long_periods_days_are_drawn_by_week_and_by_month(days: int, title: str, bars: int) -> None:
    found = chart("checks-by-day", sales(days))

    assert (found.title, len(found.bars)) == (title, bars)
    # A week cut off by the period's end stands as high as the others.
    assert {bar.value for bar in found.bars} == {10}


def test_a_weeks_bar_is_the_middle_one_of_its_days_medians_and_the_file_has_every_day() -> None:
    monday = datetime.date(2026, 11, 9)
    days = [
        facts(monday + datetime.timedelta(days=number), 1, value)
        for number, value in enumerate(("100", "900", "150.5"))
    ]
    found = sales(120, known=days)

    bars = [bar for bar in chart("median-check-by-day", found).bars if bar.value is not None]
    (bar,) = bars
    file = chart_of("median-check-by-day", found)

    assert (bar.value, bar.name, bar.checks) == (Decimal("150.50"), "9 November – 15 November 2026", 3)
    assert file is not None
    assert [row.value for row in file.rows] == [Decimal(100), Decimal(900), Decimal("150.5")]


def test_weekdays_begin_with_monday_and_those_without_orders_are_left_empty() -> None:
    figures = period_figures()
    del figures["median_check"]["by_weekday"]["2"]
    del figures["checks"]["by_weekday"]["2"]

    found = chart("median-check-by-weekday", sales(figures=figures))

    assert [bar.label for bar in found.bars] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert found.bars[1].value is None
    assert [bar.name for bar in found.rows] == ["Monday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert found.summary == ["Highest: Sunday, ₽1,400", "Lowest: Monday, ₽1,100"]


def test_tables_stand_in_natural_order() -> None:
    figures = period_figures(tables=("10", "2", "Terrace 12", "Terrace 3", "1", ""))

    found = chart("median-check-by-table", sales(figures=figures))

    names = ["Table 1", "Table 2", "Table 10", "Terrace 3", "Terrace 12", "Without a table"]
    assert sorted(bar.name for bar in found.bars) == sorted(names)
    assert [bar.name for bar in found.bars if bar.key] == names[:-1]
    assert [bar.label for bar in found.bars if bar.key] == ["1", "2", "10", "Terrace 3", "Terrace 12"]


def test_of_many_tables_the_busiest_are_drawn_and_all_are_in_the_table() -> None:
    many = tuple(str(number) for number in range(1, 61))

    found = chart("checks-by-table", sales(figures=period_figures(tables=many)))

    assert [bar.key for bar in found.bars] == [str(number) for number in range(61 - MOST_TABLES, 61)]
    assert len(found.table_rows) == 60
    assert found.summary == ["The 20 with the most checks of 60; the others are in the table."]


def test_a_table_behind_is_bounded_too() -> None:
    many = tuple(str(number) for number in range(MOST_ROWS + 7))

    found = chart("checks-by-table", sales(figures=period_figures(tables=many)))

    assert (len(found.table_rows), found.more_rows, len(found.rows)) == (MOST_ROWS, 7, MOST_ROWS + 7)


def test_places_together_stand_where_a_place_has_tables() -> None:
    figures = period_figures(tables=("bar", "teahouse"), by="by_place")

    found = chart(
        "median-check-by-table", sales(figures=figures, places={"bar": "Bar «Night»", "teahouse": "Teahouse"})
    )

    assert (found.title, [bar.name for bar in found.bars]) == ("By place", ["Bar «Night»", "Teahouse"])


def test_what_is_said_is_never_markup() -> None:
    figures = period_figures(tables=("<b onmouseover=alert(1)>",))

    found = chart("checks-by-table", sales(figures=figures))

    assert "<b onmouseover" not in json.dumps(found.figure)
    assert found.figure["layout"]["xaxis"]["ticktext"] == ["&lt;b onmous…"]


def test_values_and_weekdays_are_in_the_readers_language() -> None:
    with translation.override("ru"):
        found = chart("median-check-by-weekday", sales())
        whole = chart("median-check-by-day", sales())
        separators = found.figure["layout"]["separators"]

    assert [bar.label for bar in found.bars] == ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"]
    assert found.bars[0].text == "1\u202f100\u202f₽"
    assert separators == ",\u202f"
    assert whole.number == "1\u202f250,50\u202f₽"


def test_the_best_dishes_keep_their_order_with_their_share_of_the_revenue() -> None:
    found = best_dishes(sales(1, figures=period_figures(1)))

    assert [dish.title for dish in found] == [f"Dish {number}" for number in range(10)]
    assert (found[0].quantity, found[0].width, found[0].revenue_text) == (100, 100, "₽39,000")
    # Of 10 orders of 1250.
    assert found[0].share_text == "312\u202f%"
    assert found[9].width == 19


def test_of_many_equal_highest_bars_only_the_height_is_said() -> None:
    found = chart("dishes-by-weekday", sales())

    assert found.summary == ["Highest: Friday, Saturday, 3", "Lowest: 2"]


@pytest.mark.parametrize(
    ("label", "short"), [("7", "7"), ("Terrace 12", "Terrace 12"), ("By the window", "By the wi…")]
)
def test_long_labels_are_cut(label: str, short: str) -> None:
    assert shortened(label) == short


def test_the_natural_order_takes_any_text() -> None:
    assert sorted(["b", "10", "", "²", "a 10", "a 9", "9"], key=natural) == ["", "9", "10", "a 9", "a 10", "b", "²"]
