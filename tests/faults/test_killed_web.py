"""Orders over the network: pressed five times each by many at once, and with the web process killed in between."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from menu_pages.models import DishPage, PlacePage, Table
from orders.models import BasketLine, DeskState, GuestEvent, Order, OrderStatusChange, OutboxEvent
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import table_of
from tests.faults.processes import Killable, Phone, free_port, killable

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
TIMES = int(os.environ.get("FAULTS_TIMES", "1"))
ORDERS = 100 * TIMES
# Fewer, since each death is waited for.
ORDERS_UNDER_FIRE = 40 * TIMES
KILLS = 10 * TIMES
PRESSES = 5
CONNECTIONS = 64
TABLES = 10


def choosing(count: int, place: PlacePage, dish: DishPage) -> list[Guest]:
    """So many guests with something in the basket, several at a table."""
    place.record.max_unconfirmed_by_table = 100
    place.record.save()
    tables = [table_of(place, number) for number in range(1, TABLES + 1)]
    return [_at(tables[number % TABLES], dish, 1 + number % 3) for number in range(count)]


def _at(table: Table, dish: DishPage, quantity: int) -> Guest:
    guest = guest_at(table)
    guest.add(dish, quantity)
    return guest


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(port: int, borshch: DishPage) -> Iterator[Killable]:
    connection.close()
    with killable("web", str(port)) as process:
        yield process


def phone_of(guest: Guest, port: int) -> Phone:
    return Phone(port, guest.client.cookies[settings.SESSION_COOKIE_NAME].value)


def send_all(guests: list[Guest], phones: list[Phone]) -> list[tuple[str, int, str]]:
    """Every guest's order, pressed `PRESSES` times; gives key, status and where each answer led."""
    keys = [guest.state.order_key for guest in guests]
    presses = [(phone, key) for phone, key in zip(phones, keys, strict=True) for _ in range(PRESSES)]

    def press(told: tuple[Phone, str]) -> tuple[str, int, str]:
        phone, key = told
        answer = phone.post("/teahouse/order/", idempotency_key=key)
        return key, answer.status, answer.headers["Location"]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(press, presses))


def assert_each_order_is_there_once(guests: list[Guest], answers: list[tuple[str, int, str]]) -> None:
    assert Counter(status for _key, status, _to in answers) == {303: len(answers)}
    places = {key: {to for other, _status, to in answers if other == key} for key in {key for key, *_ in answers}}
    assert all(len(to) == 1 for to in places.values())
    orders = list(Order.objects.prefetch_related("lines", "history", "outbox"))
    assert sorted(order.idempotency_key for order in orders) == sorted(places)
    assert sorted(order.number for order in orders) == list(range(1, len(guests) + 1))
    assert {(len(order.lines.all()), len(order.history.all()), len(order.outbox.all())) for order in orders} == {
        (1, 1, 1)
    }
    assert sum(order.items for order in orders) == sum(1 + number % 3 for number in range(len(guests)))
    assert BasketLine.objects.unsent().count() == 0
    assert (OrderStatusChange.objects.count(), OutboxEvent.objects.count()) == (len(guests), len(guests))
    assert DeskState.objects.get().version >= len(guests)
    assert GuestEvent.objects.filter(kind="dish_added").count() == len(guests)


def test_many_orders_pressed_five_times_each(place_a: PlacePage, borshch: DishPage, web: Killable, port: int) -> None:
    guests = choosing(ORDERS, place_a, borshch)

    answers = send_all(guests, [phone_of(guest, port) for guest in guests])

    assert_each_order_is_there_once(guests, answers)


def test_the_web_process_killed_while_orders_come(
    place_a: PlacePage, borshch: DishPage, web: Killable, port: int
) -> None:
    guests = choosing(ORDERS_UNDER_FIRE, place_a, borshch)
    phones = [phone_of(guest, port) for guest in guests]
    every = ORDERS_UNDER_FIRE * PRESSES // (KILLS + 1)
    under_way = threading.Semaphore(0)
    for phone in phones:
        phone.sent = under_way.release

    def kill() -> None:
        """Each time so many more requests wait for an answer."""
        for _ in range(KILLS):
            for _ in range(every):
                under_way.acquire()
            web.kill()

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    answers = send_all(guests, phones)
    killer.join(60)

    assert web.deaths == KILLS
    # That the deaths were felt: otherwise they came between the requests and show nothing.
    assert sum(phone.retries for phone in phones) >= KILLS
    assert_each_order_is_there_once(guests, answers)
