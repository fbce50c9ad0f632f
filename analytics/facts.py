"""The additive facts of ended business days, brought up to date: a day whose orders have moved is counted again whole.

What moved is seen by a day's number of orders, their money, their pieces and the sum of their ids, so that an order
cancelled a month later and a history imported yesterday are found in the same way.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from django.db import connection

from analytics.dialect import as_date, cents, listed, local_hour, on_postgresql, rows, take_lock
from menu_pages.pieces import write_in_pieces
from orders.models import OrderStatus

# Orders counted again at a time; SQLite lets nobody else write meanwhile.
ORDERS_AT_ONCE, ORDERS_AT_ONCE_SQLITE = 20_000, 500
DAYS_AT_ONCE = 10_000

COUNTED = f"status <> '{OrderStatus.CANCELLED}'"

# A day's orders less what is known of them: nothing is left of a day that has not moved.
MOVED = """
    SELECT place_id, day, COUNT(*)
    FROM (
        SELECT place_id, business_day AS day, 1 AS orders, {total} AS revenue, items, id AS order_ids
        FROM orders_order
        WHERE place_id IN {places} AND business_day < %s AND {counted}
        UNION ALL
        SELECT place_id, day, -orders, -{revenue}, -items, -CAST(order_ids AS bigint)
        FROM analytics_placeday
        WHERE place_id IN {places} AND day < %s
    ) AS compared
    GROUP BY place_id, day
    HAVING SUM(orders) <> 0 OR SUM(revenue) <> 0 OR SUM(items) <> 0 OR SUM(order_ids) <> 0
    ORDER BY place_id, day
"""
FORGET = """
    WITH moved(place_id, day) AS (VALUES {moved})
    DELETE FROM {table} WHERE (place_id, day) IN (SELECT place_id, day FROM moved)
"""
# Of a visit's orders the first of a day brings its guest; an old till said how many sat there.
GUESTS = """
    COALESCE(o.guests, CASE WHEN o.session_id IS NOT NULL AND ROW_NUMBER() OVER (
        PARTITION BY o.business_day, o.session_id ORDER BY o.sent_at, o.id
    ) = 1 THEN 1 ELSE 0 END)
"""
HOURS = """
    WITH moved(place_id, day) AS (VALUES {moved}), sold AS (
        SELECT o.place_id, o.business_day AS day, {hour} AS hour, o.table_label, {total} AS total, o.items,
            {guests} AS guests
        FROM moved
            JOIN orders_order o ON o.place_id = moved.place_id AND o.business_day = moved.day
            JOIN menu_pages_placerecord r ON r.place_id = o.place_id
        WHERE o.{counted}
    )
    INSERT INTO analytics_hoursales (place_id, day, hour, table_label, orders, revenue, items, guests)
    SELECT place_id, day, hour, table_label, COUNT(*), SUM(total) / 100.0, SUM(items), SUM(guests)
    FROM sold
    GROUP BY place_id, day, hour, table_label
"""
DISHES = """
    WITH moved(place_id, day) AS (VALUES {moved}), sold AS (
        SELECT o.place_id, o.business_day AS day, l.dish_id, l.title,
            CASE WHEN l.dish_id IS NULL THEN l.category ELSE '' END AS category,
            COUNT(DISTINCT o.id) AS orders, SUM(l.quantity) AS quantity, SUM(l.quantity * {price}) AS revenue
        FROM moved
            JOIN orders_order o ON o.place_id = moved.place_id AND o.business_day = moved.day
            JOIN orders_basket l ON l.order_id = o.id
        WHERE o.{counted}
        GROUP BY o.place_id, o.business_day, l.dish_id, l.title, CASE WHEN l.dish_id IS NULL THEN l.category ELSE '' END
    )
    INSERT INTO analytics_dishsales (place_id, day, dish_id, title, category, orders, quantity, revenue)
    SELECT sold.place_id, sold.day, sold.dish_id, sold.title, COALESCE(category.title, sold.category), sold.orders,
        sold.quantity, sold.revenue / 100.0
    FROM sold
        LEFT JOIN wagtailcore_page dish ON dish.id = sold.dish_id
        LEFT JOIN wagtailcore_page category ON category.path = SUBSTR(dish.path, 1, LENGTH(dish.path) - 4)
