"""How many menu pages our own server answers in a second, from memory, through Redis and behind nginx, each beside the
least that could be done in its place."""

import os
import re
import shutil
import ssl
import urllib.request
from pathlib import Path

import pytest

from tests.benchmarks.conftest import DISHES
from tests.benchmarks.in_front import missing_tools, nginx
from tests.benchmarks.servers import Load, free_port, granian, load, served
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target

FROM_MEMORY, FROM_REDIS, BEHIND_NGINX, P95 = 0.8, 0.5, 0.9, 10
PLACE = "/load-00000/"
HEADERS = {"Accept-Language": "ru"}
# As phones ask.
BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "ru"}


@pytest.fixture(autouse=True)
def wrk(table: Table) -> None:
    if shutil.which("wrk") is None:
        table.missing(Target.KEPT_PAGE, "kept pages", "wrk is not installed (apt-get install wrk)")
        pytest.skip("needs wrk")


def hello() -> Load:
    port = free_port()
    with served(*granian("tests.benchmarks.hello:application", port, threads=4), port=port) as address:
        load(address, seconds=1)
        return load(address)


def add(table: Table, what: str, ours: Load, least: float) -> None:
    reference = hello()
    ratio = ours.rate / reference.rate
    table.add(
        Target.KEPT_PAGE,
        what,
        f"{ours.rate:.0f}/s, 95 % within {ours.p95:.1f} ms",
        reference=f"Django hello without middleware on the same server: {reference.rate:.0f}/s",
        ratio=ratio,
        wanted=f"≥ {least}; 95 % within {P95} ms",
        holds=ratio >= least and ours.p95 <= P95,
    )


@pytest.mark.parametrize("packed", ["br", "identity"])
def test_from_memory(site: dict[str, str], table: Table, packed: str) -> None:
    port = free_port()
    headers = {**HEADERS, "Accept-Encoding": packed}
    with served("-m", "menusite.web", "127.0.0.1", str(port), port=port, environment=site) as address:
        load(address + PLACE, seconds=1, headers=headers)
        ours = load(address + PLACE, headers=headers)
    add(table, f"from memory, {packed}", ours, FROM_MEMORY)


def test_through_redis(site: dict[str, str], table: Table) -> None:
    redis = os.environ.get("REDIS_URL", "")
    if not redis:
        table.missing(Target.KEPT_PAGE, "through Redis, identity", "REDIS_URL names none", wanted=f"≥ {FROM_REDIS}")
        pytest.skip("needs REDIS_URL")
    port = free_port()
    # Redis holds the page as it was drawn; a process packs it once.
    headers = {**HEADERS, "Accept-Encoding": "identity"}
    told = {**site, "CACHE_URL": redis}
    with served(
        *granian("tests.benchmarks.forgetful:application", port, threads=4), port=port, environment=told
    ) as address:
        load(address + PLACE, seconds=1, headers=headers)
        ours = load(address + PLACE, headers=headers)
    add(table, "through Redis, identity", ours, FROM_REDIS)


def test_behind_nginx(site: dict[str, str], table: Table, tmp_path: Path) -> None:
    what = "kept by nginx for a second"
    if missing_tools():
        tools = " and ".join(missing_tools())
        table.missing(Target.MICRO_CACHE, what, f"{tools} is not installed (apt-get)", wanted=f"≥ {BEHIND_NGINX}")
        pytest.skip(f"needs {tools}")
    port = free_port()
    (tmp_path / "static").mkdir()
    with (
        served("-m", "menusite.web", "127.0.0.1", str(port), port=port, environment=site),
        nginx(tmp_path, upstream=port) as address,
    ):
        # The same bytes as a file.
        (tmp_path / "static" / "page.html").write_bytes(fetched(address + PLACE))
        load(address + PLACE, seconds=1, headers=BROWSER)
        # In turns: a shared machine's speed drifts.
        pairs = [
            (load(address + PLACE, seconds=3, headers=BROWSER), load(f"{address}/static/page.html", seconds=3))
            for _ in range(3)
        ]
    ours, file = sorted(pairs, key=lambda pair: pair[0].rate / pair[1].rate)[1]
    table.add(
        Target.MICRO_CACHE,
        what,
        f"{ours.rate:.0f}/s, 95 % within {ours.p95:.1f} ms",
        reference=f"the same bytes as a file: {file.rate:.0f}/s",
        ratio=ours.rate / file.rate,
        wanted=f"≥ {BEHIND_NGINX}",
        holds=ours.rate >= BEHIND_NGINX * file.rate,
    )


def test_beside_bakerydemo(site: dict[str, str], table: Table) -> None:
    what, least = "beside the index of bakerydemo, uncached", 100
    other = os.environ.get("BAKERYDEMO_URL", "")
    if not re.match(r"https?://", other):
        why = "BAKERYDEMO_URL names no running bakerydemo; performance.md saw 15 to 33 pages a second"
        table.missing(Target.KEPT_PAGE, what, why, wanted=f"≥ {least}")
        pytest.skip("needs BAKERYDEMO_URL")
    port = free_port()
    with served("-m", "menusite.web", "127.0.0.1", str(port), port=port, environment=site) as address:
        load(address + PLACE, seconds=1, headers=BROWSER)
        ours = load(address + PLACE, headers=BROWSER)
        bakery = load(other)
    table.add(
        Target.KEPT_PAGE,
        what,
        f"{ours.rate:.0f}/s with {DISHES} dishes",
        reference=f"bakerydemo: {bakery.rate:.0f}/s",
        ratio=ours.rate / bakery.rate,
        wanted=f"≥ {least}",
        holds=ours.rate >= least * bakery.rate,
    )


def fetched(address: str) -> bytes:
    """The body as it is on the wire."""
    own_certificate = ssl.create_default_context()
    own_certificate.check_hostname, own_certificate.verify_mode = False, ssl.CERT_NONE
    asked = urllib.request.Request(address, headers=BROWSER)
    with urllib.request.urlopen(asked, timeout=30, context=own_certificate) as answer:
        body: bytes = answer.read()
    return body
