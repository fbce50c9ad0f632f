"""Bulk changes beside other writers: nothing is done twice, and no edit is overwritten."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import PageLogEntry

from menu_pages import pieces, turns
from menu_pages.bulk import applying, changes
from menu_pages.bulk.looking import PriceRule
from menu_pages.editing import edit_page
from menu_pages.models import BulkAction, BulkChange, BulkStatus, CategoryPage, DishPage, PlacePage
from tests.factories.menus import make_dish
from tests.faults.at_once import WAIT_SECONDS, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

SEVEN = PriceRule(percent=Decimal(7), rounding="5", options=False)
DISHES = 8


def someone_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        # For this very transaction; others run beside it on the same server.
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid")
        return cursor.fetchone()[0] > 0


def claimed(place: PlacePage, dishes: list[DishPage]) -> BulkChange:
    change = changes.prepare_change(place=place, dishes=dishes, action=BulkAction.PRICES, rule=SEVEN, by=None)
    turns.claim(change)
    return change


def change_while_edited(place: PlacePage, dish: DishPage) -> BulkChange:
    """Apply the change in the moment between an editor's new price and its commit."""
    change = claimed(place, [DishPage.objects.get(pk=dish.pk)])
    edited, answered = threading.Event(), threading.Event()

    def edit() -> None:
        with transaction.atomic():
            edit_page(dish, {"price": Decimal(400)}, None)
            edited.set()
            # Until the worker stands at the lock, or has slipped past it.
            while not (someone_waits_for_us() or answered.wait(0.02)):
                pass

    def apply() -> None:
        edited.wait(WAIT_SECONDS)
        try:
            changes.run_change(change.pk)
        finally:
            answered.set()

    at_once(edit, apply)
    return BulkChange.objects.get(pk=change.pk)


def test_a_price_edited_between_look_and_apply_is_left(place_a: PlacePage, borshch: DishPage) -> None:
    change = change_while_edited(place_a, borshch)

    assert DishPage.objects.get(pk=borshch.pk).price == Decimal("400.00")
    assert [found["found"] for found in change.skipped] == ["400.00"]


def test_control_without_the_lock_the_edit_is_overwritten(
    place_a: PlacePage, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "locked_dish", lambda _place, pk: DishPage.objects.get(pk=pk))

    change = change_while_edited(place_a, borshch)

    assert DishPage.objects.get(pk=borshch.pk).price == Decimal("415.00")
    assert change.skipped == []


def two_workers(place: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch) -> tuple[BulkChange, int]:
    """One change run by a worker that is taken over in the midst of a piece; the change and the pages' log entries."""
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    dishes = [make_dish(soups, f"Dish {number}", "100") for number in range(DISHES)]
    change = claimed(place, dishes)
    begun, taken_over = threading.Event(), threading.Event()
    apply_item, first = applying.apply_item, threading.local()

    def slow(**item: Any) -> Any:
        found = apply_item(**item)
        if getattr(first, "worker", False) and not begun.is_set():
            begun.set()
            taken_over.wait(WAIT_SECONDS)
        return found

    def before() -> bool:
        first.worker = True
        return changes.run_change(change.pk)

    def after() -> bool:
        begun.wait(WAIT_SECONDS)
        token = turns.take_over

        def take(*args: Any) -> Any:
            ours = token(*args)
            taken_over.set()
            return ours

        monkeypatch.setattr(turns, "take_over", take)
        return changes.run_change(change.pk)

    monkeypatch.setattr(changes, "apply_item", slow)
    jobs: list[Callable[[], bool]] = [before, after]
    assert at_once(*jobs) == [True, True]
    entries = PageLogEntry.objects.filter(page__in=dishes, action="wagtail.publish").count()
    return BulkChange.objects.get(pk=change.pk), entries


def test_two_workers_change_each_dish_once(
    place_a: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, entries = two_workers(place_a, soups, monkeypatch)

    assert (change.status, change.done, change.skipped, entries) == (BulkStatus.DONE, DISHES, [], DISHES)
    assert set(DishPage.objects.values_list("price", flat=True)) == {Decimal("105.00")}


def test_control_without_the_token_the_result_is_wrong(
    place_a: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both workers write: what one has changed the other calls changed meanwhile."""
    monkeypatch.setattr(
        turns, "keep", lambda _ours, **progress: BulkChange.objects.filter(place=place_a).update(**progress)
    )

    change, _entries = two_workers(place_a, soups, monkeypatch)

    assert change.skipped != []
