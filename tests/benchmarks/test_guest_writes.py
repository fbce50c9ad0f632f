"""What guests write: adding to the basket and sending the order, through the product's own server; needs PostgreSQL."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as product
from django.db import connection
from django.test.utils import CaptureQueriesContext

from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.tables import set_table_count
from orders.models import BasketLine, Order, OutboxEvent
from tests.benchmarks.guests import Request, send_all
from tests.benchmarks.servers import Load, free_port, granian, served
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.cast import alice, english, place_a, soups  # noqa: F401  (fixtures)
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import make_dish, table_of
from tests.faults.processes import environment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the figures are of PostgreSQL"),
]

TABLES, GUESTS, LINES, WARMING = 40, 240, 4, 40
ADDS, CLIENTS = 2400, 8
ADDS_A_SECOND, QUERIES, RATIO, P95 = 300, 8, 0.8, 60


@pytest.fixture
def dishes(soups: CategoryPage) -> list[DishPage]:  # noqa: F811
    return [make_dish(soups, f"Soup {number}", "390") for number in range(LINES)]


@pytest.fixture
def guests(place_a: PlacePage, dishes: list[DishPage]) -> list[Guest]:  # noqa: F811
    set_table_count(place=place_a, count=TABLES)
    place_a.record.max_unconfirmed_by_table = GUESTS
    place_a.record.save()
    tables = [table_of(place_a, number + 1) for number in range(TABLES)]
    return [guest_at(tables[number % TABLES]) for number in range(GUESTS)]


@pytest.fixture
def port(guests: list[Guest], tmp_path: Path) -> Iterator[int]:
    connection.close()
    port = free_port()
    told = environment(VAR_DIR=str(tmp_path))
    with served("-m", "menusite.web", "127.0.0.1", str(port), port=port, environment=told):
        yield port


def hello_of_the_same(clients: int) -> Load:
    """What the same clients get from a server that does nothing."""
    port = free_port()
    with served(*granian("tests.benchmarks.hello:application", port, threads=4), port=port):
        return send_all([Request("/")] * ADDS, port=port, cookie="none", clients=clients, expected=200)


def cookie_of(guest: Guest) -> str:
    return guest.client.cookies[product.SESSION_COOKIE_NAME].value


def test_adding_to_the_basket(guests: list[Guest], dishes: list[DishPage], port: int, table: Table) -> None:
    adds = [
        Request("/teahouse/basket/add/", cookie_of(guests[number % GUESTS]), {"dish": dishes[number % LINES].menu_path})
        for number in range(ADDS)
    ]
    cookie = product.SESSION_COOKIE_NAME
    send_all(adds[:GUESTS], port=port, cookie=cookie, clients=CLIENTS, expected=200)

    found = send_all(adds, port=port, cookie=cookie, clients=CLIENTS, expected=200)
    hello = hello_of_the_same(CLIENTS)
    with CaptureQueriesContext(connection) as queries:
        guests[0].add(dishes[0], fragment="basket_bar")

    table.add(
        Target.ADDING,
        f"adding to the basket, {CLIENTS} clients",
        f"{found.rate:.0f}/s, 95 % within {found.p95:.0f} ms, {len(queries)} queries",
        reference=f"Django hello without middleware on the same server: {hello.rate:.0f}/s",
        ratio=found.rate / hello.rate,
        wanted=f"≥ {ADDS_A_SECOND}/s, ≤ {QUERIES} queries",
        holds=found.rate >= ADDS_A_SECOND and len(queries) <= QUERIES,
    )


def test_sending_orders(
    place_a: PlacePage,  # noqa: F811
    guests: list[Guest],
    dishes: list[DishPage],
    port: int,
    tmp_path: Path,
    table: Table,
) -> None:
    for guest in guests:
        for dish in dishes:
            guest.add(dish)
    orders = [
        Request("/teahouse/order/", cookie_of(guest), {"idempotency_key": guest.state.order_key}) for guest in guests
    ]
    cookie, other = product.SESSION_COOKIE_NAME, free_port()
    # Each thread of the server has met an order before.
    send_all(orders[:WARMING], port=port, cookie=cookie, clients=CLIENTS, expected=303)
    ours = send_all(orders[WARMING:], port=port, cookie=cookie, clients=CLIENTS, expected=303)
    assert (Order.objects.count(), BasketLine.objects.count()) == (GUESTS, LINES * GUESTS)
    assert OutboxEvent.objects.filter(kind="order.sent").count() == GUESTS

    told = environment(VAR_DIR=str(tmp_path))
    bare = [Request(f"/?{place_a.pk}&{guest.state.visit_id}", secrets.token_hex(4)) for guest in guests]
    command = granian("tests.benchmarks.bare_orders:application", other, threads=4)
    with served(*command, port=other, environment=told):
        send_all(bare[:WARMING], port=other, cookie=cookie, clients=CLIENTS, expected=303)
        reference = send_all(bare[WARMING:], port=other, cookie=cookie, clients=CLIENTS, expected=303)

    table.add(
        Target.SENDING,
        f"sending an order of {LINES} lines, {CLIENTS} clients",
        f"{ours.rate:.0f}/s, 95 % within {ours.p95:.0f} ms",
        reference=f"the same rows by the bare ORM on the same server: {reference.rate:.0f}/s, 95 % within "
        f"{reference.p95:.0f} ms",
        ratio=ours.rate / reference.rate,
        wanted=f"≥ {RATIO}; 95 % within {P95} ms",
        holds=ours.rate >= RATIO * reference.rate and ours.p95 <= P95,
    )
