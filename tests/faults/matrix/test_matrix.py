"""The resiliency matrix: each cell of `cells.CELLS` tried on the product's own web server.

After each trouble the same is tried again: what failed cleanly then works, and has happened once.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation

from accounts.scope import everyone
from analytics.models import PlaceStatistics
from tests.faults.matrix.browsing import Answer
from tests.faults.matrix.cells import COLUMNS, DEPENDENCIES, as_table, every_cell, outcomes, tried
from tests.faults.matrix.journeys import JOURNEYS, Journey, Nightly
from tests.faults.matrix.world import World, running
from tests.faults.proxy import Mode

pytestmark = pytest.mark.faults
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "faults.md"
# FAULTS_TIMES=10 tries every state; each run tries those of `cells.tried` in every cell.
AT_LENGTH = int(os.environ.get("FAULTS_TIMES", "1")) > 1
PROXIED = ("cache", "broker", "postgresql")
STATES = {
    **{key: {"down", "refuse", "hang", "slow", "cut"} for key in PROXIED},
    "worker": {"gone", "killed"},
    "disk": {"full", "lost"},
    "web": {"killed"},
}


@pytest.fixture
def _django_db_helper() -> None:
    """What pytest-django does around each test of a database; here the module's world does it around all of them."""


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: "pytest.FixtureRequest", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for all cells: it is committed, and gone with the module."""
    with django_db_blocker.unblock(), everyone(), translation.override("en"):  # type: ignore[attr-defined]
        bring_back_what_migrations_put_there()
        try:
            with running(tmp_path_factory.mktemp("matrix")) as found:
                yield found
        finally:
            # Sequences count on: the rows migrations made come back with ids that no new row may be given.
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True, reset_sequences=False)
            bring_back_what_migrations_put_there()


def bring_back_what_migrations_put_there() -> None:
    connection.creation.deserialize_db_from_string(connection._test_serialized_contents)  # type: ignore[attr-defined]


def test_no_cell_is_blank() -> None:
    for dependency, column in every_cell():
        cell = outcomes(dependency, column)
        assert cell, (dependency, column)
        assert cell.keys() <= STATES[dependency], (dependency, column)
        assert tried(dependency, column, at_length=False), (dependency, column)
        for outcome in cell.values():
            kind, _colon, how = outcome.partition(": ")
            assert kind in ("works", "degraded", "clean error")
            assert kind == "works" or how, (dependency, column)
    assert len(every_cell()) == len(DEPENDENCIES) * len(COLUMNS) == 54


def test_the_document_shows_this_matrix() -> None:
    assert as_table() in DOCUMENT.read_text()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("dependency", "column"), every_cell())
def test_cell(world: World, dependency: str, column: str) -> None:
    for state, outcome in tried(dependency, column, at_length=AT_LENGTH).items():
        try:
            endure(world, dependency, column, state, outcome)
        except BaseException as error:
            error.add_note(f"{dependency} {state} × {column}: {outcome}")
            error.add_note("\n".join(list(world.said)[-40:]))
            raise


def endure(world: World, dependency: str, column: str, state: str, outcome: str) -> None:
    world.wait_until_well()
    journey = JOURNEYS[column](world, on_killable=dependency == "web")
    answer = in_trouble(world, journey, dependency, state)
    kind = outcome.partition(":")[0]
    if kind == "works":
        journey.assert_done(answer)
    elif kind == "degraded":
        journey.assert_degraded(answer)
    else:
        journey.assert_clean_error(answer)
        journey.assert_nothing_done()
    if kind != "works" or journey.repeatable:
        world.wait_until_well()
        journey.assert_done(journey.ask())


def in_trouble(world: World, journey: Journey, dependency: str, state: str) -> Answer:
    if dependency == "web":
        return journey.ask() if isinstance(journey, Nightly) else web_killed_meanwhile(world, journey)
    if isinstance(journey, Nightly):
        if dependency == "worker":
            return night_killed(world, journey)
        if (dependency, state) == ("postgresql", "hang"):
            return night_held(world, journey)
        if dependency == "broker":
            with world.proxies["broker"].during(Mode(state)):
                return journey.answer(world.hand.do("ask"))
    with trouble(world, dependency, state):
        return journey.ask()


def trouble(world: World, dependency: str, state: str) -> AbstractContextManager[None]:
    if dependency in PROXIED:
        return world.proxies[dependency].during(Mode(state))
    # No worker runs here at all.
    return world.disk(state) if dependency == "disk" else nullcontext()


def web_killed_meanwhile(world: World, journey: Journey) -> Answer:
    """The web process is killed while it waits for the database on behalf of the request."""
    answers: list[Answer] = []
    database = world.proxies["postgresql"]
    asking = threading.Thread(target=lambda: answers.append(journey.ask()), daemon=True)
    database.forget()
    with database.during(Mode.HANG):
        asking.start()
        database.wait_until_felt()
        world.killable_web.kill()
    asking.join(60)
    assert journey.browser.deaths >= 1  # type: ignore[attr-defined]
    return answers[0]


def night_killed(world: World, night: Nightly) -> Answer:
    """The worker dies while it waits to write the figures."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {PlaceStatistics._meta.db_table} IN SHARE MODE")
        world.hand.begin(*night.job)
        world.wait_for_a_lock()
        world.hand.kill()
        return night.answer(world.hand.end())


def night_held(world: World, night: Nightly) -> Answer:
    database = world.proxies["postgresql"]
    database.forget()
    with database.during(Mode.HANG):
        world.hand.begin(*night.job)
        database.wait_until_felt()
        assert not PlaceStatistics.objects.exists()
    return night.answer(world.hand.end())
