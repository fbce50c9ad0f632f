"""75,000 lines of an old till imported while guests order: how long it takes, and what guests notice.

Written down, never a reason to fail: `make bench` runs it. The import runs in a process of its own, as it does in the
product; a guest reads the menu and orders through the whole stack, first alone and then beside it, and what they wait
for is compared within the same run. Needs PostgreSQL.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from menu_pages.models import DishPage, PlacePage
from orders.history import undoing
from orders.models import BasketLine, Order, OrderImport
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.cast import alice, borshch, english, place_a, soups  # noqa: F401  (fixtures)
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import table_of
from tests.factories.tills import many_orders
from tests.faults.processes import import_command as command

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("postgresql" not in connection.settings_dict["ENGINE"], reason="measures PostgreSQL"),
]

ORDERS, LINES_EACH = 30_000, 2.5
WARM_SECONDS, ALONE_SECONDS = 3, 10
PAUSE = 0.05
TARGET_SECONDS = 45


def content() -> bytes:
    """30,000 orders, half of two lines and half of three: 75,000 rows."""
    head, _newline, rest = many_orders(ORDERS // 2, lines=3, since=ORDERS).partition(b"\n")
    assert head
    return many_orders(ORDERS // 2, lines=2) + rest


@dataclass
class Evening:
    """A guest who reads the menu and orders, again and again, and how long each took."""

    guest: Guest
    dish: DishPage
    pages: list[float] = field(default_factory=list)
    orders: list[float] = field(default_factory=list)

    def while_(self, going_on: Callable[[], bool]) -> float:
        """Seconds it went on."""
        began = time.perf_counter()
        while going_on():
            self.pages.append(milliseconds(lambda: self.guest.client.get(self.guest.place.href)))
            self.guest.add(self.dish)
            self.orders.append(milliseconds(self.guest.send))
            # Nobody answers here: the limit of waiting orders is not what is measured.
            Order.objects.unacknowledged().update(acknowledged_at=timezone.now())
            time.sleep(PAUSE)
        return time.perf_counter() - began


def milliseconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return (time.perf_counter() - began) * 1000


def until(moment: float) -> Callable[[], bool]:
    return lambda: time.perf_counter() < moment


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def test_a_history_of_75_000_lines(
    place_a: PlacePage,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    tmp_path: Path,
    table: Table,
) -> None:
    path = tmp_path / "till.csv"
    path.write_bytes(content())
    alone, beside = (Evening(guest_at(table_of(place_a, number)), borshch) for number in (1, 2))
    Evening(guest_at(table_of(place_a, 3)), borshch).while_(until(time.perf_counter() + WARM_SECONDS))
    alone.while_(until(time.perf_counter() + ALONE_SECONDS))
    with command(path) as running:
        whole = beside.while_(lambda: running.poll() is None)
    found = OrderImport.objects.get()
    imported = (found.finished_at - found.created_at).total_seconds()
    lines = BasketLine.objects.filter(order__history_import=found).count()
    began = time.perf_counter()
    undoing.start_undoing(found, by=None)
    taken_back = time.perf_counter() - began

    assert lines == ORDERS * LINES_EACH
    assert Order.objects.filter(history_import=found).count() == 0
    table.add(
        Target.IMPORTS,
        f"{lines} lines of an old till, guests ordering meanwhile",
        f"{imported:.1f} s, the whole command {whole:.1f} s; taken back in {taken_back:.1f} s",
        wanted=f"≤ {TARGET_SECONDS} s",
        holds=whole <= TARGET_SECONDS,
    )
    for name, before, during in (
        ("menu page", alone.pages, beside.pages),
        ("sending an order", alone.orders, beside.orders),
    ):
        table.add(
            Target.IMPORTS,
            f"{name} beside the import",
            f"{statistics.median(during):.0f} ms, 95 % within {p95(during):.0f} ms ({len(during)} times)",
            reference=f"alone: {statistics.median(before):.0f} ms, 95 % within {p95(before):.0f} ms "
            f"({len(before)} times)",
            ratio=p95(during) / p95(before),
            wanted="unaffected: what the other core leaves",
        )
