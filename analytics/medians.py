"""Medians of checks and of dishes per order: over all orders of each period, by weekday and by table.

A median is the middle value; of an even number, the mean of the two middle ones. The databases find them in whole
hundredths and whole pieces, doubled, so that nothing is rounded before `halves_up` does.

PostgreSQL sorts each group once for a period (`percentile_cont` of whole numbers under 2^52 is exact). SQLite, which
has no such function, numbers the rows of a group and takes the middle ones. Both answer with the same rows.
"""

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from analytics.dialect import cents, listed, on_postgresql, rows, weekday
from analytics.facts import COUNTED
from analytics.periods import PERIODS, age_sql, first_days, for_each_age

# Whose orders they are, of which weekday, and of which part of what is theirs.
SOLD = """
    SELECT {owner} AS owner, {weekday} AS weekday, {label} AS label, {total} AS total, o.items, {age} AS age
    FROM {orders}
    WHERE {chosen} AND o.business_day < %s AND o.{counted}
"""
ON_POSTGRESQL = """
    SELECT owner, weekday, label, {counts}, {totals}, {items}
    FROM ({sold}) AS sold
    GROUP BY GROUPING SETS ((owner), (owner, weekday), (owner, label))
"""
ON_SQLITE = """
    SELECT owner, {key}, {counts}, {totals}, {items}
    FROM (
        SELECT owner, weekday, label, age, total, items, {sizes}, {by_total}, {by_items}
        FROM ({sold}) AS sold
        {where}
        WINDOW everything AS (PARTITION BY owner{and_key}),
            sorted_by_total AS (PARTITION BY owner{and_key} ORDER BY total ROWS UNBOUNDED PRECEDING),
            sorted_by_items AS (PARTITION BY owner{and_key} ORDER BY items ROWS UNBOUNDED PRECEDING)
    ) AS ranked
    GROUP BY owner{and_key}
"""


class Group(NamedTuple):
    """Orders that belong together, in each of PERIODS: all of an owner's, or those of a weekday, or of a part."""

    owner: int
    weekday: int | None
    label: str | None
    checks: Sequence[int]
    # In hundredths and in pieces, doubled; none of a period without orders.
    check_medians: Sequence[int | None]
    dish_medians: Sequence[int | None]


def medians_of_places(places: Sequence[int], morning: datetime.date) -> Iterator[Group]:
    """The groups of each place, whose parts are its tables; of a place without orders none."""
    sold = SOLD.format(
        owner="o.place_id",
        label="o.table_label",
        orders="orders_order o",
        chosen=f"o.place_id IN {listed(places)}",
        **_words(),
    )
    return _groups(sold, [*first_days(morning), *places, morning])


def medians_of_organisations(members: Sequence[tuple[int, int]], morning: datetime.date) -> Iterator[Group]:
    """The same over the orders of several places together, which are the parts: pairs of an owner and a place's id."""
    sold = SOLD.format(
        owner="members.owner",
        label="CAST(o.place_id AS text)",
        orders="members JOIN orders_order o ON o.place_id = members.place_id",
        chosen="1 = 1",
        **_words(),
    )
    own = [value for member in members for value in member]
    named = f"WITH members(owner, place_id) AS (VALUES {rows(len(members), 2)}) {sold}"
    return _groups(named, [*own, *first_days(morning), morning])


def halves_up(doubled: int) -> Decimal:
    """Money, of a doubled number of hundredths: halves up."""
    return Decimal((doubled + 1) // 2) / 100


def _words() -> dict[str, str]:
    return {
        "weekday": weekday("o.business_day"),
        "total": cents("o.total"),
        "age": age_sql("o.business_day"),
        "counted": COUNTED,
    }


def _groups(sold: str, params: list[Any]) -> Iterator[Group]:
    for sql in [_sorted_once(sold)] if on_postgresql() else [_numbered(sold, key) for key in ("", "weekday", "label")]:
        yield from _read(sql, params)


def _read(sql: str, params: list[Any]) -> Iterator[Group]:
    count = len(PERIODS)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for owner, day, label, *figures in cursor.fetchall():
            # Orders without a table take part in everything but this.
            if label != "":
                yield Group(
                    owner, day, label, figures[:count], figures[count : 2 * count], figures[2 * count : 3 * count]
                )


def _sorted_once(sold: str) -> str:
    def middle(column: str) -> str:
        return for_each_age(
            lambda age: (
                f"CAST(2 * percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST({column} AS float8))"
                f" FILTER (WHERE age <= {age}) AS bigint)"
            )
        )

    return ON_POSTGRESQL.format(
        sold=sold,
        counts=for_each_age(lambda age: f"COUNT(*) FILTER (WHERE age <= {age})"),
        totals=middle("total"),
        items=middle("items"),
    )


def _numbered(sold: str, key: str) -> str:
    def numbers(name: str, window: str) -> str:
        return for_each_age(lambda age: f"COUNT(*) FILTER (WHERE age <= {age}) OVER {window} AS {name}{age}")

    def middle(column: str) -> str:
        """Of an odd number of values the middle one twice, of an even number the sum of the two."""
        place = f"by_{column}"
        return for_each_age(
            lambda age: (
                f"SUM({column} * (1 + n{age} %% 2))"
                f" FILTER (WHERE age <= {age} AND {place}{age} IN ((n{age} + 1) / 2, n{age} / 2 + 1))"
            )
        )

    return ON_SQLITE.format(
        sold=sold,
        key={"": "NULL, NULL", "weekday": "weekday, NULL", "label": "NULL, label"}[key],
        and_key=f", {key}" if key else "",
        where="WHERE label <> ''" if key == "label" else "",
        sizes=numbers("n", "everything"),
        by_total=numbers("by_total", "sorted_by_total"),
        by_items=numbers("by_items", "sorted_by_items"),
        counts=for_each_age(lambda age: f"MAX(n{age})"),
        totals=middle("total"),
        items=middle("items"),
    )
