"""Moving dishes and categories on the board, against what others do at the same time."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from accounts.models import User
from menu_pages.board.ordering import OrderChangedError, mark_of, move_page, ordered_ids
from menu_pages.board.reading import read_board
from menu_pages.models import CategoryPage, DishPage, PlacePage
from tests.factories.menus import make_category, make_dish
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db

SCRIPT = {"x-fragment": "board"}


@pytest.fixture
def owner(alice: User, place_a: PlacePage) -> Client:
    return signed_in(alice)


@pytest.fixture
def solyanka(soups: CategoryPage, borshch: DishPage, ukha: DishPage) -> DishPage:
    return make_dish(soups, "Solyanka")


def titles(category: CategoryPage) -> list[str]:
    return [DishPage.objects.get(pk=pk).title for pk in ordered_ids(Page.objects.get(pk=category.pk), DishPage)]


def mark(parent: Page, kind: type[Page] = DishPage) -> str:
    return mark_of(ordered_ids(Page.objects.get(pk=parent.pk), kind))


def move(client: Client, place: PlacePage, page: Page, **data: Any) -> HttpResponse:
    headers = {} if data.pop("plain", False) else SCRIPT
    return client.post(reverse("board:move", args=[place.slug]), {"page": page.pk, **data}, headers=headers)


def test_a_dish_goes_before_another_and_the_log_says_so(
    owner: Client, alice: User, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, solyanka: DishPage
) -> None:
    response = move(owner, place_a, solyanka, to=soups.pk, before=borshch.pk, seen=mark(soups))

    assert response.json() == {"message": "“Solyanka” is moved.", "marks": {str(soups.pk): mark(soups)}}
    assert titles(soups) == ["Solyanka", "Borshch", "Ukha"]
    assert PageLogEntry.objects.get(page=solyanka.pk, action="wagtail.reorder").user == alice


@pytest.mark.parametrize(
    ("data", "order"),
    [
        ({"step": "down"}, ["Ukha", "Borshch", "Solyanka"]),
        ({"step": "up"}, ["Borshch", "Ukha", "Solyanka"]),
        ({"spot": "last"}, ["Ukha", "Solyanka", "Borshch"]),
        ({"spot": "first"}, ["Borshch", "Ukha", "Solyanka"]),
    ],
)
def test_small_forms_move_too(
    owner: Client,
    place_a: PlacePage,
    soups: CategoryPage,
    borshch: DishPage,
    solyanka: DishPage,
    data: dict[str, str],
    order: list[str],
) -> None:
    response = move(owner, place_a, borshch, seen=mark(soups), plain=True, **data)

    assert response.status_code == 302
    assert response["Location"].endswith(f"#page-{borshch.pk}")
    assert titles(soups) == order


def test_a_dish_goes_to_another_category(
    owner: Client, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, tea: DishPage
) -> None:
    drinks = CategoryPage.objects.get(title="Drinks")

    response = move(owner, place_a, borshch, to=drinks.pk, before=tea.pk, seen=mark(soups), seen_there=mark(drinks))

    answer = response.json()
    assert answer["marks"] == {str(soups.pk): mark(soups), str(drinks.pk): mark(drinks)}
    assert "/drinks/borshch/" in answer["row"]
    assert (titles(soups), titles(drinks)) == ([], ["Borshch", "Tea"])
    assert owner.get("/teahouse/drinks/borshch/").status_code == 200


def test_a_taken_address_is_replaced_by_a_free_one(
    owner: Client, place_a: PlacePage, soups: CategoryPage, borshch: DishPage
) -> None:
    cold = make_category(place_a, "Cold soups")
    make_dish(cold, "Borshch")

    response = move(owner, place_a, borshch, to=cold.pk, seen=mark(soups))

    assert response.json()["message"] == (
        "“Borshch” is moved. Its address was taken there; the new one ends in “borshch-2”."
    )
    assert titles(cold) == ["Borshch", "Borshch"]
    assert DishPage.objects.get(pk=borshch.pk).url_path.endswith("/cold-soups/borshch-2/")


@pytest.mark.parametrize("plain", [False, True])
def test_an_order_changed_meanwhile_is_not_overwritten(
    owner: Client,
    place_a: PlacePage,
    soups: CategoryPage,
    borshch: DishPage,
    ukha: DishPage,
    solyanka: DishPage,
    plain: bool,
) -> None:
    seen = mark(soups)
    move(owner, place_a, solyanka, before=borshch.pk, seen=seen)

    response = move(owner, place_a, ukha, before=borshch.pk, seen=seen, plain=plain)

    assert response.status_code == 409
    shown = response.content.decode() if plain else response.json()["board"]
    assert "Someone else has changed the order meanwhile." in (shown if plain else response.json()["message"])
    assert shown.index(f'data-row="{solyanka.pk}"') < shown.index(f'data-row="{borshch.pk}"')
    assert titles(soups) == ["Solyanka", "Borshch", "Ukha"]


def test_the_order_of_the_category_it_goes_to_counts_too(
    owner: Client, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, tea: DishPage
) -> None:
    drinks = CategoryPage.objects.get(title="Drinks")
    seen_there = mark(drinks)
    make_dish(drinks, "Coffee")

    response = move(owner, place_a, borshch, to=drinks.pk, seen=mark(soups), seen_there=seen_there)

    assert response.status_code == 409
    assert titles(drinks) == ["Tea", "Coffee"]


def test_categories_change_places_with_all_that_is_in_them(
    owner: Client, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, tea: DishPage
) -> None:
    drinks = CategoryPage.objects.get(title="Drinks")

    response = move(owner, place_a, drinks, to=place_a.pk, before=soups.pk, seen=mark(place_a, CategoryPage))

    assert response.status_code == 200
    assert ordered_ids(Page.objects.get(pk=place_a.pk), CategoryPage) == [drinks.pk, soups.pk]
    assert titles(drinks) == ["Tea"]


def test_a_category_stays_with_its_parent(
    owner: Client, place_a: PlacePage, soups: CategoryPage, tea: DishPage
) -> None:
    drinks = CategoryPage.objects.get(title="Drinks")

    response = move(owner, place_a, drinks, to=soups.pk, seen=mark(place_a, CategoryPage))

    assert (response.status_code, response.json()["message"]) == (403, "“Drinks” cannot be moved there.")


def test_a_neighbour_from_another_list_is_refused(
    alice: User, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, tea: DishPage
) -> None:
    with pytest.raises(OrderChangedError):
        move_page(place=place_a, page=borshch, to=soups, spot=tea.pk, seen=mark(soups), by=alice)

    assert titles(soups) == ["Borshch"]


def test_a_large_menu_stands_on_several_screens(
    owner: Client, place_a: PlacePage, borshch: DishPage, tea: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = reverse("board:index", args=[place_a.slug])
    monkeypatch.setattr("menu_pages.board.reading.SCREEN_DISHES", 1)

    first, second = read_board(place_a), read_board(place_a, screen=2)

    assert [part.row.title for part in first.parts] == ["Soups"]
    assert [part.row.title for part in second.parts] == ["Drinks"]
    assert [row.title for row in second.parts[0].dishes] == ["Tea"]
    assert read_board(place_a, holding=tea).screen == 2
    assert "2 of 2" in " ".join(owner.get(index, {"screen": 9}).content.decode().split())
    assert owner.get(index, {"screen": "x"}).status_code == 404
