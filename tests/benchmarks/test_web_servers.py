"""granian beside gunicorn on pages of ours, in turns, since a shared machine's speed drifts: decision 0016.

gunicorn is no package of this project:
`pip install --no-deps --target /tmp/gunicorn gunicorn`, and PYTHONPATH=/tmp/gunicorn.
"""

import importlib.util
import os
import statistics
import subprocess
import sys

import pytest

from tests.benchmarks.servers import ROOT, free_port, granian, load, served
from tests.benchmarks.table import Table

ROUNDS, SECONDS, THREADS = 5, 3, 4
PLACE = "/load-00000/"
APPLICATION = "menusite.wsgi:application"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("site")
    environment = {
        "DJANGO_SETTINGS_MODULE": "menusite.settings",
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "SITE_URL": "http://127.0.0.1",
    }
    for command in (["migrate", "-v0"], ["generate_load", "--places", "1", "--dishes", "80", "--orders", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env={**os.environ, **environment}, check=True)
    return environment


def gunicorn(port: int) -> list[str]:
    if importlib.util.find_spec("gunicorn") is None:
        raise RuntimeError("This benchmark needs gunicorn: see above.")
    return ["-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", str(THREADS), APPLICATION]


@pytest.mark.parametrize(
    ("what", "path", "headers"),
    [
        ("kept menu page", PLACE, {"Accept-Encoding": "br", "Accept-Language": "ru"}),
        ("basket, drawn for the guest", f"{PLACE}basket/", {"Accept-Language": "ru"}),
    ],
)
def test_two_servers(site: dict[str, str], table: Table, what: str, path: str, headers: dict[str, str]) -> None:
    first, second = free_port(), free_port()
    ratios, rates = [], []
    with (
        served(*granian(APPLICATION, first, threads=THREADS), port=first, environment=site) as ours,
        served(*gunicorn(second), port=second, environment=site) as other,
    ):
        for address in (ours, other):
            load(address + path, seconds=1, headers=headers)
        for _ in range(ROUNDS):
            one = load(ours + path, seconds=SECONDS, headers=headers)
            two = load(other + path, seconds=SECONDS, headers=headers)
            ratios.append(one.rate / two.rate)
            rates.append((one, two))
    one, two = sorted(rates, key=lambda pair: pair[0].rate)[ROUNDS // 2]
    table.add(
        f"granian, {what}",
        f"{one.rate:.0f}/s, 95 % within {one.p95:.1f} ms",
        reference=f"gunicorn gthread: {two.rate:.0f}/s, 95 % within {two.p95:.1f} ms; "
        f"ratios {', '.join(f'{ratio:.2f}' for ratio in ratios)}",
        ratio=statistics.median(ratios),
        target="> 1",
    )
