"""Two editors at the same moment: one of them is told, nothing is overwritten; without the locks it is."""

import threading
from collections.abc import Callable

import pytest

from accounts.models import User
from menu_pages.board import changing, ordering
from menu_pages.board.changing import ChangedMeanwhileError, change_page
from menu_pages.board.ordering import OrderChangedError, mark_of, move_page
from menu_pages.models import CategoryPage, DishPage, PlacePage
from tests.factories.menus import make_dish
from tests.faults.at_once import WAIT_SECONDS, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def edits(dish: DishPage, by: User) -> list[str]:
    def edit(price: str) -> Callable[[], str]:
        def job() -> str:
            try:
                change_page(page=dish, typed={"price": price}, seen={"price": "390"}, by=by)
            except ChangedMeanwhileError:
                return "told"
            return "saved"

        return job

    return sorted(at_once(edit("410"), edit("450")))


def test_of_two_edits_one_is_told(borshch: DishPage, alice: User) -> None:
    assert edits(borshch, alice) == ["saved", "told"]


def test_control_without_the_lock_one_edit_overwrites_the_other(
    borshch: DishPage, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)
    read = changing.drafts_of

    def read_together(pages: list[DishPage]) -> object:
        found = read(pages)
        both.wait(WAIT_SECONDS)
        return found

    monkeypatch.setattr(changing, "lock_page", lambda _page: None)
    monkeypatch.setattr(changing, "drafts_of", read_together)

    assert edits(borshch, alice) == ["saved", "saved"]


def moves(place: PlacePage, category: CategoryPage, dishes: list[DishPage], by: User) -> list[str]:
    seen = mark_of(dish.pk for dish in dishes)

    def to_front(dish: DishPage) -> Callable[[], str]:
        def job() -> str:
            try:
                move_page(place=place, page=dish, to=category, spot="first", seen=seen, by=by)
            except OrderChangedError:
                return "told"
            return "moved"

        return job

    return sorted(at_once(to_front(dishes[1]), to_front(dishes[2])))


@pytest.fixture
def three(soups: CategoryPage, borshch: DishPage, ukha: DishPage) -> list[DishPage]:
    return [borshch, ukha, make_dish(soups, "Solyanka")]


def test_of_two_moves_one_is_told(place_a: PlacePage, soups: CategoryPage, three: list[DishPage], alice: User) -> None:
    assert moves(place_a, soups, three, alice) == ["moved", "told"]


def test_control_without_the_lock_both_moves_are_let_through(
    place_a: PlacePage,
    soups: CategoryPage,
    three: list[DishPage],
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = threading.Barrier(2)
    compare = ordering.mark_of

    def compare_together(ids: list[int]) -> str:
        mark = compare(ids)
        both.wait(WAIT_SECONDS)
        return mark

    monkeypatch.setattr(ordering, "lock_order", lambda _place: None)
    monkeypatch.setattr(ordering, "mark_of", compare_together)
    # Both get here; in the tree itself the two would deadlock.
    monkeypatch.setattr(ordering, "_place", lambda *_args: None)

    assert moves(place_a, soups, three, alice) == ["moved", "moved"]
