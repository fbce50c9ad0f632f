"""The service is put up anew while guests order: whoever presses again is served, and the worker catches up."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from menu_pages.models import DishPage, PlacePage
from orders.models import Order, OutboxEvent, Session
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
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.told, start_new_session=True)
        assert Phone(self.port).get("/healthz").status == 200

    def stop(self) -> None:
        self.process.terminate()
        self.ends.append(self.process.wait(SECONDS))


@pytest.fixture
def web(redis: OwnRedis, borshch: DishPage) -> Iterator[Web]:
    connection.close()
    server = Web(redis)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture
def worker(redis: OwnRedis, borshch: DishPage, tmp_path: Path) -> Iterator[Killable]:
    connection.close()
    with killable("worker", str(tmp_path / "schedule"), REDIS_URL=redis.url) as process:
        yield process


def all_handed_on() -> bool:
    return not OutboxEvent.objects.filter(relayed_at=None).exists()


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def is_waiting() -> bool:
    """Whether a request is under way: in the middle of it it waits for a row that the test holds."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0]) > 0


def nobody_listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) != 0


def order_while(
    web: Web, place: PlacePage, dish: DishPage, end: Callable[[], None], then: Callable[[], None] = lambda: None
) -> tuple[Phone, str]:
    """A guest's order, in the middle of which `end` is called; gives the phone and the order's key.

    What the order waits for is given to it after that, and before `then`.
    """
    (guest,) = choosing(1, place, dish)
    phone, key = phone_of(guest, web.port), guest.state.order_key
    sending = threading.Thread(
        target=phone.post, args=("/teahouse/order/",), kwargs={"idempotency_key": key}, daemon=True
    )
    with transaction.atomic():
        Session.objects.select_for_update().get(session_key=phone.session_key)
        sending.start()
        assert wait_for(is_waiting, SECONDS)
        end()
    then()
    sending.join(SECONDS)
    return phone, key


def test_what_is_under_way_is_answered_before_the_server_ends(place_a: PlacePage, borshch: DishPage, web: Web) -> None:
    def stop() -> None:
        web.process.terminate()
        assert wait_for(lambda: nobody_listens(web.port), SECONDS)

    phone, key = order_while(web, place_a, borshch, stop)

    assert web.process.wait(SECONDS) == 0
    assert (phone.retries, phone.put_off) == (0, 0)
    assert Order.objects.get().idempotency_key == key


def test_control_a_server_that_is_killed_answers_nobody(place_a: PlacePage, borshch: DishPage, web: Web) -> None:
    def kill() -> None:
        # With the process that serves, which would finish its work otherwise.
        os.killpg(web.process.pid, signal.SIGKILL)
        web.process.wait(SECONDS)

    phone, key = order_while(web, place_a, borshch, kill, web.start)

    # Pressed again it is made once all the same.
    assert phone.retries > 0
    assert Order.objects.get().idempotency_key == key


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
