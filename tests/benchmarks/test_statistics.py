"""The nightly run over a million orders, against the best SQL written by hand for the same figures in the same run.

`STATISTICS_PLACES` and `STATISTICS_ORDERS` (of each place) make it smaller; at full size making the orders takes some
minutes. Needs PostgreSQL.
"""

import datetime
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.scope import everyone
from analytics.models import DishSales, HourSales, PlaceDay, PlaceStatistics
from analytics.statistics import compute
from menu_pages.models import PlaceRecord
from orders.models import BasketLine, Order
from tests.benchmarks.many_orders import make_orders, make_places
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target

PLACES = int(os.environ.get("STATISTICS_PLACES", "1000"))
ORDERS = int(os.environ.get("STATISTICS_ORDERS", "1000"))
TARGET = 1.5
NOT_WORSE_THAN_LINEAR = 1.3

AGE = """
    CASE WHEN business_day >= %(morning)s - 7 THEN 0 WHEN business_day >= %(morning)s - 30 THEN 1
         WHEN business_day >= %(morning)s - 90 THEN 2 WHEN business_day >= %(morning)s - 365 THEN 3 ELSE 4 END AS age
"""
MEDIANS = f"""
    SELECT place_id, weekday, table_label,
        {
    ", ".join(f"COUNT(*) FILTER (WHERE age <= {age}), SUM(total) FILTER (WHERE age <= {age})" for age in range(5))
},
        {
    ", ".join(
        f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {value}) FILTER (WHERE age <= {age})"
        for value in ("total", "items")
        for age in range(5)
    )
}
    FROM (
        SELECT place_id, (business_day - DATE '1900-01-01') %% 7 + 1 AS weekday, table_label,
            CAST(total * 100 AS bigint)::float8 AS total, items::float8 AS items, {AGE}
        FROM orders_order
        WHERE status <> 'cancelled' AND business_day < %(morning)s
    ) AS sold
    GROUP BY GROUPING SETS ((place_id), (place_id, weekday), (place_id, table_label))
"""
TOP = f"""
    WITH aged AS (
        SELECT o.place_id, l.dish_id, {AGE}, SUM(l.quantity) AS quantity,
            SUM(l.quantity * CAST((l.unit_price + l.options_price) * 100 AS bigint)) AS revenue
        FROM orders_order o JOIN orders_basket l ON l.order_id = o.id
        WHERE o.status <> 'cancelled' AND o.business_day < %(morning)s
        GROUP BY 1, 2, 3
    ), sold AS (
        SELECT place_id, dish_id, period, SUM(quantity) AS quantity, SUM(revenue) AS revenue
        FROM aged JOIN generate_series(0, 4) AS period ON age <= period
        GROUP BY 1, 2, 3
    )
    SELECT * FROM (
        SELECT sold.*, page.title, ROW_NUMBER() OVER (
            PARTITION BY place_id, period ORDER BY quantity DESC, revenue DESC, page.title
        ) AS number
        FROM sold JOIN wagtailcore_page page ON page.id = dish_id
    ) AS ranked
    WHERE number <= 10
"""


def seconds(job: Callable[[], Any]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def by_hand(morning: datetime.date) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")
        for statement in (MEDIANS, TOP):
            cursor.execute(statement, {"morning": morning})
            cursor.fetchall()


@pytest.mark.django_db
def test_a_night_of_many_places(table: Table) -> None:
    if connection.vendor != "postgresql":
        table.missing(Target.NIGHT, "a night", "it needs PostgreSQL in DATABASE_URL")
        pytest.skip("the orders are made by PostgreSQL")
    morning = timezone.now().date() - datetime.timedelta(days=5)
    with connection.cursor() as cursor:
        # All of it is one transaction of the test's, on a machine that may be busy.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    with everyone():
        places = make_places(PLACES)
        making = seconds(lambda: make_orders(places, each=ORDERS, until=morning - datetime.timedelta(days=1)))
        records = list(PlaceRecord.objects.filter(pk__in=places))

        def night(count: int, later: int) -> Callable[[], Any]:
            """The run of a morning: the first has everything to count, each other what moved since."""
            return lambda: compute(records[:count], morning=morning + datetime.timedelta(days=later))

        first = seconds(night(PLACES, -2))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ours = min(seconds(night(PLACES, later)) for later in (-1, 0))
        hand = min(seconds(lambda: by_hand(morning)) for _ in range(2))
        ours_again = min(seconds(night(PLACES, later)) for later in (1, 2))
        tenth = min(seconds(night(PLACES // 10, later)) for later in (3, 4))

    told = {model.__name__: model.objects.count() for model in (Order, BasketLine, PlaceDay, HourSales, DishSales)}
    growth = ours_again / (10 * tenth)
    size = f"{PLACES} places of {ORDERS} orders"
    table.add(
        Target.NIGHT,
        f"a night of {size}, one day moved",
        f"{ours:.2f} s; the first run, everything to be counted: {first:.1f} s",
        reference=f"SQL by hand: {hand:.2f} s",
        ratio=ours / hand,
        wanted=f"≤ {TARGET}",
        holds=ours <= TARGET * hand,
    )
    table.add(
        Target.NIGHT,
        f"a night of {size}, nothing moved",
        f"{ours_again:.2f} s; rows: {', '.join(f'{count} {name}' for name, count in told.items())}, made in "
        f"{making:.0f} s",
        reference=f"ten times that of a tenth of the places: {10 * tenth:.2f} s",
        ratio=growth,
        wanted=f"≤ {NOT_WORSE_THAN_LINEAR}",
        holds=growth <= NOT_WORSE_THAN_LINEAR,
    )
    assert PlaceStatistics.objects.count() == 5 * PLACES + 2 * (PLACES // 10)
