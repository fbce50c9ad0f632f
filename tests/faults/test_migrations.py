"""A release's migration comes while guests order, and finds its table in use by somebody who takes long."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.db import connection

from menu_pages.models import DishPage, PlacePage
from orders.models import Order
from tests.faults.processes import ROOT, Killable, Phone, database_url, environment, free_port, killable, wait_for
from tests.faults.test_killed_web import choosing, phone_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# As deploy/prepare has it.
LOCK_SECONDS = "1"
WAITS_FOR_THE_TABLE = (
    "SELECT count(*) FROM pg_locks WHERE relation = 'orders_order'::regclass"
    " AND mode = 'AccessExclusiveLock' AND NOT granted"
)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(port: int, borshch: DishPage) -> Iterator[Killable]:
    connection.close()
    with killable("web", str(port)) as process:
        yield process


@pytest.fixture(autouse=True)
def as_it_was(borshch: DishPage) -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_order DROP COLUMN IF EXISTS coming")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'coming'")


@contextmanager
def somebody_reading() -> Iterator[None]:
    """A transaction that has read the orders and is not over yet: a report, a backup."""
    with closing(psycopg2.connect(database_url())) as line:
        line.cursor().execute("SELECT count(*) FROM orders_order")
        yield


@contextmanager
def migrating(*, lock_seconds: str) -> "Iterator[subprocess.Popen[str]]":
    """`migrate` of the next release as a process apart."""
    told = environment(
        DJANGO_SETTINGS_MODULE="tests.faults.coming.settings", LOCK_SECONDS=lock_seconds, STATEMENT_SECONDS="0"
    )
    command = [sys.executable, "manage.py", "migrate", "coming", "--noinput"]
    running = subprocess.Popen(
        command, cwd=ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def counted(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def columns() -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, Order._meta.db_table)}


def orders_of(place: PlacePage, dish: DishPage, port: int) -> Iterator[Phone]:
    """Guests whose order is taken, one after the other."""
    for guest in choosing(3, place, dish):
        phone, key = phone_of(guest, port), guest.state.order_key
        assert phone.post("/teahouse/order/", idempotency_key=key).status == 303
        yield phone


def test_a_migration_gives_up_before_the_guests_do(
    place_a: PlacePage, borshch: DishPage, web: Killable, port: int
) -> None:
    guests = orders_of(place_a, borshch, port)
    # The first of all requests is slow for reasons of its own.
    next(guests)
    with somebody_reading(), migrating(lock_seconds=LOCK_SECONDS) as migration:
        assert wait_for(lambda: counted(WAITS_FOR_THE_TABLE) > 0, 60)
        behind = next(guests)
        _out, said = migration.communicate(timeout=60)

    assert (behind.put_off, behind.retries) == (0, 0)
    assert migration.returncode == 1
    # What deploy/prepare tells from a mistake, and tries again; nothing is half done.
    assert "LockNotAvailable" in said
    assert "coming" not in columns()

    with migrating(lock_seconds=LOCK_SECONDS) as migration:
        _out, said = migration.communicate(timeout=60)
    afterwards = next(guests)

    assert (migration.returncode, "coming" in columns()) == (0, True), said
    # The code of before goes on with the new table.
    assert (afterwards.put_off, afterwards.retries) == (0, 0)
    assert Order.objects.count() == 3


def test_control_a_migration_that_waits_on_holds_guests_up(
    place_a: PlacePage, borshch: DishPage, web: Killable, port: int
) -> None:
    guests = orders_of(place_a, borshch, port)
    next(guests)
    (guest, *_others) = choosing(1, place_a, borshch)
    phone, key = phone_of(guest, port), guest.state.order_key
    with somebody_reading(), migrating(lock_seconds="600") as migration:
        assert wait_for(lambda: counted(WAITS_FOR_THE_TABLE) > 0, 60)
        sending = threading.Thread(
            target=phone.post, args=("/teahouse/order/",), kwargs={"idempotency_key": key}, daemon=True
        )
        sending.start()
        held_up = wait_for(lambda: phone.put_off > 0, 30)
    sending.join(60)

    assert held_up
    assert migration.returncode is not None
    assert Order.objects.filter(idempotency_key=key).count() == 1
