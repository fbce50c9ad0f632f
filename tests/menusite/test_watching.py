"""Each request has an id, and is counted; a few may read what was counted."""

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from menu_pages.models import DishPage, PlacePage
from menu_pages.shared_pages import known_places, store
from menusite import metrics as counted
from menusite.celery import put_down, send_along, take_up
from menusite.request_id import begin, current_request_id, end
from menusite.run import BASE_DIR
from menusite.watching_environment import read_watching_environment
from orders.models import Order, OutboxEvent, OutboxKind
from orders.tasks import escalate_orders
from tests.factories.cast import alice, borshch, english, guest, place_a, soups, table_7  # noqa: F401  (fixtures)
from tests.factories.guests import Guest, ordered

TOKEN = "a-token-for-prometheus-0123456789"
LABELS = ("route", "method", "status", "found", "state", "task", "ended", "le")
GIVEN = "3f2504e04f8941d39a0c0305e82c3301"


def read(client: Client, **extra: Any) -> dict[tuple[str, ...], float]:
    """What `/metrics` says: (name, label values…) → value."""
    answer = client.get("/metrics", **extra)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (one.name, *(one.labels[name] for name in LABELS if name in one.labels)): one.value
        for family in families
        for one in family.samples
    }


@pytest.fixture
def kept_pages(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PAGES_KEPT = True
    monkeypatch.setattr("menu_pages.shared_pages.known_places.TRUSTED_SECONDS", 600.0)
    store.forget_all()
    known_places.forget_all()
    yield
    store.forget_all()
    known_places.forget_all()


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (GIVEN, True),
        ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", True),
        ("short", False),
        ("a" * 65, False),
        ("alice@example.com-alice@example.com", False),
        ("3f2504e04f8941d3\r\nSet-Cookie: a=b", False),
        ("３ｆ2504e04f8941d39a0c0305e82c3301", False),
    ],
)
def test_an_id_is_taken_over_only_when_it_is_one(client: Client, said: str, taken: bool) -> None:
    answer = client.get("/healthz", HTTP_X_REQUEST_ID=said)

    assert (answer["X-Request-ID"] == said) is taken
    assert len(answer["X-Request-ID"]) in (32, 36)
    assert answer["X-Request-ID"].replace("-", "").isalnum()
    assert current_request_id() == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_pages")
def test_two_who_get_the_same_kept_page_have_ids_of_their_own(client: Client, borshch: DishPage) -> None:  # noqa: F811
    address = "/teahouse/"
    first = client.get(address)
    others = [Client().get(address) for _ in range(3)]
    not_changed = client.get(address, HTTP_IF_NONE_MATCH=others[0]["ETag"])

    answers = [first, *others, not_changed]
    assert {answer.status_code for answer in answers} == {200, 304}
    assert len({answer["X-Request-ID"] for answer in answers}) == len(answers)
    assert others[0]["ETag"] == others[1]["ETag"]


def test_a_task_is_known_by_the_request_that_sent_it() -> None:
    """As it travels: what is sent along comes out of the message again."""
    token = begin(GIVEN)
    headers: dict[str, Any] = {}
    send_along(headers=headers)
    end(token)
    assert headers["menusite"]["request_id"] == GIVEN

    task: Any = escalate_orders
    task.push_request(**headers, is_eager=False)
    seen = []
    try:
        take_up(task=task)
        seen.append(current_request_id())
        put_down(task=task, state="SUCCESS")
        seen.append(current_request_id())
    finally:
        task.pop_request()
    assert seen == [GIVEN, ""]


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_pages")
def test_requests_are_counted_by_the_names_of_their_routes(
    client: Client,
    guest: Guest,  # noqa: F811
    borshch: DishPage,  # noqa: F811
) -> None:
    before = read(client)
    order = ordered(guest, borshch)
    guest.status(order)
    for _ in range(3):
        Client().get("/teahouse/soups/")
    client.get("/no-such-place/at-all/")
    client.generic("BREW", "/healthz")
    after = read(client)

    def more(*name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more("menusite_requests_total", "order_send", "POST", "303") == 1
    assert more("menusite_requests_total", "order_status", "GET", "200") == 1
    assert more("menusite_requests_total", "healthz", "other", "405") == 1
    assert more("menusite_requests_total", "wagtail_serve", "GET", "404") == 1
    assert more("menusite_requests_total", "wagtail_serve", "GET", "200") == 3
    assert more("menusite_request_seconds_bucket", "order_send", "+Inf") == 1
    assert more("menusite_request_seconds_count", "order_send") == 1
    assert 0 < more("menusite_request_seconds_sum", "order_send") < 60
    assert (more("menusite_kept_pages_total", "hit"), more("menusite_kept_pages_total", "miss")) == (2, 1)
    assert more("menusite_order_steps_total", "sent") == 1
    # Nothing that a visitor chooses is a label.
    labels = " ".join(label for name in after for label in name[1:])
    assert not [word for word in ("no-such", "teahouse", order.public_id, "/", "BREW") if word in labels]


@pytest.mark.django_db
def test_the_state_of_the_service(
    client: Client,
    guest: Guest,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    place_a: PlacePage,  # noqa: F811
    settings: LazySettings,
    tmp_path: Any,
) -> None:
    settings.HEARTBEAT_FILE = tmp_path / "heartbeat"
    assert math.isnan(read(client)[("menusite_worker_last_seen_timestamp_seconds",)])
    settings.HEARTBEAT_FILE.write_text(f"[{time.time()}, {time.time() - 9}, 2.5]")
    ordered(guest, borshch)
    hour = timezone.timedelta(hours=1)
    Order.objects.update(sent_at=timezone.now() - hour)
    OutboxEvent.objects.all().delete()
    OutboxEvent.objects.create(place=place_a, kind=OutboxKind.CALL_ASKED, at=timezone.now() - 2 * hour)

    state = read(client)

    assert state[("menusite_database_up",)] == 1
    assert state[("menusite_orders_on_desk", "sent")] == 1
    assert state[("menusite_orders_on_desk", "ready")] == 0
    assert state[("menusite_orders_unacknowledged",)] == 1
    assert state[("menusite_orders_unacknowledged_age_seconds",)] == pytest.approx(3600, abs=60)
    assert state[("menusite_outbox_age_seconds",)] == pytest.approx(7200, abs=60)
    assert state[("menusite_worker_last_seen_timestamp_seconds",)] == pytest.approx(time.time(), abs=60)
    assert state[("menusite_task_lag_seconds",)] == 2.5


def test_without_its_database_it_says_so(client: Client) -> None:
    """No database access is allowed to this test, and the question is asked elsewhere."""
    from django.db import OperationalError

    from menusite import state_metrics

    def away() -> None:
        raise OperationalError("gone")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(state_metrics, "look", away)
        state = read(client)

    assert state[("menusite_database_up",)] == 0
    assert not [name for name in state if name[0].startswith("menusite_orders_un")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "::1", "HTTP_X_REAL_IP": "203.0.113.5"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"},
    ],
)
def test_strangers_do_not_learn_that_there_are_metrics(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/metrics", **asked).status_code == 404


@pytest.mark.django_db
def test_with_a_token_only_the_token_opens(client: Client, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN
    far = {"REMOTE_ADDR": "203.0.113.5", "HTTP_X_FORWARDED_FOR": "203.0.113.5"}

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}x").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION=TOKEN).status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ключ").status_code == 404
    assert read(client, HTTP_AUTHORIZATION=f"Bearer {TOKEN}", **far)


