"""The additive facts of organisations: sums of their places' days, medians over the orders of all of them together."""

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from django.db import connection

from analytics.dialect import as_date, cents, rows, take_lock
from analytics.facts import COUNTED, MEDIAN_CHECK, MEDIAN_DISHES, in_portions
from menu_pages.pieces import write_in_pieces


class Together(NamedTuple):
    """The live places of an organisation that share a currency; there are two of them at least."""

    organisation_id: int
    currency: str
    places: tuple[int, ...]


class Moved(NamedTuple):
    """A business day to be counted again, and how many orders it has or had."""

    together: Together
    day: datetime.date
    orders: int


# The days of the places less what is known of them together: nothing is left of a day that has not moved.
MOVED = """
    WITH members(owner, organisation_id, currency, place_id) AS (VALUES {members})
    SELECT owner, day, SUM(ABS(orders))
    FROM (
        SELECT m.owner, d.day, d.orders, {revenue} AS revenue, d.items, d.guests, d.order_ids
        FROM members m JOIN analytics_placeday d ON d.place_id = m.place_id
        UNION ALL
        SELECT m.owner, d.day, -d.orders, -{revenue}, -d.items, -d.guests, -d.order_ids
        FROM (SELECT DISTINCT owner, organisation_id, currency FROM members) AS m
            JOIN analytics_organisationday d ON d.organisation_id = m.organisation_id AND d.currency = m.currency
    ) AS compared
    WHERE day < %s
    GROUP BY owner, day
    HAVING SUM(orders) <> 0 OR SUM(revenue) <> 0 OR SUM(items) <> 0 OR SUM(guests) <> 0 OR SUM(order_ids) <> 0
    ORDER BY owner, day
"""
FORGET = """
    WITH moved(organisation_id, currency, day, place_id) AS (VALUES {moved})
    DELETE FROM analytics_organisationday
    WHERE (organisation_id, currency, day) IN (SELECT organisation_id, currency, day FROM moved)
"""
DAYS = """
    WITH moved(organisation_id, currency, day, place_id) AS (VALUES {moved}), sold AS (
        SELECT m.organisation_id, m.currency, m.day, {total} AS total, o.items
        FROM moved m JOIN orders_order o ON o.place_id = m.place_id AND o.business_day = m.day
        WHERE o.{counted}
    ), ranked AS (
        SELECT organisation_id, currency, day, total, items,
            COUNT(*) OVER (PARTITION BY organisation_id, currency, day) AS n,
            ROW_NUMBER() OVER (PARTITION BY organisation_id, currency, day ORDER BY total) AS by_total,
            ROW_NUMBER() OVER (PARTITION BY organisation_id, currency, day ORDER BY items) AS by_items
        FROM sold
    ), middle AS (
        SELECT organisation_id, currency, day, {median_check} AS median_check, {median_dishes} AS median_dishes
        FROM ranked
        GROUP BY organisation_id, currency, day
    )
    INSERT INTO analytics_organisationday
        (organisation_id, currency, day, orders, revenue, items, guests, order_ids, median_check, median_dishes)
    SELECT m.organisation_id, m.currency, m.day, SUM(d.orders), SUM({revenue}) / 100.0, SUM(d.items), SUM(d.guests),
        SUM(d.order_ids), MAX(middle.median_check), MAX(middle.median_dishes)
    FROM moved m
        JOIN analytics_placeday d ON d.place_id = m.place_id AND d.day = m.day
        JOIN middle ON middle.organisation_id = m.organisation_id AND middle.currency = m.currency
            AND middle.day = m.day
    GROUP BY m.organisation_id, m.currency, m.day
"""


def bring_up_to_date(groups: Sequence[Together], before: datetime.date) -> int:
    """Count again the days before `before` on which any of the places has moved; returns how many.

    The places' own days are to be up to date. One query when none has moved.
    """
    moved = _moved_days(groups, before)
    steps: list[Callable[[], None]] = [partial(_count_again, days) for days in in_portions(moved)]
    write_in_pieces(steps)
    return len(moved)


def _moved_days(groups: Sequence[Together], before: datetime.date) -> list[Moved]:
    members = [
        (owner, group.organisation_id, group.currency, place)
        for owner, group in enumerate(groups)
        for place in group.places
    ]
    sql = MOVED.format(members=rows(len(members), 4), revenue=cents("d.revenue"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(value for member in members for value in member), before])
        return [Moved(groups[owner], as_date(day), int(orders)) for owner, day, orders in cursor.fetchall()]


def _count_again(days: Sequence[Moved]) -> None:
    take_lock()
    moved = [
        (together.organisation_id, together.currency, day, place)
        for together, day, _orders in days
        for place in together.places
    ]
    words = {
        "moved": rows(len(moved), 4),
        "total": cents("o.total"),
        "revenue": cents("d.revenue"),
        "counted": COUNTED,
        "median_check": MEDIAN_CHECK,
        "median_dishes": MEDIAN_DISHES,
    }
    with connection.cursor() as cursor:
        for statement in (FORGET, DAYS):
            cursor.execute(statement.format(**words), [value for row in moved for value in row])
