"""The worker killed again and again while it prints: no order stays without its ticket."""

import os
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from menu_pages.models import DishPage, PlacePage
from orders.desk.failures import print_again
from orders.models import Consumer, Delivery, DeliveryStatus, Order, OutboxEvent
from orders.outbox import hurrying
from tests.factories.guests import guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.stations import make_station, running_printer
from tests.faults.matrix.world import Hand
from tests.faults.own_redis import OwnRedis
from tests.faults.processes import killable, wait_for

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="starts a Redis of its own: install redis-server"),
]

# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
KILLS = 5 * int(os.environ.get("FAULTS_TIMES", "1"))
TABLES = 10
# Each ticket is some tenths of a second; what is due is handed on every few seconds.
SECONDS_AFTERWARDS = 60 + KILLS * 4


def time_passes() -> None:
    """What was lent to the dead worker is free again."""
    Delivery.objects.waiting().update(next_try_at=timezone.now())


def tickets() -> Any:
    """Their deliveries; of orders that wait long there are letters besides."""
    return Delivery.objects.filter(consumer=Consumer.TICKET)


def somebody_tries_again() -> None:
    """A ticket whose every attempt was cut short is told of on the desk; whoever reads that presses the button."""
    for given_up in tickets().filter(status=DeliveryStatus.FAILED).select_related("event__order__place"):
        print_again(order=given_up.event.order)


def all_delivered() -> bool:
    somebody_tries_again()
    time_passes()
    return tickets().filter(status=DeliveryStatus.DONE).count() == Order.objects.count()


def number_on(ticket: str) -> int:
    found = re.search(r"Заказ (\d+)", ticket)
    assert found is not None, ticket
    return int(found[1])


@pytest.fixture(autouse=True)
def only_the_worker_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do what is put into the queue at once, in their own process."""
    monkeypatch.setattr(hurrying._Pause, "until", float("inf"))


def test_every_order_gets_its_ticket(place_a: PlacePage, borshch: DishPage, redis: OwnRedis, tmp_path: Path) -> None:
    place_a.record.max_unconfirmed_by_table = 100
    place_a.record.save()
    tables = [table_of(place_a, number) for number in range(1, TABLES + 1)]
    told = {"REDIS_URL": redis.url, "PRINTER_NETWORKS": "127.0.0.0/8"}
    with running_printer() as printer:
        make_station(place_a, "Kitchen", printer=printer)
        orders = [ordered(guest_at(tables[number % TABLES]), borshch) for number in range(KILLS * 2)]
        connection.close()
        with killable("worker", str(tmp_path / "schedule"), **told) as worker:
            for round_ in range(1, KILLS + 1):
                printer.tickets(round_)
                worker.kill()
                time_passes()
            assert wait_for(all_delivered, SECONDS_AFTERWARDS), Counter(tickets().values_list("status", "tries"))
        printed = [ticket.decode("cp866") for ticket in printer.printed]

    assert worker.deaths == KILLS
    assert {number_on(ticket) for ticket in printed} == {order.number for order in orders}
    # Whoever cooks by a ticket without the mark cooks each order once.
    first = [number_on(ticket) for ticket in printed if "ПОВТОР" not in ticket]
    assert len(first) == len(set(first))
    assert set(tickets().values_list("status", flat=True)) == {DeliveryStatus.DONE}


@pytest.mark.parametrize("trouble", ["forgets", "restarts"])
def test_tickets_come_after_the_queue_has_lost_everything(
    place_a: PlacePage, borshch: DishPage, redis: OwnRedis, tmp_path: Path, trouble: str
) -> None:
    """The worker lives on: what it had declared in the queue is gone, and what waited there."""
    told = {"REDIS_URL": redis.url, "PRINTER_NETWORKS": "127.0.0.0/8"}
    with running_printer() as printer:
        make_station(place_a, "Kitchen", printer=printer)
        first = ordered(guest_at(table_of(place_a, 1)), borshch)
        connection.close()
        with killable("worker", str(tmp_path / "schedule"), **told) as worker:
            printer.tickets(1)
            if trouble == "restarts":
                redis.stop()
                redis.start()
            redis.forget()
            second = ordered(guest_at(table_of(place_a, 2)), borshch)
            assert wait_for(all_delivered, SECONDS_AFTERWARDS)
        printed = [ticket.decode("cp866") for ticket in printer.printed]

    assert worker.deaths == 0
    assert [number_on(ticket) for ticket in printed] == [first.number, second.number]


def test_control_without_the_rounds_what_the_queue_forgot_is_never_asked_for(
    place_a: PlacePage, borshch: DishPage, redis: OwnRedis
) -> None:
    """The order's own request asks the worker to look at once; only the rounds look without being asked."""
    told = {"REDIS_URL": redis.url, "PRINTER_NETWORKS": "127.0.0.0/8"}
    with running_printer() as printer:
        make_station(place_a, "Kitchen", printer=printer)
        ordered(guest_at(table_of(place_a, 1)), borshch)
        connection.close()
        with killable("hand", "-", born=False, **told) as process:
            hand = Hand(process.parent)
            assert hand.do("hurry") == 0
            asked = redis.client.llen("celery")
            redis.forget()
            left = redis.client.llen("celery")
            waits = OutboxEvent.objects.filter(relayed_at=None).count()
            # A round.
            assert hand.do("relay") == 0
        printed = printer.tickets(1)

    assert (asked, left, waits) == (1, 0, 1)
    assert len(printed) == 1
