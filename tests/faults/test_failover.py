"""PostgreSQL's standby takes over while orders come: what was confirmed to a guest is on it, and once."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg2
import pytest

from menu_pages.models import DishPage, PlacePage
from tests.faults.own_postgresql import OwnPostgresql, own_postgresql
from tests.faults.processes import Phone, free_port, killable
from tests.faults.proxy import fault_proxy
from tests.faults.test_killed_web import choosing, phone_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
FAILOVERS = int(os.environ.get("FAULTS_TIMES", "1"))
ORDERS_OF_EACH = 30
AT_ONCE = 8
COUNT = "SELECT count(*) FROM orders_order"


@pytest.fixture
def orders_to_come(place_a: PlacePage, borshch: DishPage) -> list[tuple[Phone, str]]:
    port, count = free_port(), ORDERS_OF_EACH * FAILOVERS
    return [(phone_of(guest, port), guest.state.order_key) for guest in choosing(count, place_a, borshch)]


@pytest.fixture
def primary() -> Iterator[OwnPostgresql]:
    with own_postgresql() as own:
        yield own


def send_all(
    orders: list[tuple[Phone, str]], wanted: threading.Semaphore, taken: threading.Semaphore
) -> dict[str, str]:
    """Every order by its key, and where the guest was led; each waits until it is wanted."""

    def send(order: tuple[Phone, str]) -> tuple[str, str]:
        phone, key = order
        assert wanted.acquire(timeout=120)
        answer = phone.post("/teahouse/order/", idempotency_key=key)
        assert answer.status == 303
        taken.release()
        return key, answer.headers["Location"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(pool.map(send, orders))


def test_confirmed_orders_are_on_the_standby(orders_to_come: list[tuple[Phone, str]], primary: OwnPostgresql) -> None:
    """The primary dies, its standby is promoted, the address moves to it. Each new primary gets a standby first."""
    wanted, taken = threading.Semaphore(0), threading.Semaphore(0)
    felt: list[tuple[int, int]] = []
    servers = [primary]
    primary.take_over()

    with ExitStack() as stack:
        address = stack.enter_context(fault_proxy(primary.port))

        def fail_over() -> None:
            for _ in range(FAILOVERS):
                old = servers[-1]
                standby = stack.enter_context(own_postgresql(follows=old))
                old.wait_for_standby()
                wanted.release(ORDERS_OF_EACH)
                for _ in range(ORDERS_OF_EACH // 2):
                    taken.acquire()
                old.crash()
                standby.promote()
                address.target = standby.port
                servers.append(standby)
                # The old one comes back and is nobody's primary any more: nothing reaches it.
                old.start()
                felt.append((old.port, int(str(old.rows(COUNT)[0][0]))))

        failing = threading.Thread(target=fail_over, daemon=True)
        told_web = primary.url.replace(str(primary.port), str(address.port))
        with killable("web", str(orders_to_come[0][0].port), DATABASE_URL=told_web):
            failing.start()
            told = send_all(orders_to_come, wanted, taken)
            failing.join(60)
        assert len(servers) == FAILOVERS + 1
        stored = servers[-1].rows("SELECT idempotency_key, public_id, id FROM orders_order")
        events = servers[-1].rows("SELECT order_id FROM orders_outboxevent WHERE kind = 'order.sent'")
        afterwards = [(server.port, int(str(server.rows(COUNT)[0][0]))) for server in servers[:-1]]

    assert {key: f"/teahouse/orders/{public}/" for key, public, _pk in stored} == told
    assert len(stored) == len(orders_to_come)
    assert sorted(event for (event,) in events) == sorted(pk for _key, _public, pk in stored)
    # Each came while there was something to lose, and something still to come; and the old ones stayed as they were.
    assert all(0 < count < len(orders_to_come) for _port, count in felt)
    assert afterwards == felt
    assert sum(phone.retries + phone.put_off for phone, _key in orders_to_come) > 0


def test_control_without_waiting_for_the_standby_what_was_confirmed_is_lost(primary: OwnPostgresql) -> None:
    """The standby is behind: by chance anywhere else, here because it is stopped."""
    with closing(psycopg2.connect(primary.url)) as line, line, line.cursor() as cursor:
        cursor.execute("CREATE TABLE scribble (word text)")
    with own_postgresql(follows=primary) as standby:
        standby.crash()
        with closing(psycopg2.connect(primary.url)) as line, line, line.cursor() as cursor:
            cursor.execute("INSERT INTO scribble VALUES ('confirmed')")
        primary.crash()
        standby.start()
        standby.promote()

        assert standby.rows("SELECT word FROM scribble") == []


def test_what_the_standby_does_not_have_is_not_confirmed(primary: OwnPostgresql) -> None:
    """The same, but for the primary's waiting: whoever sent it was told nothing and sends it again."""
    with closing(psycopg2.connect(primary.url)) as line, line, line.cursor() as cursor:
        cursor.execute("CREATE TABLE scribble (word text)")
    with own_postgresql(follows=primary) as standby:
        primary.wait_for_standby()
        standby.crash()
        refused: list[str] = []

        def write() -> None:
            try:
                # A statement's own limit, which web processes have, does not end the waiting.
                with closing(psycopg2.connect(primary.url, options="-c statement_timeout=200ms")) as line:
                    line.cursor().execute("INSERT INTO scribble VALUES ('not confirmed')")
                    line.commit()
                refused.append("confirmed")
            except psycopg2.OperationalError as wrong:
                refused.append(type(wrong).__name__)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        assert primary.comes_true(waiting)
        primary.crash()
        writer.join(30)
        standby.start()
        standby.promote()

        assert refused == ["OperationalError"]
        assert standby.rows("SELECT word FROM scribble") == []
