"""The service is put up anew while guests order: whoever presses again is served, and the worker catches up."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from menu_pages.models import DishPage, PlacePage
from orders.models import Order, OutboxEvent
from orders.outbox import hurrying
from tests.faults.own_redis import OwnRedis
from tests.faults.processes import ROOT, SECONDS, Killable, Phone, environment, free_port, killable, wait_for
from tests.faults.test_killed_web import choosing, phone_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
TIMES = int(os.environ.get("FAULTS_TIMES", "1"))
RESTARTS = 2 * TIMES
ORDERS = 40 * TIMES
AT_ONCE = 8


class Web:
    """The product's own web server, stopped as a service manager stops it."""

    def __init__(self, redis: OwnRedis) -> None:
        self.port = free_port()
        self.told = environment(REDIS_URL=redis.url, SITE_URL=f"http://127.0.0.1:{self.port}")
        self.ends: list[int] = []
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "menusite.web", "127.0.0.1", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.told)
        assert Phone(self.port).get("/healthz").status == 200

    def stop(self) -> None:
        self.process.terminate()
        self.ends.append(self.process.wait(SECONDS))


@pytest.fixture
def web(redis: OwnRedis, borshch: DishPage) -> Iterator[Web]:
    connection.close()
    server = Web(redis)
    yield server
    server.stop()


@pytest.fixture
def worker(redis: OwnRedis, borshch: DishPage, tmp_path: Path) -> Iterator[Killable]:
    connection.close()
    with killable("worker", str(tmp_path / "schedule"), REDIS_URL=redis.url) as process:
        yield process


def all_handed_on() -> bool:
    return not OutboxEvent.objects.filter(relayed_at=None).exists()


def test_orders_go_on_through_restarts(
    place_a: PlacePage, borshch: DishPage, web: Web, worker: Killable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hurrying._Pause, "until", float("inf"))
    guests = choosing(ORDERS, place_a, borshch)
    orders = [(phone_of(guest, web.port), guest.state.order_key) for guest in guests]
    sent = threading.Semaphore(0)

    def send(order: tuple[Phone, str]) -> int:
        phone, key = order
        status = phone.post("/teahouse/order/", idempotency_key=key).status
        sent.release()
        return status

    def restart() -> None:
        """Each time a part of the guests have sent; others press while nobody is there."""
        for _ in range(RESTARTS):
            for _ in range(ORDERS // (RESTARTS + 1)):
                sent.acquire()
            web.stop()
            worker.stop()
            web.start()

    restarting = threading.Thread(target=restart, daemon=True)
    restarting.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(send, orders))
    restarting.join(SECONDS)

    assert statuses == [303] * ORDERS
    assert sorted(Order.objects.values_list("idempotency_key", flat=True)) == sorted(key for _phone, key in orders)
    # It ended by itself each time, in peace; and it was missed.
    assert web.ends == [0] * RESTARTS
    assert worker.deaths == RESTARTS
    assert sum(phone.retries for phone, _key in orders) > 0
    assert wait_for(all_handed_on, 60)
