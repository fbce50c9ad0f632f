"""The order is in the books and its answer lost on the way: the phone sends it again and hears of the same order."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection

from menu_pages.models import DishPage, PlacePage
from orders.models import Order, OutboxEvent
from tests.faults.processes import Killable, Phone, free_port, killable
from tests.faults.proxy import FaultProxy, Mode, fault_proxy
from tests.faults.test_killed_web import choosing, phone_of

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
ORDERS = 50 * int(os.environ.get("FAULTS_TIMES", "1"))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(port: int, borshch: DishPage) -> Iterator[Killable]:
    connection.close()
    with killable("web", str(port)) as process:
        yield process


@pytest.fixture
def line(web: Killable, port: int) -> Iterator[FaultProxy]:
    with fault_proxy(port) as between:
        # Connections wait at the parent's door until the child answers.
        Phone(between.port).get("/healthz")
        yield between


def send_with_the_answer_cut(phone: Phone, line: FaultProxy, key: str) -> str:
    """Where the second answer leads; the first was cut in the middle."""
    attempts = 0

    def sent() -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 2:
            line.turn(Mode.PASS)

    phone.sent = sent
    line.forget()
    line.turn(Mode.CUT)
    answer = phone.post("/teahouse/order/", idempotency_key=key)
    assert (answer.status, line.felt > 0, attempts >= 2) == (303, True, True)
    return answer.headers["Location"]


def test_an_order_whose_answer_was_lost_is_the_same_order_again(
    place_a: PlacePage, borshch: DishPage, line: FaultProxy
) -> None:
    guests = choosing(ORDERS, place_a, borshch)
    places = {}
    for guest in guests:
        key = guest.state.order_key
        places[key] = send_with_the_answer_cut(phone_of(guest, line.port), line, key)

    orders = {order.idempotency_key: order for order in Order.objects.all()}
    assert {key: f"/teahouse/orders/{order.public_id}/" for key, order in orders.items()} == places
    assert len(places) == OutboxEvent.objects.count() == ORDERS
    assert sum(order.items for order in orders.values()) == sum(1 + number % 3 for number in range(ORDERS))


def test_control_without_the_key_the_guest_would_order_twice(
    place_a: PlacePage, borshch: DishPage, line: FaultProxy
) -> None:
    """A page that made up a new key for each attempt: what was lost was the answer, not the order."""
    (guest,) = choosing(1, place_a, borshch)
    key = guest.state.order_key
    send_with_the_answer_cut(phone_of(guest, line.port), line, key)
    guest.add(borshch)

    phone_of(guest, line.port).post("/teahouse/order/", idempotency_key=guest.state.order_key)

    assert Order.objects.count() == 2
