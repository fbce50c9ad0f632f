"""Bulk changes on their way: undone, carried on by the worker, stopped half-way, forgotten."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway
from wagtail.models import Revision

from accounts.models import User
from menu_pages import pieces, turns
from menu_pages.bulk import changes
from menu_pages.editing import edit_page
from menu_pages.models import BulkChange, BulkStatus, CategoryPage, DishPage, PlacePage
from menu_pages.tasks import apply_bulk_change
from tests.factories.bulk_changes import applied, fresh, left, many, prepared, price_of, stored
from tests.factories.menus import make_category


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)


# Undoing


def test_undoing_changes_back_only_what_is_still_as_it_left_it(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage, alice: User
) -> None:
    change = applied(place_a, [borshch, ukha])
    edit_page(ukha, {"price": Decimal(500)}, None)

    reverse = changes.undo_change(change, by=alice)

    assert [price_of(dish) for dish in (borshch, ukha)] == ["390.00", "500.00"]
    assert left(stored(reverse)) == [("Ukha", "changed")]
    assert stored(reverse).undoes == change
    # Pressed twice it is done once; and it may be undone itself.
    assert changes.undo_change(change, by=alice) == reverse
    changes.undo_change(stored(reverse), by=alice)
    assert price_of(borshch) == "415.00"


def test_nothing_is_undone_before_it_is_done_or_when_nothing_was(place_a: PlacePage, borshch: DishPage) -> None:
    ready = prepared(place_a, [borshch])
    with pytest.raises(changes.NothingToUndoError):
        changes.undo_change(ready, by=None)

    edit_page(borshch, {"price": Decimal(1)}, None)
    changes.start_change(ready)
    with pytest.raises(changes.NothingToUndoError):
        changes.undo_change(ready, by=None)
    assert BulkChange.objects.count() == 1


# The worker


def test_more_than_twenty_are_a_task(place_a: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(apply_bulk_change, "delay", sent.append)
    twenty, more = many(soups, 20), many(make_category(place_a, "Mains"), 21)

    few = applied(place_a, twenty)
    assert (few.status, sent) == (BulkStatus.DONE, [])
    large = applied(place_a, more)
    assert (large.status, sent) == (BulkStatus.WAITING, [large.pk])
    assert price_of(more[0]) == "100.00"

    apply_bulk_change(large.pk)
    assert (stored(large).status, price_of(more[20])) == (BulkStatus.DONE, "105.00")
    # The same message once more, as brokers may deliver it.
    apply_bulk_change(large.pk)
    assert price_of(more[0]) == "105.00"
    assert DishPage.objects.get(pk=more[0].pk).revisions.count() == 1


def test_queue_away_changes_nothing(place_a: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pk: int) -> None:
        raise BrokerAway

    monkeypatch.setattr(apply_bulk_change, "delay", refuse)
    dishes = many(soups, 21)
    change = prepared(place_a, dishes)

    with pytest.raises(turns.QueueAwayError):
        changes.start_change(change)

    assert stored(change).status == BulkStatus.READY
    assert not Revision.objects.for_instance(dishes[0]).exists()


@pytest.mark.usefixtures("small_pieces")
def test_it_goes_on_where_it_stopped(place_a: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    dishes = many(soups, 5)
    change = prepared(place_a, dishes)
    turns.claim(change)
    keep = turns.keep

    def die(ours: Any, **progress: Any) -> None:
        keep(ours, **progress)
        if progress["done"] == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(turns, "keep", die)
    with pytest.raises(KeyboardInterrupt):
        changes.run_change(change.pk)
    assert (stored(change).status, stored(change).done) == (BulkStatus.RUNNING, 2)
    assert [price_of(dish) for dish in dishes] == ["105.00"] * 2 + ["100.00"] * 3

    monkeypatch.setattr(turns, "keep", keep)
    assert changes.run_change(change.pk)
    assert (stored(change).status, stored(change).skipped) == (BulkStatus.DONE, [])
    assert [dish.revisions.count() for dish in fresh(*dishes)] == [1] * 5


@pytest.mark.usefixtures("small_pieces")
def test_turns_are_short_and_continue_each_other(
    place_a: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.05)
    change = prepared(place_a, many(soups, 6))
    turns.claim(change)

    changes.run_turn(change.pk)

    assert (stored(change).status, stored(change).changed_count) == (BulkStatus.DONE, 6)


def test_a_menu_that_is_busy_stops_it_with_words_and_it_can_be_continued(
    place_a: PlacePage, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = prepared(place_a, [borshch])
    keep = turns.keep

    def busy(ours: Any, **progress: Any) -> None:
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(turns, "keep", busy)
    changes.start_change(change)
    assert (stored(change).status, stored(change).done, price_of(borshch)) == (BulkStatus.FAILED, 0, "390.00")
    assert "someone else" in stored(change).problem

    monkeypatch.setattr(turns, "keep", keep)
    changes.start_change(stored(change))
    assert (stored(change).status, stored(change).problem, price_of(borshch)) == (BulkStatus.DONE, "", "415.00")


def test_one_change_of_a_place_at_a_time(place_a: PlacePage, borshch: DishPage, ukha: DishPage) -> None:
    running, waiting = prepared(place_a, [borshch]), prepared(place_a, [ukha])
    turns.claim(running)

    with pytest.raises(turns.AnotherRunsError):
        changes.start_change(waiting)
    assert price_of(ukha) == "450.50"

    # One that has lost its worker is nobody's rival.
    BulkChange.objects.filter(pk=running.pk).update(moved_at=timezone.now() - datetime.timedelta(minutes=5))
    changes.start_change(waiting)
    assert (stored(running).status, price_of(ukha)) == (BulkStatus.FAILED, "480.00")


def test_changes_never_applied_go_after_a_day(place_a: PlacePage, borshch: DishPage) -> None:
    old = prepared(place_a, [borshch])
    BulkChange.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(hours=25))

    newest = prepared(place_a, [borshch])

    assert list(BulkChange.objects.all()) == [newest]
