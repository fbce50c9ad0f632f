"""granian beside gunicorn on pages of ours, in turns, since a shared machine's speed drifts: decision 0016.

gunicorn is no package of this project:
`pip install --no-deps --target /tmp/gunicorn gunicorn`, and PYTHONPATH=/tmp/gunicorn.
"""

import importlib.util
import statistics

import pytest

from tests.benchmarks.servers import free_port, granian, load, served
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target

ROUNDS, SECONDS, THREADS = 5, 3, 4
PLACE = "/load-00000/"
APPLICATION = "menusite.wsgi:application"


def gunicorn(port: int) -> list[str]:
    return ["-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", str(THREADS), APPLICATION]


@pytest.mark.parametrize(
    ("what", "path", "headers"),
    [
        ("kept menu page", PLACE, {"Accept-Encoding": "br", "Accept-Language": "ru"}),
        ("basket, drawn for the guest", f"{PLACE}basket/", {"Accept-Language": "ru"}),
    ],
)
def test_two_servers(site: dict[str, str], table: Table, what: str, path: str, headers: dict[str, str]) -> None:
    if importlib.util.find_spec("gunicorn") is None:
        table.missing(Target.OTHER, f"granian, {what}", "gunicorn is not installed, see decision 0016")
        pytest.skip("needs gunicorn")
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
        Target.OTHER,
        f"granian, {what}",
        f"{one.rate:.0f}/s, 95 % within {one.p95:.1f} ms",
        reference=f"gunicorn gthread: {two.rate:.0f}/s, 95 % within {two.p95:.1f} ms; "
        f"ratios {', '.join(f'{ratio:.2f}' for ratio in ratios)}",
        ratio=statistics.median(ratios),
        wanted="> 1",
        holds=statistics.median(ratios) > 1,
    )
