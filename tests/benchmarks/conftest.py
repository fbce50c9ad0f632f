import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.benchmarks.servers import ROOT
from tests.benchmarks.table import Table

DISHES = 80
_table = Table()


@pytest.fixture
def table() -> Table:
    """Where a benchmark puts its figures."""
    return _table


@pytest.fixture(scope="session", autouse=True)
def written_down() -> Iterator[None]:
    yield
    if _table.rows:
        _table.write()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation with one place of 80 dishes, `/load-00000/`, and neither Redis nor broker."""
    folder = tmp_path_factory.mktemp("site")
    environment = {
        "DJANGO_SETTINGS_MODULE": "menusite.settings",
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "SITE_URL": "http://127.0.0.1",
        "VAR_DIR": str(folder / "var"),
        "REDIS_URL": "",
    }
    for command in (
        ["migrate", "-v0"],
        ["generate_load", "--places", "1", "--dishes", str(DISHES), "--orders", "0"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env={**os.environ, **environment}, check=True)
    return environment
