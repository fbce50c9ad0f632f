"""A table whose code is in the wrong hands floods the place with orders: the kitchen sees the few it allows, and a full
house behind the same Wi-Fi address orders meanwhile as if nothing were."""

import os
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connection

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.tables import set_table_count
from orders.models import BasketLine, Order, OutboxEvent, Seating, Session, Visit, WaiterCall
from tests.factories.menus import table_of
from tests.factories.people import signed_in
from tests.faults.processes import Killable, Phone, free_port, killable

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

# What comes in some seconds; FLOOD_ATTEMPTS=10000 is the minute that is promised.
ATTEMPTS = int(os.environ.get("FLOOD_ATTEMPTS", "400"))
# Each fresh browser tries so many times before the next one comes.
TRIES = 10
FLOODERS = 16
FLOODED = 7
TABLES = 40
# A full house: five guests at each of thirty tables. All of them, and the flood, come from one address.
HONEST = 150
HONEST_TABLES = range(8, 38)
HONEST_AT_ONCE = 4


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(port: int, borshch: DishPage) -> Iterator[Killable]:
    connection.close()
    with killable("web", str(port)) as process:
        yield process


def seated(table: Table, port: int) -> Phone:
    """A fresh browser that has opened the table's code."""
    phone = Phone(port)
    code = urlsplit(table.link("teahouse"))
    phone.get(f"{code.path}?{code.query}")
    return phone


def choose(phone: Phone) -> None:
    phone.post("/teahouse/basket/add/", dish="soups/borshch")


def flood(table: Table, port: int) -> list[int]:
    """A fresh browser's tries, one after the other and each a new order; the statuses of the answers."""
    phone = seated(table, port)
    choose(phone)
    answers = []
    for _ in range(TRIES):
        answers.append(phone.post("/teahouse/order/", idempotency_key=secrets.token_hex(16)).status)
        if answers[-1] == 303:
            choose(phone)
    return answers


def order(table: Table, port: int) -> int:
    """What an honest guest does; the status of the order's answer."""
    phone = seated(table, port)
    choose(phone)
    key = re.search('name="idempotency_key" value="([^"]+)"', phone.get("/teahouse/basket/").text)  # type: ignore[attr-defined]
    assert key is not None
    return phone.post("/teahouse/order/", idempotency_key=key[1]).status


def test_a_flooding_table_gets_its_few_orders_and_the_others_all_of_theirs(
    place_a: PlacePage, borshch: DishPage, charlie: User, web: Killable, port: int
) -> None:
    set_table_count(place=place_a, count=TABLES)
    flooded = table_of(place_a, FLOODED)
    others = [table_of(place_a, number) for number in HONEST_TABLES]
    allowed = place_a.record.max_unconfirmed_by_table
    browsers = ATTEMPTS // TRIES

    with ThreadPoolExecutor(FLOODERS) as flooding, ThreadPoolExecutor(HONEST_AT_ONCE) as ordering:
        tries = [flooding.submit(flood, flooded, port) for _ in range(browsers)]
        honest = list(ordering.map(lambda number: order(others[number % len(others)], port), range(HONEST)))
        answers = Counter(status for job in tries for status in job.result())

    assert Counter(honest) == {303: HONEST}
    assert answers == {303: allowed, 429: browsers * TRIES - allowed}
    assert Order.objects.unacknowledged().filter(table=flooded).count() == allowed
    columns = signed_in(charlie).get("/staff/teahouse/").context["columns"]
    assert columns[0].size == allowed + HONEST
    # A refused try leaves nothing: what grows is one session and one visit for each browser, whatever it tries.
    orders, guests = allowed + HONEST, browsers + HONEST
    assert (Order.objects.count(), BasketLine.objects.count(), OutboxEvent.objects.count()) == (orders, orders, orders)
    assert (Session.objects.filter(user=None).count(), Visit.objects.count()) == (guests, guests)
    assert (Seating.objects.count(), WaiterCall.objects.count()) == (1 + len(others), 0)
    flooding_visits = Visit.objects.filter(table=flooded)
    assert set(flooding_visits.exclude(events=None)) == set(flooding_visits.exclude(orders=None))