"""
# Of rows numbered by value among their `n`: the middle value of an odd number is taken twice, the mean of two is
# rounded half up, in whole hundredths.
MEDIAN_CHECK = """
    (CAST(SUM(CASE WHEN by_total IN ((n + 1) / 2, n / 2 + 1) THEN total * (1 + n %% 2) ELSE 0 END) AS bigint) + 1)
        / 2 / 100.0
"""
MEDIAN_DISHES = """
    SUM(CASE WHEN by_items IN ((n + 1) / 2, n / 2 + 1) THEN items * (1 + n %% 2) ELSE 0 END) / 2.0
"""
DAYS = """
    WITH moved(place_id, day) AS (VALUES {moved}), sold AS (
        SELECT o.place_id, o.business_day AS day, o.id, {total} AS total, o.items, {guests} AS guests
        FROM moved JOIN orders_order o ON o.place_id = moved.place_id AND o.business_day = moved.day
        WHERE o.{counted}
    ), ranked AS (
        SELECT place_id, day, id, total, items, guests, COUNT(*) OVER (PARTITION BY place_id, day) AS n,
            ROW_NUMBER() OVER (PARTITION BY place_id, day ORDER BY total) AS by_total,
            ROW_NUMBER() OVER (PARTITION BY place_id, day ORDER BY items) AS by_items
        FROM sold
    )
    INSERT INTO analytics_placeday
        (place_id, day, orders, revenue, items, guests, order_ids, median_check, median_dishes)
    SELECT place_id, day, COUNT(*), SUM(total) / 100.0, SUM(items), SUM(guests), SUM(id), {median_check},
        {median_dishes}
    FROM ranked
    GROUP BY place_id, day
"""


class Moved(NamedTuple):
    """A business day to be counted again, and about how many orders that is."""

    place_id: int
    day: datetime.date
    orders: int


def bring_up_to_date(places: Sequence[int], before: datetime.date) -> int:
    """Count again the days before `before` whose orders have moved; returns how many.

    One query when there is none. Short transactions: whoever is killed in between has counted whole days, and finds
    the others when started again.
    """
    moved = moved_days(places, before)
    steps: list[Callable[[], None]] = [partial(count_again, days) for days in in_portions(moved)]
    write_in_pieces(steps)
    return len(moved)


def moved_days(places: Sequence[int], before: datetime.date) -> list[Moved]:
    sql = MOVED.format(places=listed(places), total=cents("total"), revenue=cents("revenue"), counted=COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*places, before, *places, before])
        return [Moved(place_id, as_date(day), orders) for place_id, day, orders in cursor.fetchall()]


def count_again(days: Sequence[Moved]) -> None:
    """Forget the facts of these days and count them from the orders; to be called in a transaction."""
    take_lock()
    pairs = [value for moved in days for value in (moved.place_id, moved.day)]
    words = {
        "moved": rows(len(days), 2),
        "counted": COUNTED,
        "guests": GUESTS,
        "hour": local_hour("o.sent_at", "r.time_zone"),
        "total": cents("o.total"),
        "price": cents("l.unit_price + l.options_price"),
        "median_check": MEDIAN_CHECK,
        "median_dishes": MEDIAN_DISHES,
    }
    with connection.cursor() as cursor:
        for table in ("analytics_hoursales", "analytics_dishsales", "analytics_placeday"):
            cursor.execute(FORGET.format(table=table, **words), pairs)
        for statement in (HOURS, DISHES, DAYS):
            cursor.execute(statement.format(**words), pairs)


Day = TypeVar("Day", bound="HasOrders")


class HasOrders(Protocol):
    @property
    def orders(self) -> int: ...


def in_portions(days: Sequence[Day]) -> Iterator[list[Day]]:
    """Days to be counted in one go, as many as hold about as many orders as one may work at without a pause."""
    most = ORDERS_AT_ONCE if on_postgresql() else ORDERS_AT_ONCE_SQLITE
    portion: list[Day] = []
    orders = 0
    for day in days:
        portion.append(day)
        orders += day.orders
        if orders >= most or len(portion) >= DAYS_AT_ONCE:
            yield portion
            portion, orders = [], 0
    if portion:
        yield portion
