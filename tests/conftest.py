"""What every test has, and which tests run where.

Attack, browser, fault and isolation tests need PostgreSQL. On a developer's machine what is missing is a skip that says
what to install; with CI set nothing may be skipped.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from accounts.scope import everyone
from menusite.translations import compile_translations
from tests.on_ci import on_ci

pytest_plugins = ["tests.browser_fixtures"]

NEED_POSTGRESQL = ("attacks", "browser", "faults", "isolation")
POSTGRESQL_HINT = "needs PostgreSQL: set DATABASE_URL=postgres://user:password@127.0.0.1:5432/menusite"


def pytest_configure(config: pytest.Config) -> None:
    # Once, by the process that starts the parallel ones.
    if not hasattr(config, "workerinput"):
        compile_translations()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from django.conf import settings

    on_postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if not on_postgresql and any(item.get_closest_marker(name) for name in NEED_POSTGRESQL):
            item.add_marker(pytest.mark.skip(reason=POSTGRESQL_HINT))
        if _commits(item):
            # Such a test empties every table behind it; the next one gets back what migrations had put there:
            # Wagtail's root page, its locale and site, the permissions.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def _commits(item: pytest.Item) -> bool:
    """Whether the test works on a database without a transaction around it."""
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return asked or not {"live_server", "transactional_db"}.isdisjoint(item.fixturenames)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """On CI a skip is a failure: a missing service must not look like a passed test."""
    report = yield
    if report.skipped and on_ci() and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Nothing is skipped on CI: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def scope_of_everyone() -> Iterator[None]:
    """Tests arrange and look at rows of every organisation; what is tested enters its own scope."""
    with everyone():
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test reads what another has cached, attempt limits included."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def media_removed_afterwards() -> Iterator[None]:
    from django.conf import settings

    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def media(settings: LazySettings, tmp_path: Path) -> Path:
    """An empty media folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT
