"""How many menu pages our own server answers in a second, beside the least that Django could do on it."""

import os
from pathlib import Path

import pytest

from tests.benchmarks.servers import free_port, granian, load, served
from tests.benchmarks.table import Table

DISHES = 80
TARGET = 0.8
PLACE = "/load-00000/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation with one place of 80 dishes."""
    import subprocess
    import sys

    folder = tmp_path_factory.mktemp("site")
    environment = {
        "DJANGO_SETTINGS_MODULE": "menusite.settings",
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "SITE_URL": "http://127.0.0.1",
    }
    root = Path(__file__).parents[2]
    for command in (["migrate", "-v0"], ["generate_load", "--places", "1", "--dishes", str(DISHES), "--orders", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=root, env={**os.environ, **environment}, check=True)
    return environment


@pytest.mark.parametrize("packed", ["br", "identity"])
def test_kept_menu_page(site: dict[str, str], table: Table, packed: str) -> None:
    port, other = free_port(), free_port()
    headers = {"Accept-Encoding": packed, "Accept-Language": "ru"}
    with served("-m", "menusite.web", "127.0.0.1", str(port), port=port, environment=site) as address:
        load(address + PLACE, seconds=1, headers=headers)
        ours = load(address + PLACE, headers=headers)
    with served(*granian("tests.benchmarks.hello:application", other, threads=4), port=other) as address:
        load(address, seconds=1)
        hello = load(address)

    table.add(
        f"menu page of {DISHES} dishes, kept, {packed}",
        f"{ours.rate:.0f}/s, 95 % within {ours.p95:.1f} ms",
        reference=f"Django hello without middleware on the same server: {hello.rate:.0f}/s",
        ratio=ours.rate / hello.rate,
        target=f"≥ {TARGET}; 95 % within 10 ms",
    )
