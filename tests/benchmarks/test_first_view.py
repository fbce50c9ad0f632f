"""What Lighthouse says of a menu page on a throttled phone, through the product's own server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.benchmarks.servers import free_port, served
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.browser_fixtures import CHROMIUM_ARGUMENTS, find_chromium

PLACE = "/load-00000/"
WHAT, WANTED = "Lighthouse, menu page of 80 dishes", "100; LCP ≤ 1200 ms, TBT ≤ 50 ms, CLS 0"


def test_lighthouse(site: dict[str, str], table: Table, tmp_path: Path) -> None:
    lighthouse, chromium = shutil.which("lighthouse"), find_chromium()
    if lighthouse is None or chromium is None:
        missing = "lighthouse (npm install --global lighthouse)" if lighthouse is None else "Chromium"
        table.missing(Target.FIRST_VIEW, WHAT, f"{missing} is not installed", wanted=WANTED)
        pytest.skip(f"needs {missing}")
    port, told = free_port(), tmp_path / "told.json"
    with served("-m", "menusite.web", "127.0.0.1", str(port), port=port, environment=site) as address:
        subprocess.run(
            [
                *(lighthouse, address + PLACE, "--quiet", "--only-categories=performance", "--output=json"),
                *(f"--output-path={told}", f"--chrome-flags=--headless {' '.join(CHROMIUM_ARGUMENTS)}"),
            ],
            env={**os.environ, "CHROME_PATH": chromium},
            check=True,
        )
    report = json.loads(told.read_text("utf-8"))
    score = 100 * report["categories"]["performance"]["score"]
    lcp, tbt, cls = (
        report["audits"][name]["numericValue"]
        for name in ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    )
    table.add(
        Target.FIRST_VIEW,
        WHAT,
        f"{score:.0f}; LCP {lcp:.0f} ms, TBT {tbt:.0f} ms, CLS {cls:.2f}",
        wanted=WANTED,
        holds=score >= 100 and lcp <= 1200 and tbt <= 50 and round(cls, 2) == 0,
    )
