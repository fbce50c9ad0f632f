"""The moderator's home screen with a year of figures: server time, uncached and cached, and its weight.

Written down, never a reason to fail: `make bench` runs it. The part in the browser needs PostgreSQL.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from analytics.home_panel import panel_for
from menu_pages.models import PlacePage
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.cast import alice, english, place_a  # noqa: F401  (fixtures)
from tests.factories.people import signed_in
from tests.factories.statistics import make_statistics

TIMES, CHEAP_TIMES = 15, 60
TABLES = tuple(str(number) for number in range(1, 41))
TARGET_UNCACHED, TARGET_CACHED, TARGET_KILOBYTES = 150, 10, 400


@pytest.fixture
def browser(place_a: PlacePage) -> Client:  # noqa: F811
    make_statistics(place_a, tables=TABLES)
    found = signed_in(place_a.record.organisation.memberships.get().user)
    # As a browser asks: packing is part of the answer.
    found.defaults["HTTP_ACCEPT_ENCODING"] = "gzip"
    return found


@dataclass(frozen=True)
class Taken:
    """Milliseconds in the middle of several times: on the clock, and of this process' own work. A machine that does
    other things lengthens the first."""

    clock: float
    work: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} ms ({self.work:.1f} of them work)"


def middle(job: Callable[[], object], before: Callable[[], object] = lambda: None, times: int = TIMES) -> Taken:
    clock, work = [], []
    for _ in range(times):
        before()
        began, worked = time.perf_counter(), time.process_time()
        job()
        work.append((time.process_time() - worked) * 1000)
        clock.append((time.perf_counter() - began) * 1000)
    return Taken(statistics.median(clock), statistics.median(work))


@pytest.mark.django_db
@pytest.mark.parametrize("period", ["30", "365"])
def test_the_home_screen(browser: Client, period: str, table: Table) -> None:
    address = f"/admin/?period={period}"
    response = browser.get(address)
    request = response.wsgi_request
    hello = middle(lambda: browser.get("/robots.txt"), times=CHEAP_TIMES)

    def panel() -> None:
        found = panel_for(request)  # type: ignore[arg-type]
        assert found is not None
        assert "data-chart" in found.render_html({})

    uncached = middle(lambda: browser.get(address), cache.clear)
    cached = middle(lambda: browser.get(address), times=CHEAP_TIMES)
    panel_uncached = middle(panel, cache.clear)
    panel_cached = middle(panel)
    library = (Path(settings.BASE_DIR) / "static/vendor/plotly/plotly-basic.min.js").read_bytes()
    page, script = len(response.content) / 1024, len(brotli.compress(library)) / 1024
    for what, found, own, wanted in (
        ("drawn", uncached, panel_uncached, TARGET_UNCACHED),
        ("from the cache", cached, panel_cached, TARGET_CACHED),
    ):
        table.add(
            Target.HOME,
            f"home screen of {period} days, {what}",
            f"{found}; its statistics alone {own}",
            reference=f"a page without anything: {hello}",
            ratio=found.work / hello.work,
            wanted=f"≤ {wanted} ms",
            holds=found.clock <= wanted,
        )
    table.add(
        Target.HOME,
        f"home screen of {period} days, its weight",
        f"{page:.0f} KB of HTML and {script:.0f} KB of library, compressed",
        wanted=f"≤ {TARGET_KILOBYTES} KB",
        holds=page + script <= TARGET_KILOBYTES,
    )
