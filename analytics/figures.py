"""The figures of a morning, in the shape `compute_statistics --json` prints and the tables keep."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from analytics.dialect import cents, listed
from analytics.medians import Group, halves_up, medians_of_places
from analytics.periods import PERIODS, age_sql, first_days, for_each_age
from analytics.top_dishes import Dish, best, dishes_of_places

Figures = dict[str, Any]
MEASURES = ("median_check", "median_dishes", "checks")

REVENUE = """
    SELECT place_id, {sums}
    FROM (
        SELECT place_id, {age} AS age, {revenue} AS revenue
        FROM analytics_placeday
        WHERE place_id IN {places} AND day < %s
    ) AS aged
    GROUP BY place_id
"""


def figures_of_places(places: Sequence[int], morning: datetime.date) -> dict[int, Figures]:
    """The figures of each place as of the morning, from its orders and facts; a fixed number of queries."""
    groups: dict[int, list[Group]] = defaultdict(list)
    for group in medians_of_places(places, morning):
        groups[group.owner].append(group)
    revenue = revenue_of_places(places, morning)
    dishes = dishes_of_places(places, morning)
    return {place: assembled(groups[place], revenue[place], dishes[place], kept_by="by_table") for place in places}


def revenue_of_places(places: Sequence[int], morning: datetime.date) -> dict[int, list[int]]:
    """Revenue in each of PERIODS, in hundredths."""
    sql = REVENUE.format(
        sums=for_each_age(lambda age: f"COALESCE(SUM(revenue) FILTER (WHERE age <= {age}), 0)"),
        age=age_sql("day"),
        revenue=cents("revenue"),
        places=listed(places),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*first_days(morning), *places, morning])
        revenue = dict.fromkeys(places, [0] * len(PERIODS))
        return revenue | {place_id: [int(cents) for cents in sums] for place_id, *sums in cursor.fetchall()}


def assembled(groups: Iterable[Group], revenue: Sequence[int], dishes: Sequence[Dish], *, kept_by: str) -> Figures:
    """The figures of one owner; `kept_by` names what its groups with a label are."""
    figures: Figures = {
        period: {
            "orders": 0,
            "revenue": f"{Decimal(revenue[age]) / 100:.2f}",
            **{name: {"overall": None, "by_weekday": {}, kept_by: {}} for name in MEASURES},
            "top_dishes": best(dishes, age),
        }
        for age, period in reversed(list(enumerate(PERIODS)))
    }
    for period in figures.values():
        period["checks"]["overall"] = 0
    for group in sorted(groups, key=_in_order):
        for age, period in enumerate(PERIODS):
            if group.checks[age]:
                _put(figures[period], group, age, kept_by)
    return figures


def _put(figures: Figures, group: Group, age: int, kept_by: str) -> None:
    check, dishes = group.check_medians[age], group.dish_medians[age]
    assert check is not None and dishes is not None  # noqa: S101, PT018  (there are orders)
    values = (f"{halves_up(check):.2f}", dishes // 2 if dishes % 2 == 0 else dishes / 2, group.checks[age])
    if group.label is None and group.weekday is None:
        figures["orders"] = group.checks[age]
    for name, value in zip(MEASURES, values, strict=True):
        if group.label is not None:
            figures[name][kept_by][group.label] = value
        elif group.weekday is not None:
            figures[name]["by_weekday"][str(group.weekday)] = value
        else:
            figures[name]["overall"] = value


def _in_order(group: Group) -> tuple[int, str]:
    """Weekdays from Monday; tables by their numbers, then those with names."""
    label = group.label or ""
    number = int(label) if label.isascii() and label.isdigit() else 10**12
    return (group.weekday or number, label)


def as_printed(*, place: str, currency: str, computed_at: datetime.datetime, figures: Mapping[str, Any]) -> Figures:
    return {"place": place, "currency": currency, "computed_at": computed_at.isoformat(), "periods": figures}


def nothing_sold() -> Figures:
    """The figures of a place nobody has ordered at."""
    return assembled((), [0] * len(PERIODS), (), kept_by="by_table")