def test_counting_from_many_threads_loses_nothing() -> None:
    def many() -> None:
        for _ in range(500):
            counted.count_request("counted-by-a-test", "GET", 200, 0.003, "")

    threads = [threading.Thread(target=many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted.flush()

    samples = {
        (sample.name, sample.labels.get("le")): sample.value
        for family in (counted.REQUESTS, counted.SECONDS)
        for metric in family.collect()
        for sample in metric.samples
        if sample.labels.get("route") == "counted-by-a-test"
    }
    assert samples[("menusite_requests_total", None)] == 4000
    assert samples[("menusite_request_seconds_bucket", "0.0025")] == 0
    assert samples[("menusite_request_seconds_bucket", "0.005")] == 4000
    assert samples[("menusite_request_seconds_sum", None)] == pytest.approx(12)


def test_what_watches_is_told_from_outside() -> None:
    assert read_watching_environment({"METRICS_TOKEN": " "}) == read_watching_environment({})
    for name, wrong in (("METRICS_TOKEN", "short"), ("METRICS_TOKEN", "ключ" * 9), ("SENTRY_DSN", "secret-but-no-url")):
        with pytest.raises(ImproperlyConfigured, match=name) as refused:
            read_watching_environment({name: wrong})
        assert wrong not in str(refused.value)
    for wrong in ("../elsewhere", "a_b", "Web", "-", "w" * 41):
        with pytest.raises(ImproperlyConfigured, match="METRICS_PROCESS"):
            read_watching_environment({"METRICS_PROCESS": wrong})


COUNTING_IN_TURN = """
import os
import django
django.setup()
from billiard import current_process
from menusite.metrics import TASKS
for number, index in ((3, None), (4, None), (5, 0), (6, 1), (7, 0)):
    child = os.fork()
    if child == 0:
        if index is not None:
            current_process().index = index
        TASKS.labels("counted-in-turn", "success").inc(number)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
from menusite.metrics_view import _counted
print(_counted().get_sample_value("menusite_tasks_total", {"task": "counted-in-turn", "ended": "success"}))
"""


@pytest.mark.parametrize(("name", "files"), [("worker", 3), ("", 5)])
def test_whoever_takes_a_place_counts_on_in_its_file(tmp_path: Path, name: str, files: int) -> None:
    """Two after each other as a unit is restarted, three as the children of a pool; without a name each has a file."""
    told = {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "menusite.settings", "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    said = subprocess.run(
        [sys.executable, "-c", COUNTING_IN_TURN],
        cwd=BASE_DIR,
        env={**os.environ, **told, "METRICS_PROCESS": name},
        check=True,
        capture_output=True,
        text=True,
    )

    assert said.stdout.split() == ["25.0"]
    assert len(list(tmp_path.iterdir())) == files


def test_only_the_schedules_own_task_tells_its_lag(settings: LazySettings, tmp_path: Any) -> None:
    from menusite import heartbeat

    settings.HEARTBEAT_FILE = tmp_path / "heartbeat"
    sent = {"request_id": GIVEN, "sent_at": time.time() - 30}
    for name in ("orders.tasks.relay_outbox", "orders.tasks.escalate_orders"):
        before = heartbeat.signs()
        take_up(task=SimpleNamespace(name=name, request=SimpleNamespace(is_eager=False, menusite=sent)))
    take_up(task=SimpleNamespace(name=name, request=SimpleNamespace(is_eager=True)))
    put_down(task=SimpleNamespace(name=name, request=SimpleNamespace(is_eager=False)))

    assert math.isnan(before.task_lag)
    assert heartbeat.signs().task_lag == pytest.approx(30, abs=5)
