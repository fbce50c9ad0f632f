from collections.abc import Iterator

import pytest

from tests.benchmarks.table import Table

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
