"""Redis stops, hangs and forgets while guests order: none of them notices, and the desk has every order."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connection

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.models import Order, Visit
from tests.factories.menus import table_of
from tests.factories.people import signed_in
from tests.faults.own_redis import OwnRedis
from tests.faults.processes import Killable, Phone, free_port, killable

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        shutil.which("redis-server") is None, reason="starts a Redis of its own: apt install redis-server"
    ),
]

# A fifth of what is promised; FAULTS_TIMES=5 does all of it.
GUESTS = 40 * int(os.environ.get("FAULTS_TIMES", "1"))
TABLES = 10
AT_ONCE = 8


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(port: int, borshch: DishPage, redis: OwnRedis) -> Iterator[Killable]:
    connection.close()
    with killable("web", str(port), REDIS_URL=redis.url) as process:
        yield process


def visit_of(table: Table, port: int) -> int:
    """A whole visit: the code, the menu, a dish, the order, its status; gives the last answer's status."""
    phone = Phone(port)
    code = urlsplit(table.link("teahouse"))
    phone.get(f"{code.path}?{code.query}")
    phone.get("/teahouse/")
    phone.post("/teahouse/basket/add/", dish="soups/borshch")
    key = re.search('name="idempotency_key" value="([^"]+)"', phone.get("/teahouse/basket/").text)  # type: ignore[attr-defined]
    assert key is not None
    sent = phone.post("/teahouse/order/", idempotency_key=key[1])
    assert sent.status == 303
    return phone.get(sent.headers["Location"]).status


def test_guests_notice_nothing_of_a_redis_in_trouble(
    place_a: PlacePage, borshch: DishPage, charlie: User, redis: OwnRedis, web: Killable, port: int
) -> None:
    place_a.record.max_unconfirmed_by_table = 100
    place_a.record.save()
    tables = [table_of(place_a, number) for number in range(1, TABLES + 1)]
    done = threading.Semaphore(0)

    def visit(number: int) -> int:
        status = visit_of(tables[number % TABLES], port)
        done.release()
        return status

    def trouble() -> None:
        """One thing after another, each while a seventh of the guests come and go."""
        for step in (redis.forget, redis.freeze, redis.thaw, redis.stop, redis.start, redis.forget):
            for _ in range(GUESTS // 7):
                done.acquire()
            step()

    troubled = threading.Thread(target=trouble, daemon=True)
    troubled.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(visit, range(GUESTS)))
    troubled.join(60)

    assert answers == [200] * GUESTS
    assert not troubled.is_alive()
    assert (Order.objects.count(), Visit.objects.count()) == (GUESTS, GUESTS)
    desk = signed_in(charlie).get("/staff/teahouse/")
    assert desk.context["columns"][0].size == GUESTS
