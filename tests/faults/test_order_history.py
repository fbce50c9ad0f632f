"""Imports of an old till through killed workers and beside each other: every order once."""

import datetime
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from menu_pages import pieces, turns
from menu_pages.models import DishPage, PlacePage
from menu_pages.models.under_way import SILENT_SECONDS
from orders.history import comparing, imports, writing
from orders.models import BasketLine, Order, OrderImport, OrderImportStatus
from tests.factories.guests import guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.tills import many_orders, prepared
from tests.faults.at_once import WAIT_SECONDS, at_once
from tests.faults.processes import import_command, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ORDERS = 40
MANY = 16_000
KILLS = 2


def two_workers(place: PlacePage, monkeypatch: pytest.MonkeyPatch) -> OrderImport:
    """One import run by a worker that is taken over in the midst of a piece."""
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    monkeypatch.setattr(imports, "STEP", 10)
    found = prepared(place, many_orders(ORDERS))
    turns.claim(found)
    begun, taken_over = threading.Event(), threading.Event()
    write, take, first = writing.Writer.write, turns.take_over, threading.local()

    def slow(*args: object) -> None:
        write(*args)
        if getattr(first, "worker", False) and not begun.is_set():
            begun.set()
            taken_over.wait(WAIT_SECONDS)

    def before() -> bool:
        first.worker = True
        return imports.run_import(found.pk)

    def after() -> bool:
        begun.wait(WAIT_SECONDS)

        def taking(*args: object) -> object:
            ours = take(*args)
            taken_over.set()
            return ours

        monkeypatch.setattr(turns, "take_over", taking)
        return imports.run_import(found.pk)

    monkeypatch.setattr(writing.Writer, "write", slow)
    assert at_once(before, after) == [True, True]
    return OrderImport.objects.get(pk=found.pk)


def test_two_workers_write_each_order_once(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    found = two_workers(place_a, monkeypatch)

    assert (found.status, found.done) == (OrderImportStatus.DONE, ORDERS)
    assert (Order.objects.count(), BasketLine.objects.count()) == (ORDERS, 2 * ORDERS)


def test_control_without_keys_of_their_own_orders_are_doubled(
    place_a: PlacePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each worker gives every order another key, and nobody is taken over."""
    keys = iter(range(1_000_000))
    monkeypatch.setattr(comparing, "key_of", lambda _till_id: f"till:{next(keys)}")
    monkeypatch.setattr(turns, "keep", lambda _ours, **_progress: None)

    two_workers(place_a, monkeypatch)

    assert Order.objects.count() > ORDERS


def test_two_imports_of_one_file_at_once(place_a: PlacePage) -> None:
    """As from the command and the admin: one of them runs, and nothing is doubled."""
    files = [prepared(place_a, many_orders(ORDERS)) for _ in range(2)]

    def run(found: OrderImport) -> bool:
        try:
            turns.claim(found)
        except turns.AnotherRunsError:
            return False
        return imports.run_import(found.pk)

    results = at_once(*[lambda found=found: run(found) for found in files])

    assert True in results
    assert (Order.objects.count(), BasketLine.objects.count()) == (ORDERS, 2 * ORDERS)


def test_guests_order_while_an_import_holds_its_piece_open(
    place_a: PlacePage, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lock of an import is one that sending an order asks for."""
    guest = guest_at(table_of(place_a, 1))
    found = prepared(place_a, many_orders(ORDERS))
    turns.claim(found)
    begun, sent = threading.Event(), threading.Event()
    write = writing.Writer.write

    def slow(*args: object) -> None:
        write(*args)
        begun.set()
        sent.wait(WAIT_SECONDS / 2)

    def order() -> bool:
        begun.wait(WAIT_SECONDS)
        ordered(guest, borshch)
        sent.set()
        return True

    monkeypatch.setattr(writing.Writer, "write", slow)
    began = [lambda: imports.run_import(found.pk), order]

    assert at_once(*began) == [True, True]
    assert sent.is_set()
    assert Order.objects.sent_here().get().number == 1
    assert Order.objects.count() == ORDERS + 1


def test_a_killed_command_started_again_finishes(place_a: PlacePage, tmp_path: Path) -> None:
    path = tmp_path / "till.csv"
    path.write_bytes(many_orders(MANY))
    connection.close()

    for _ in range(KILLS):
        there = Order.objects.count()
        with import_command(path) as running:
            assert wait_for(lambda there=there: Order.objects.count() > there, 60)
            running.kill()
        # Nobody waits for the dead as long as the product does.
        OrderImport.objects.update(moved_at=timezone.now() - 2 * datetime.timedelta(seconds=SILENT_SECONDS))
    killed_at = Order.objects.count()
    with import_command(path) as running:
        assert running.wait(WAIT_SECONDS) == 0

    assert 0 < killed_at < MANY
    assert (Order.objects.count(), BasketLine.objects.count()) == (MANY, 2 * MANY)
    states = OrderImport.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == [OrderImportStatus.FAILED] * KILLS + [OrderImportStatus.DONE]
