"""The days a report is about, the days they are compared with, and how they are cut into steps."""

import datetime
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

# How far back the days compared begin: whole weeks, so that a Monday stands beside a Monday; no less than the period,
# except for the year, whose usual 52 weeks share one day with it.
SHIFTS = {"7": 7, "30": 35, "90": 91, "365": 364}
MOST_DAYS, MOST_WEEKS = 31, 54
DAY = datetime.timedelta(days=1)


class Span(NamedTuple):
    """Days from `first` to `last`, both among them."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def earlier(self, days: int) -> "Span":
        shift = datetime.timedelta(days=days)
        return Span(self.first - shift, self.last - shift)


class Step(Enum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def step_of(span: Span) -> Step:
    """What is short enough to be seen at once: days of a month, weeks of a year, months of more."""
    if span.days <= MOST_DAYS:
        return Step.DAY
    return Step.WEEK if span.days <= MOST_WEEKS * 7 else Step.MONTH


def cut(span: Span, step: Step) -> Iterator[Span]:
    """The span in steps; the first and the last may be shorter. Weeks begin on Mondays."""
    first = span.first
    while first <= span.last:
        last = min(_end(first, step), span.last)
        yield Span(first, last)
        first = last + DAY


def _end(first: datetime.date, step: Step) -> datetime.date:
    if step is Step.DAY:
        return first
    if step is Step.WEEK:
        return first + datetime.timedelta(days=6 - first.weekday())
    next_month = (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return next_month - DAY
