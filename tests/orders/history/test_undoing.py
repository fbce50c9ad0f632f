"""An import taken back: its orders go, everybody else's stay."""

from typing import Any

import pytest

from accounts.audit_log.sentences import sentence_of
from accounts.models import AuditAction, AuditEntry, User
from menu_pages import pieces, turns
from menu_pages.models import DishPage, PlacePage
from orders.history import imports, undoing
from orders.models import BasketLine, Order, OrderImport, OrderImportStatus
from orders.signals import order_history_changed
from tests.factories.guests import Guest, ordered
from tests.factories.tills import import_orders, many_orders, prepared

pytestmark = pytest.mark.django_db


def test_its_orders_go_and_the_others_stay(
    place_a: PlacePage, guest: Guest, borshch: DishPage, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    own = ordered(guest, borshch)
    kept = import_orders(place_a, many_orders(5))
    found = import_orders(place_a, many_orders(12))
    heard: list[int] = []

    def hear(place_id: int, **kwargs: object) -> None:
        heard.append(place_id)

    order_history_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            undoing.start_undoing(found, by=alice)
    finally:
        order_history_changed.disconnect(hear)

    found.refresh_from_db()
    assert (found.status, found.done, found.total) == (OrderImportStatus.UNDONE, 7, 7)
    assert set(Order.objects.all()) == {own, *kept.orders.all()}
    assert BasketLine.objects.count() == 1 + 10
    assert heard == [place_a.pk]
    entry = AuditEntry.objects.filter(action=AuditAction.DATA_IMPORTED).order_by("-pk")[0]
    assert (entry.by, entry.details) == (alice, {"what": "orders", "orders": 7, "undo": True})
    assert sentence_of(entry).text == "Orders of an old till taken back: till.csv, 7 orders"


def test_what_was_taken_back_can_be_imported_again(place_a: PlacePage) -> None:
    undoing.start_undoing(import_orders(place_a, many_orders(3)), by=None)
    assert Order.objects.count() == 0

    assert import_orders(place_a, many_orders(3)).total == 3
    assert Order.objects.count() == 3


def test_taking_back_goes_on_where_it_was_killed(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "STEP", 4)
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    found = import_orders(place_a, many_orders(10))
    delete = undoing._delete
    left = [1]

    def die(orders: list[int]) -> None:
        if not left[0]:
            raise MemoryError
        left[0] -= 1
        delete(orders)

    with monkeypatch.context() as patch:
        patch.setattr(undoing, "_delete", die)
        with pytest.raises(MemoryError):
            undoing.start_undoing(found, by=None)
    found.refresh_from_db()
    assert (found.status, found.undoing, found.done, Order.objects.count()) == (OrderImportStatus.RUNNING, True, 4, 6)

    assert imports.run_import(found.pk)

    found.refresh_from_db()
    assert (found.status, found.done, Order.objects.count()) == (OrderImportStatus.UNDONE, 10, 0)


def test_half_an_import_can_be_taken_back(place_a: PlacePage) -> None:
    found = import_orders(place_a, many_orders(3))
    OrderImport.objects.filter(pk=found.pk).update(status=OrderImportStatus.FAILED, total=9)

    undoing.start_undoing(OrderImport.objects.get(pk=found.pk), by=None)

    found.refresh_from_db()
    assert (found.status, found.total, Order.objects.count()) == (OrderImportStatus.UNDONE, 3, 0)


def test_not_while_another_import_runs(place_a: PlacePage) -> None:
    found = import_orders(place_a, many_orders(3))
    turns.claim(prepared(place_a, many_orders(4)))

    with pytest.raises(turns.AnotherRunsError):
        undoing.start_undoing(found, by=None)

    found.refresh_from_db()
    assert (found.status, found.undoing, found.done, found.total) == (OrderImportStatus.DONE, False, 3, 3)
    assert Order.objects.count() == 3


@pytest.mark.parametrize("status", [OrderImportStatus.READY, OrderImportStatus.WAITING, OrderImportStatus.UNDONE])
def test_what_brought_nothing_is_left_alone(place_a: PlacePage, status: str) -> None:
    found = prepared(place_a, many_orders(2))
    OrderImport.objects.filter(pk=found.pk).update(status=status)

    undoing.start_undoing(OrderImport.objects.get(pk=found.pk), by=None)

    found.refresh_from_db()
    assert (found.status, found.undoing) == (status, False)
