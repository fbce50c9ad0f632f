"""The days of a period as bars of a chart: by day, and where those would be hairs, by week or by month.

A median of a longer stretch cannot be had from the medians of its days. So a week's bar is an honest other thing, said
beside the chart: the middle one of its days' medians. Numbers of checks are given a day, so that a week cut off by the
period's end stands as high as the others.
"""

import datetime
import statistics
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import NamedTuple, Protocol

from analytics.charts import Bar
from analytics.wording import day_label, day_text, days_text, month_label, month_text
from menu_pages.money import rounded

# A chart a third of a screen wide has room for three pixels a day of a quarter, or a week of a year.
MOST_DAYS = 92
MOST_WEEKS = 54


class Facts(Protocol):
    """What a business day brought (`PlaceDay`, `OrganisationDay`)."""

    day: datetime.date
    orders: int
    median_check: Decimal
    median_dishes: Decimal


class Step(Enum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Stretch(NamedTuple):
    """The days under one bar; a day without orders has no facts."""

    first: datetime.date
    last: datetime.date
    days: Sequence[Facts]


def step_for(days: int) -> Step:
    if days <= MOST_DAYS:
        return Step.DAY
    return Step.WEEK if days <= MOST_WEEKS * 7 else Step.MONTH


def stretches(facts: Iterable[Facts], first: datetime.date, last: datetime.date, step: Step) -> list[Stretch]:
    """The period cut into steps, those without orders included."""
    known = {fact.day: fact for fact in facts}
    days = [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]
    found = []
    for _start, group in groupby(days, key=_beginning(step)):
        own = list(group)
        found.append(Stretch(own[0], own[-1], [known[day] for day in own if day in known]))
    return found


def _beginning(step: Step) -> Callable[[datetime.date], datetime.date]:
    if step is Step.DAY:
        return lambda day: day
    if step is Step.WEEK:
        return lambda day: day - datetime.timedelta(days=day.weekday())
    return lambda day: day.replace(day=1)


def middle(values: Iterable[Decimal]) -> Decimal | None:
    """The median, halves up; None of nothing."""
    found = list(values)
    return rounded(Decimal(statistics.median(found))) if found else None


def average(values: Iterable[int]) -> Decimal | None:
    found = list(values)
    return (Decimal(sum(found)) / len(found)).quantize(Decimal("0.1")) if found else None


def bar_of(
    stretch: Stretch,
    step: Step,
    value: Decimal | int | None,
    show: Callable[[Decimal | int], str],
    checks_in_words: Callable[[int], str] | None,
) -> Bar:
    """The bar of a stretch; how many checks it stands for is said besides, unless that is its value."""
    names = {
        Step.DAY: lambda: (day_text(stretch.first), day_label(stretch.first)),
        Step.WEEK: lambda: (days_text(stretch.first, stretch.last), day_label(stretch.first)),
        Step.MONTH: lambda: (month_text(stretch.first), month_label(stretch.first)),
    }
    name, label = names[step]()
    checks = sum(fact.orders for fact in stretch.days)
    text = "—" if value is None else show(value)
    return Bar(stretch.first, value, text, name, label, checks, checks_in_words(checks) if checks_in_words else "")
