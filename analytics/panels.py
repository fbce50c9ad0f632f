"""The charts of the moderator's home screen: rows of the statistics in, charts out; no query, no clock.

Three metrics, each in a hue of its own, by three things: the period's days, the weekdays, the tables (of several places
together: the places).
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts import Bar, Chart, natural
from analytics.counting import how_counted
from analytics.day_bars import Facts, Step, Stretch, average, bar_of, middle, step_for, stretches
from analytics.wording import (
    WEEKDAYS,
    money_text,
    number_text,
    share_text,
    weekday_label,
    weekday_text,
)
from menu_pages.money import SIGNS

# Drawn; the others stand in the table behind.
MOST_TABLES = 20
# What an imported order without a table is counted under.
NO_TABLE = ""


@dataclass(frozen=True)
class Sales:
    """The figures of one period of a place, or of an organisation's places of one currency.

    `places` maps slugs to titles and is given for several places together; `figures` is one of the periods of the
    statistics' JSON, `days` the facts of the days from `first` to `last`.
    """

    figures: Mapping[str, Any]
    days: Sequence[Facts]
    first: datetime.date
    last: datetime.date
    currency: str
    places: Mapping[str, str] | None = None

    @property
    def checks(self) -> int:
        return int(self.figures["orders"])

    @property
    def together(self) -> str:
        """What stands where a place has its tables."""
        return "by_table" if self.places is None else "by_place"


class Metric(NamedTuple):
    key: str
    figure: str
    title: Callable[[], str]
    axis: Callable[[], str]
    of_day: Callable[[Facts], Decimal | int]

    def axis_in(self, currency: str) -> str:
        """The axis' title; of money with the currency's sign."""
        return self.axis() % {"currency": SIGNS.get(currency, currency)}


METRICS = (
    Metric(
        "median-check",
        "median_check",
        lambda: _("Median check"),
        lambda: _("Median check, %(currency)s"),
        lambda fact: fact.median_check,
    ),
    Metric(
        "dishes",
        "median_dishes",
        lambda: _("Dishes per order"),
        lambda: _("Dishes, median"),
        lambda fact: fact.median_dishes,
    ),
    Metric("checks", "checks", lambda: _("Number of checks"), lambda: _("Number of checks"), lambda fact: fact.orders),
)
CHARTS = tuple(f"{metric.key}-{by}" for metric in METRICS for by in ("by-day", "by-weekday", "by-table"))


class Row(NamedTuple):
    title: str
    hue: str
    charts: Sequence[Chart]


class Dish(NamedTuple):
    title: str
    quantity: int
    quantity_text: str
    # Of the best-selling one's, in hundredths: how long the bar is.
    width: int
    revenue: Decimal
    revenue_text: str
    share_text: str


def rows_of_charts(sales: Sales) -> list[Row]:
    """Three rows of three charts."""
    return [
        Row(metric.title(), metric.key, [_by_day(metric, sales), _by_weekday(metric, sales), _by_table(metric, sales)])
        for metric in METRICS
    ]


def chart_of(key: str, sales: Sales) -> Chart | None:
    """The chart of that key with every day a bar of its own: what its file holds."""
    for metric in METRICS:
        if key == f"{metric.key}-by-day":
            return _by_day(metric, sales, Step.DAY)
        if key == f"{metric.key}-by-weekday":
            return _by_weekday(metric, sales)
        if key == f"{metric.key}-by-table":
            return _by_table(metric, sales)
    return None


def best_dishes(sales: Sales) -> list[Dish]:
    """The ten best-selling dishes, as the nightly run has put them in order."""
    rows = sales.figures["top_dishes"]
    most = max((int(row["quantity"]) for row in rows), default=1)
    whole = Decimal(sales.figures["revenue"])
    return [
        Dish(
            title=row["title"],
            quantity=int(row["quantity"]),
            quantity_text=number_text(int(row["quantity"])),
            width=max(1, round(100 * int(row["quantity"]) / most)),
            revenue=Decimal(row["revenue"]),
            revenue_text=money_text(Decimal(row["revenue"]), sales.currency),
            share_text=share_text(Decimal(row["revenue"]), whole),
        )
        for row in rows
    ]


def checks_in_words(count: int) -> str:
    return ngettext("%(count)s check", "%(count)s checks", count) % {"count": number_text(count)}


def _shown(metric: Metric, currency: str) -> Callable[[Decimal | int], str]:
    if metric.key == "median-check":
        return lambda value: money_text(Decimal(value), currency)
    return number_text


def _value(metric: Metric, raw: Any) -> Decimal | int | None:
    """A figure as the statistics' JSON keeps it."""
    if raw is None:
        return None
    return int(raw) if metric.key == "checks" else Decimal(str(raw))


def _by_day(metric: Metric, sales: Sales, step: Step | None = None) -> Chart:
    step = step or step_for((sales.last - sales.first).days + 1)
    show = _shown(metric, sales.currency)
    counts = metric.key == "checks"

    def value(stretch: Stretch) -> Decimal | int | None:
        if counts and step is not Step.DAY:
            return average(fact.orders for fact in stretch.days)
        values = [metric.of_day(fact) for fact in stretch.days]
        if step is Step.DAY:
            return values[0] if values else (0 if counts else None)
        return middle(Decimal(found) for found in values)

    said_besides = None if counts and step is Step.DAY else checks_in_words
    found = stretches(sales.days, sales.first, sales.last, step)
    bars = [bar_of(stretch, step, value(stretch), show, said_besides) for stretch in found]
    overall = _value(metric, sales.figures[metric.figure]["overall"])
    line = average(fact.orders for fact in sales.days) if counts else overall
    titles = {Step.DAY: _("By day"), Step.WEEK: _("By week"), Step.MONTH: _("By month")}
    axes = {Step.DAY: _("day"), Step.WEEK: _("week"), Step.MONTH: _("month")}
    return Chart(
        key=f"{metric.key}-by-day",
        title=titles[step],
        hue=metric.key,
        bars=bars,
        rows=[bar for bar in bars if bar.value is not None],
        columns=_columns(axes[step], metric, sales, a_day=counts and step is not Step.DAY),
        x_title=axes[step],
        y_title=_("Checks a day, on average") if counts and step is not Step.DAY else metric.axis_in(sales.currency),
        number="—" if overall is None else show(overall),
        number_note=_number_note(metric, sales),
        line=None if line is None else Decimal(line),
        line_note=_line_note(metric, line),
        how_counted=how_counted(metric.key, step.value),
    )


