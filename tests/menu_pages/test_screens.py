"""The menu's pages as guests get them."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from menu_pages.pictures import make_renditions
from menu_pages.stopping import stop_dish
from tests.factories.menus import make_category, make_dish, make_picture


def page(address: str, language: str = "en") -> str:
    response = Client(headers={"accept-language": language}).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_place_shows_its_dishes(borshch: DishPage, tea: DishPage) -> None:
    body = page("/teahouse/")

    assert [f'data-dish="{path}"' in body for path in ("soups/borshch", "drinks/tea")] == [True, True]
    assert "390" in body
    assert 'action="/teahouse/basket/add/"' in body


def test_a_category_and_a_dish_have_pages(borshch: DishPage, tea: DishPage) -> None:
    assert "Borshch" in page("/teahouse/soups/")
    assert 'data-dish="drinks/tea"' not in page("/teahouse/soups/")
    assert "size-large" in page("/teahouse/drinks/tea/")


def test_a_draft_has_no_page(soups: CategoryPage) -> None:
    make_dish(soups, "Draft", live=False)

    assert Client().get("/teahouse/soups/draft/").status_code == 404


def test_cost_is_never_shown(soups: CategoryPage) -> None:
    make_dish(soups, "Ukha", cost="123.45")

    assert ["123" in page(address) for address in ("/teahouse/", "/teahouse/soups/", "/teahouse/soups/ukha/")] == [
        False
    ] * 3


def test_a_sold_out_dish_cannot_be_added(borshch: DishPage) -> None:
    stop_dish(dish=borshch, by=None)

    body = page("/teahouse/")

    assert "sold out" in body.lower()
    assert 'value="soups/borshch"' not in body


def test_where_no_orders_are_taken_nothing_is_offered(borshch: DishPage) -> None:
    PlaceRecord.objects.update(ordering_enabled=False)

    assert "Borshch" in page("/teahouse/")
    assert "basket/add/" not in page("/teahouse/")


def test_the_readers_language_is_used_where_there_are_words(soups: CategoryPage) -> None:
    make_dish(soups, "Уха", translations={"en": {"title": "Fish soup"}})
    make_dish(soups, "Щи")

    english, russian = page("/teahouse/", "en"), page("/teahouse/", "ru")

    assert ("Fish soup" in english, "Уха</a>" in english, "Щи</a>" in english) == (True, False, True)
    assert ("Fish soup" in russian, "Уха</a>" in russian) == (False, True)
    assert '<html lang="en">' in english
    assert '<html lang="ru">' in russian


def test_pages_vary_with_the_language(borshch: DishPage) -> None:
    response = Client().get("/teahouse/")

    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_menu_page_costs_the_same_queries(
    place_a: PlacePage, count: int, media: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    picture = make_picture(place_a)
    make_renditions(picture)
    for number in range(count):
        category = make_category(place_a, f"Category {number}")
        for dish in range(count):
            make_dish(category, f"Dish {dish}", picture=picture, allergens=["milk"], tags=["vegan"])
    page("/teahouse/")

    with django_assert_num_queries(PAGE_QUERIES):
        body = page("/teahouse/")

    assert body.count("data-dish=") == count * count
    assert body.count("<picture>") == count * count


# Route to the place: its page and specific part; the place with its record, categories, dishes, their pictures.
PAGE_QUERIES = 7


def test_the_front_page_shows_the_demo(place_a: PlacePage, place_b: PlacePage) -> None:
    PlaceRecord.objects.filter(place=place_a).update(is_demo=True)

    body = page("/")

    assert 'href="/teahouse/"' in body
    assert "/pizzeria/" not in body
