"""What a flood of orders at one table costs the guests of the others, who order meanwhile.

Written down, never a reason to fail; needs PostgreSQL. FLOOD_ATTEMPTS says how large the flood is.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.tables import set_table_count
from tests.benchmarks.table import Table as Figures
from tests.benchmarks.targets import Target
from tests.factories.cast import alice, borshch, english, place_a, soups  # noqa: F401  (fixtures)
from tests.factories.menus import table_of
from tests.faults.processes import Killable
from tests.faults.test_flood import (  # noqa: F401  (fixtures)
    ATTEMPTS,
    FLOODED,
    FLOODERS,
    HONEST_AT_ONCE,
    HONEST_TABLES,
    TABLES,
    TRIES,
    flood,
    order,
    port,
    web,
)

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
GUESTS = 100


def seconds_of_guests(tables: list[Table], port: int) -> list[float]:  # noqa: F811
    """How long each of so many guests took from the code to the order, four requests, the quickest first."""

    def visit(number: int) -> float:
        began = time.perf_counter()
        assert order(tables[number % len(tables)], port) == 303
        return time.perf_counter() - began

    with ThreadPoolExecutor(HONEST_AT_ONCE) as pool:
        return sorted(pool.map(visit, range(GUESTS)))


def test_guests_alone_and_beside_a_flood(
    place_a: PlacePage,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    web: Killable,  # noqa: F811
    port: int,  # noqa: F811
    table: Figures,
) -> None:
    set_table_count(place=place_a, count=TABLES)
    flooded = table_of(place_a, FLOODED)
    place_a.record.max_unconfirmed_by_table = 100
    place_a.record.save()
    tables = [table_of(place_a, number) for number in HONEST_TABLES]

    alone = seconds_of_guests(tables, port)
    began = time.perf_counter()
    with ThreadPoolExecutor(FLOODERS) as flooding:
        tries = [flooding.submit(flood, flooded, port) for _ in range(ATTEMPTS // TRIES)]
        beside = seconds_of_guests(tables, port)
        for job in tries:
            job.result()
    taken = time.perf_counter() - began

    middle = [statistics.median(times) * 1000 for times in (alone, beside)]
    slow = [times[int(GUESTS * 0.95)] * 1000 for times in (alone, beside)]
    table.add(
        Target.OTHER,
        f"a guest’s visit beside a flood of {ATTEMPTS / taken * 60:.0f} orders a minute at another table",
        f"{middle[1]:.0f} ms, 95 % within {slow[1]:.0f} ms",
        reference=f"alone: {middle[0]:.0f} ms, 95 % within {slow[0]:.0f} ms",
        ratio=middle[1] / middle[0],
    )
