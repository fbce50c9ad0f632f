import datetime
import json
import socket
import threading
import time
from pathlib import Path
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from menusite import health, quick_database
from menusite.broker import queue_length
from menusite.heartbeat import CACHE_KEY, beat, is_beating, note_task, signs
from menusite.quick_database import NoAnswerError, ask
from orders.models import OutboxEvent, OutboxKind
from tests.factories.menus import make_place
from tests.factories.people import make_user

PARTS = ("database", "migrations", "outbox", "cache", "broker", "worker")
ALL_OK = dict.fromkeys(PARTS, "ok")


@pytest.fixture
def heartbeat(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HEARTBEAT_FILE = tmp_path / "heartbeat"
    beat()
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
    assert response.json() == {"status": "ok", **ALL_OK}


@pytest.mark.django_db
def test_a_silent_worker_takes_nothing_out_of_service(client: Client, heartbeat: Path) -> None:
    heartbeat.write_text(json.dumps([time.time() - 3600, 0, 0]))

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {**ALL_OK, "status": "degraded", "worker": "degraded"}


@pytest.mark.django_db
def test_a_worker_that_never_ran_is_named(client: Client, heartbeat: Path) -> None:
    heartbeat.unlink()

    assert client.get("/readyz").json()["worker"] == "degraded"


@pytest.mark.django_db
def test_a_cache_that_keeps_nothing_is_named(client: Client, heartbeat: Path, settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {**ALL_OK, "status": "degraded", "cache": "degraded"}


@pytest.mark.django_db
def test_an_outbox_that_stands_still_is_named(client: Client, heartbeat: Path) -> None:
    long_ago = timezone.now() - datetime.timedelta(minutes=2)
    place = make_place(make_user("alice@example.com"), "Teahouse")
    event = OutboxEvent.objects.create(place=place, kind=OutboxKind.CALL_ASKED, at=long_ago)

    assert client.get("/readyz").json()["outbox"] == "degraded"
    assert client.get("/readyz").status_code == 200

    OutboxEvent.objects.filter(pk=event.pk).update(relayed_at=timezone.now())

    assert client.get("/readyz").json()["outbox"] == "ok"


@pytest.mark.django_db
def test_without_its_database_the_server_is_taken_out(client: Client, heartbeat: Path) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        **ALL_OK,
        "status": "unavailable",
        "database": "unavailable",
        "migrations": "degraded",
        "outbox": "degraded",
    }


def test_the_worker_beats_into_the_shared_cache_where_there_are_several_hosts(settings: LazySettings) -> None:
    settings.HEARTBEAT_FILE = None
    assert is_beating() is False

    beat()

    assert is_beating() is True
    note_task(time.time() - 7)
    assert (signs() == cache.get(CACHE_KEY), round(signs().task_lag)) == (True, 7)
    beat()
    assert round(signs().task_lag) == 7


@pytest.mark.django_db
def test_code_newer_than_its_database_is_not_ready(
    client: Client, heartbeat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server started before its migrations were applied takes no guests; what is missing is told to nobody."""
    monkeypatch.setattr(health, "_migrated", False)
    MigrationRecorder.Migration.objects.filter(app="orders").order_by("-name")[0].delete()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {**ALL_OK, "status": "unavailable", "migrations": "unavailable", "outbox": "degraded"}
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_queue_that_is_away_is_named(client: Client, heartbeat: Path, settings: LazySettings) -> None:
    with socket.socket() as taken:
        # Somebody listens there and says nothing, as a server that hangs does.
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.CELERY_BROKER_URL = f"redis://:secret@127.0.0.1:{taken.getsockname()[1]}/0"
        response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {**ALL_OK, "status": "degraded", "broker": "degraded"}
    assert queue_length() is None


def test_a_database_that_hangs_holds_nobody(settings: LazySettings) -> None:
    """The first ones wait their time, and those that come meanwhile are told at once; when it answers, all is well."""
    settings.PROBE_SECONDS = 0.05
    answers = threading.Event()
    for _ in range(quick_database.MOST_WAITING):
        with pytest.raises(NoAnswerError, match="no answer within"):
            ask(answers.wait)
    with pytest.raises(NoAnswerError, match="earlier questions"):
        ask(answers.wait)

    answers.set()
    settings.PROBE_SECONDS = 10
    for _ in range(quick_database.MOST_WAITING):
        assert quick_database._waiting.acquire(timeout=10)
    quick_database._waiting.release(quick_database.MOST_WAITING)
    assert ask(lambda: "here") == "here"


def test_health_is_only_read(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
