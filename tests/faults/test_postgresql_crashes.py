"""PostgreSQL crashes while orders come: what was confirmed to a guest is there afterwards, and once."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from menu_pages.models import DishPage, PlacePage
from tests.faults.own_postgresql import OwnPostgresql, own_postgresql
from tests.faults.processes import Phone, free_port, killable
from tests.faults.test_killed_web import choosing, phone_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
TIMES = int(os.environ.get("FAULTS_TIMES", "1"))
CRASHES = 2 * TIMES
ORDERS = 40 * TIMES
AT_ONCE = 8


@pytest.fixture
def orders_to_come(place_a: PlacePage, borshch: DishPage) -> list[tuple[Phone, str]]:
    port = free_port()
    return [(phone_of(guest, port), guest.state.order_key) for guest in choosing(ORDERS, place_a, borshch)]


@pytest.fixture
def server() -> Iterator[OwnPostgresql]:
    with own_postgresql() as own:
        yield own


def test_confirmed_orders_survive_crashes(orders_to_come: list[tuple[Phone, str]], server: OwnPostgresql) -> None:
    taken = threading.Semaphore(0)
    felt: list[int] = []

    def send(order: tuple[Phone, str]) -> tuple[str, str]:
        phone, key = order
        answer = phone.post("/teahouse/order/", idempotency_key=key)
        assert answer.status == 303
        taken.release()
        return key, answer.headers["Location"]

    def crash() -> None:
        for _ in range(CRASHES):
            for _ in range(ORDERS // (CRASHES + 1)):
                taken.acquire()
            before = server.rows("SELECT count(*) FROM orders_order")
            server.crash()
            server.start()
            felt.append(int(str(before[0][0])))

    port = orders_to_come[0][0].port
    server.take_over()
    with killable("web", str(port), DATABASE_URL=server.url):
        crashing = threading.Thread(target=crash, daemon=True)
        crashing.start()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            told = dict(pool.map(send, orders_to_come))
        crashing.join(60)

    stored = server.rows("SELECT idempotency_key, public_id, id FROM orders_order")
    assert {key: f"/teahouse/orders/{public}/" for key, public, _pk in stored} == told
    assert len(stored) == ORDERS
    assert server.crashes == len(felt) == CRASHES
    # Each came while there was something to lose, and something still to come.
    assert all(0 < count < ORDERS for count in felt)
    events = server.rows("SELECT order_id FROM orders_outboxevent WHERE kind = 'order.sent'")
    assert Counter(event for (event,) in events) == Counter(pk for _key, _public, pk in stored)


def test_control_a_crash_takes_what_was_not_committed(server: OwnPostgresql) -> None:
    with psycopg2.connect(server.url) as kept, kept.cursor() as cursor:
        cursor.execute("CREATE TABLE scribble (word text)")
        cursor.execute("INSERT INTO scribble VALUES ('confirmed')")
    kept.close()
    lost = psycopg2.connect(server.url)
    lost.cursor().execute("INSERT INTO scribble VALUES ('not confirmed')")

    server.crash()
    server.start()

    lost.close()
    assert server.rows("SELECT word FROM scribble") == [("confirmed",)]
