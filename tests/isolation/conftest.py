from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from accounts.scope import everyone
from tests.factories.cast import english  # noqa: F401  (a fixture)
from tests.isolation.world import World, make_world


@pytest.fixture(scope="package")
def made_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The two organisations, made once for all of these tests and taken back after them: each test leaves them as they
    were."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        with everyone(), translation.override("en"):
            world = make_world()
    yield world
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def world(made_world: World, db: None) -> World:
    made_world.a.before = made_world.b.before = None
    return made_world
