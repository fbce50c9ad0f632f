"""Everybody writes at once, each their own kind of thing: nobody stands in another's way for ever."""

import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from menu_pages.editing import edit_page
from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.stopping import return_dish, stop_dish
from orders.escalating import escalate_unanswered
from orders.models import Order, OrderStatus, Seating
from orders.order_states import IllegalMoveError, move_order
from orders.outbox.relay import run_relay
from orders.seatings import OrdersOpenError, close_seating, open_by_staff
from tests.factories.guests import guest_at
from tests.factories.menus import table_of
from tests.faults.at_once import WAIT_SECONDS, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
ROUNDS = 12 * int(os.environ.get("FAULTS_TIMES", "1"))
DEADLOCK = "40P01"


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@dataclass
class Crowd:
    """Who writes, all at the same two tables and the same two dishes."""

    tables: list[Table]
    dishes: tuple[DishPage, DishPage]
    waiter: User
    owner: User
    statuses: list[int] = field(default_factory=list)

    def order(self, number: int) -> None:
        guest = guest_at(self.tables[number])
        for _ in range(ROUNDS):
            answers = [guest.scan(self.tables[number]), *(guest.add(dish) for dish in self.dishes), guest.send()]
            self.statuses += [answer.status_code for answer in answers]

    def call(self) -> None:
        guest = guest_at(self.tables[0])
        for _ in range(ROUNDS):
            answers = [guest.scan(self.tables[0]), guest.call("bill", payment="card"), guest.post("leave")]
            self.statuses += [answer.status_code for answer in answers]

    def answer(self) -> None:
        for _ in range(ROUNDS * 2):
            for order in Order.objects.exclude(status__in=("closed", "cancelled")).order_by("-pk")[:2]:
                for step in (OrderStatus.ACCEPTED, OrderStatus.READY, OrderStatus.SERVED):
                    # Another was quicker.
                    with suppress(IllegalMoveError):
                        move_order(order_id=order.pk, to=step, by=self.waiter)

    def close(self) -> None:
        for number in range(ROUNDS):
            table = self.tables[number % 2]
            for seating in Seating.objects.open().filter(table=table):
                with suppress(OrdersOpenError):
                    close_seating(seating_id=seating.pk, by=self.waiter)
            open_by_staff(table=table, by=self.waiter)

    def edit(self) -> None:
        for number in range(ROUNDS):
            edit_page(DishPage.objects.get(pk=self.dishes[0].pk), {"description": f"Fresh {number}"}, self.owner)

    def stop(self) -> None:
        for _ in range(ROUNDS):
            stop_dish(dish=self.dishes[1], by=self.waiter)
            return_dish(dish=self.dishes[1])

    def work(self) -> None:
        for _ in range(ROUNDS):
            run_relay()
            escalate_unanswered()


def test_eight_kinds_of_writers_never_lock_each_other_out(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage, charlie: User, alice: User
) -> None:
    place_a.record.max_unconfirmed_by_table = place_a.record.max_unconfirmed_by_visit = 100
    place_a.record.save()
    crowd = Crowd([table_of(place_a, number) for number in (1, 2)], (borshch, ukha), charlie, alice)
    before = deadlocks()

    at_once(
        partial(crowd.order, 0),
        partial(crowd.order, 1),
        crowd.call,
        crowd.answer,
        crowd.close,
        crowd.edit,
        crowd.stop,
        crowd.work,
    )

    assert deadlocks() == before
    assert [status for status in crowd.statuses if status >= 500] == []
    assert Order.objects.count() > 0
    for order in Order.objects.prefetch_related("lines"):
        assert order.items == sum(line.quantity for line in order.lines.all())


def test_control_two_who_lock_in_another_order_are_counted(borshch: DishPage, ukha: DishPage) -> None:
    """What is counted above does happen where locks have no order: each holds what the other wants."""
    before = deadlocks()
    gate = threading.Barrier(2)

    def lock(first: DishPage, second: DishPage) -> str:
        try:
            with transaction.atomic():
                DishPage.objects.select_for_update(of=("self",)).get(pk=first.pk)
                gate.wait(WAIT_SECONDS)
                DishPage.objects.select_for_update(of=("self",)).get(pk=second.pk)
        except OperationalError as error:
            return str(getattr(error.__cause__, "pgcode", ""))
        return "done"

    found = at_once(partial(lock, borshch, ukha), partial(lock, ukha, borshch))

    assert sorted(found) == sorted([DEADLOCK, "done"])
    assert deadlocks() == before + 1