def _by_weekday(metric: Metric, sales: Sales) -> Chart:
    found = sales.figures[metric.figure]["by_weekday"]
    checks = sales.figures["checks"]["by_weekday"]
    bars = [
        _bar(metric, sales, number, weekday_text(number), weekday_label(number), found, checks) for number in WEEKDAYS
    ]
    return Chart(
        key=f"{metric.key}-by-weekday",
        title=_("By weekday"),
        hue=metric.key,
        bars=bars,
        rows=[bar for bar in bars if bar.value is not None],
        columns=_columns(_("weekday"), metric, sales),
        x_title=_("weekday"),
        y_title=metric.axis_in(sales.currency),
        summary=_highest_and_lowest(bars),
        how_counted=how_counted(metric.key, "weekday"),
    )


def _by_table(metric: Metric, sales: Sales) -> Chart:
    found = sales.figures[metric.figure][sales.together]
    checks = sales.figures["checks"][sales.together]
    keys = sorted(found, key=lambda key: natural(_table_text(sales, key)))
    everything = [
        _bar(metric, sales, key, _table_text(sales, key), _table_label(sales, key), found, checks) for key in keys
    ]
    busiest = sorted(everything, key=lambda bar: -(bar.checks or 0))[:MOST_TABLES]
    drawn = {bar.key for bar in busiest}
    bars = [bar for bar in everything if bar.key in drawn]
    by_place = sales.places is not None
    axis = _("place") if by_place else _("table")
    return Chart(
        key=f"{metric.key}-by-table",
        title=_("By place") if by_place else _("By table"),
        hue=metric.key,
        bars=bars,
        rows=everything,
        columns=_columns(axis, metric, sales),
        x_title=axis,
        y_title=metric.axis_in(sales.currency),
        summary=_highest_and_lowest(bars) if len(bars) == len(everything) else _busiest(len(bars), len(everything)),
        how_counted=how_counted(metric.key, "place" if by_place else "table"),
    )


def _bar(
    metric: Metric,
    sales: Sales,
    key: Any,
    name: str,
    label: str,
    found: Mapping[str, Any],
    checks: Mapping[str, int],
) -> Bar:
    value = _value(metric, found.get(str(key)))
    count = int(checks.get(str(key), 0))
    text = "—" if value is None else _shown(metric, sales.currency)(value)
    return Bar(key, value, text, name, label, count, "" if metric.key == "checks" else checks_in_words(count))


def _table_text(sales: Sales, key: str) -> str:
    if sales.places is not None:
        return sales.places.get(key, key)
    if key == NO_TABLE:
        return _("Without a table")
    return _("Table %(number)s") % {"number": key} if key.isdecimal() else key


def _table_label(sales: Sales, key: str) -> str:
    return sales.places.get(key, key) if sales.places is not None else key or "—"


def _columns(first: str, metric: Metric, sales: Sales, *, a_day: bool = False) -> list[str]:
    """The heads of the table behind: what the bars stand for, their values, how many checks these are of."""
    first = first[:1].upper() + first[1:]
    if metric.key == "checks":
        return (
            [first, _("Checks a day, on average"), _("Number of checks")] if a_day else [first, _("Number of checks")]
        )
    return [first, metric.axis_in(sales.currency), _("Number of checks")]


def _number_note(metric: Metric, sales: Sales) -> str:
    if metric.key == "checks":
        return _("in all")
    count = sales.checks
    if metric.key == "median-check":
        words = ngettext("the median of %(count)s check", "the median of %(count)s checks", count)
    else:
        words = ngettext("the median of %(count)s order", "the median of %(count)s orders", count)
    return words % {"count": number_text(count)}


def _line_note(metric: Metric, line: Decimal | int | None) -> str:
    if line is None:
        return ""
    if metric.key == "checks":
        return _("%(count)s a day on average") % {"count": number_text(line)}
    return _("the period’s median")


def _highest_and_lowest(bars: Iterable[Bar]) -> list[str]:
    known = [bar for bar in bars if bar.value is not None]
    if len(known) < 2:
        return []
    values = [bar.value for bar in known if bar.value is not None]
    if max(values) == min(values):
        return [_("The same everywhere: %(value)s") % {"value": known[0].text}]
    return [
        _("Highest: %(what)s") % {"what": _which(known, max(values))},
        _("Lowest: %(what)s") % {"what": _which(known, min(values))},
    ]


def _which(bars: Iterable[Bar], value: Decimal | int) -> str:
    """The bars of that height by their names, or when many share it the height alone."""
    found = [bar for bar in bars if bar.value == value]
    names = [bar.name for bar in found] if len(found) < 3 else []
    return ", ".join([*names, found[0].text])


def _busiest(drawn: int, of: int) -> list[str]:
    words = {"drawn": number_text(drawn), "of": number_text(of)}
    return [_("The %(drawn)s with the most checks of %(of)s; the others are in the table.") % words]
