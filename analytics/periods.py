"""The periods figures are given for. All end with the day before the morning, so each holds the shorter ones."""

import datetime
from collections.abc import Callable

# From the shortest to the one that reaches back to the first order; the figures name them so.
PERIODS = ("7", "30", "90", "365", "all")
LENGTHS = tuple(int(name) for name in PERIODS[:-1])
OLDEST = len(LENGTHS)


def first_days(morning: datetime.date) -> list[datetime.date]:
    """The first day of each period that has one."""
    return [morning - datetime.timedelta(days=days) for days in LENGTHS]


def age_sql(day: str) -> str:
    """SQL for the place in PERIODS of the shortest period that holds `day`; its parameters are the `first_days`."""
    cases = " ".join(f"WHEN {day} >= %s THEN {age}" for age in range(OLDEST))
    return f"CASE {cases} ELSE {OLDEST} END"


def for_each_age(expression: Callable[[int], str]) -> str:
    """The same SQL for each of PERIODS, as so many columns."""
    return ", ".join(expression(age) for age in range(len(PERIODS)))
