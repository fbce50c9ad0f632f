import os
import time
from pathlib import Path
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client


@pytest.fixture
def heartbeat(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HEARTBEAT_FILE = tmp_path / "heartbeat"
    settings.HEARTBEAT_FILE.touch()
    return settings.HEARTBEAT_FILE


def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    # No database access is allowed to this test.
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"].startswith("max-age=0")


@pytest.mark.django_db
def test_ready_when_everything_answers(client: Client, heartbeat: Path) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_a_silent_worker_takes_nothing_out_of_service(client: Client, heartbeat: Path) -> None:
    an_hour_ago = time.time() - 3600
    os.utime(heartbeat, (an_hour_ago, an_hour_ago))

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "ok", "worker": "degraded"}


@pytest.mark.django_db
def test_a_worker_that_never_ran_is_named(client: Client, heartbeat: Path) -> None:
    heartbeat.unlink()

    assert client.get("/readyz").json()["worker"] == "degraded"


@pytest.mark.django_db
def test_a_cache_that_keeps_nothing_is_named(client: Client, heartbeat: Path, settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "degraded", "worker": "ok"}


@pytest.mark.django_db
def test_without_its_database_the_server_is_taken_out(client: Client, heartbeat: Path) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "unavailable", "cache": "ok", "worker": "ok"}


def test_the_worker_beats_into_the_shared_cache_where_there_are_several_hosts(settings: LazySettings) -> None:
    from menusite.heartbeat import CACHE_KEY, beat, is_beating

    settings.HEARTBEAT_FILE = None
    assert is_beating() is False

    beat()

    assert is_beating() is True
    assert cache.get(CACHE_KEY) == "alive"


def test_health_is_only_read(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
