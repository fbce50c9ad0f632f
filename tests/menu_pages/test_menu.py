"""Reading the whole menu: what is in it, in which order, at what price in queries."""

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from menu_pages.menu import Menu, read_menu
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.pictures import make_renditions
from menu_pages.renditions import CARD_SIZES
from menu_pages.stopping import return_dish, stop_dish
from tests.factories.menus import make_category, make_dish, make_picture


def menu_of(place: PlacePage) -> Menu:
    return read_menu(place, at=place.record.local_now())


def titles(place: PlacePage) -> list[tuple[str, list[str]]]:
    return [(s.category.title, [dish.title for dish in s.dishes]) for s in menu_of(place).sections]


def test_menu_keeps_the_owners_order(place_a: PlacePage) -> None:
    soups, drinks = make_category(place_a, "Soups"), make_category(place_a, "Drinks")
    for category, title in ((drinks, "Water"), (soups, "Ukha"), (soups, "Borshch"), (drinks, "Tea")):
        make_dish(category, title)

    assert titles(place_a) == [("Soups", ["Ukha", "Borshch"]), ("Drinks", ["Water", "Tea"])]


def test_parts_of_a_part_follow_it(place_a: PlacePage) -> None:
    drinks = make_category(place_a, "Drinks")
    tea = make_category(drinks, "Tea")
    make_dish(tea, "Green")
    make_dish(make_category(place_a, "Soups"), "Ukha")

    menu = menu_of(place_a)

    assert [(s.category.title, s.level, len(s.dishes)) for s in menu.sections] == [
        ("Drinks", 0, 0),
        ("Tea", 1, 1),
        ("Soups", 0, 1),
    ]
    assert [s.category.title for s in menu.bar] == ["Drinks", "Soups"]
    assert menu.dish_count == 2


def test_drafts_and_empty_categories_are_left_out(borshch: DishPage, soups: CategoryPage, place_a: PlacePage) -> None:
    make_dish(soups, "Draft", live=False)
    make_dish(make_category(place_a, "Secret", live=False), "Hidden")
    make_category(place_a, "Empty")

    assert titles(place_a) == [("Soups", ["Borshch"])]


def test_below_an_unpublished_category_nothing_is_shown(place_a: PlacePage) -> None:
    drinks = make_category(place_a, "Drinks", live=False)
    make_dish(make_category(drinks, "Tea"), "Green")

    assert titles(place_a) == []


def test_another_places_dishes_are_elsewhere(borshch: DishPage, pizza: DishPage, place_b: PlacePage) -> None:
    assert titles(place_b) == [("Pizza", ["Margherita"])]


def test_unpublishing_a_dish_takes_it_off(borshch: DishPage, ukha: DishPage, place_a: PlacePage) -> None:
    borshch.unpublish()

    assert titles(place_a) == [("Soups", ["Ukha"])]


def test_sold_out_dishes_stay_and_say_so(borshch: DishPage, ukha: DishPage, place_a: PlacePage) -> None:
    stop_dish(dish=borshch, by=None)

    (section,) = menu_of(place_a).sections

    assert [(dish.title, dish.sold_out) for dish in section.dishes] == [("Borshch", True), ("Ukha", False)]


@pytest.mark.parametrize(("minutes", "sold_out"), [(5, True), (-5, False)])
def test_a_stop_lasts_until_its_time(borshch: DishPage, place_a: PlacePage, minutes: int, sold_out: bool) -> None:
    stop_dish(dish=borshch, by=None, until=timezone.now() + datetime.timedelta(minutes=minutes))

    (section,) = menu_of(place_a).sections

    assert section.dishes[0].sold_out is sold_out


def test_a_returned_dish_is_on_sale(borshch: DishPage, place_a: PlacePage) -> None:
    stop_dish(dish=borshch, by=None)
    return_dish(dish=borshch)

    (section,) = menu_of(place_a).sections

    assert section.dishes[0].sold_out is False


def test_a_category_outside_its_hours_is_shown_as_such(borshch: DishPage, place_a: PlacePage) -> None:
    noon = place_a.record.local_now().replace(hour=12, minute=0)
    CategoryPage.objects.update(served_from=datetime.time(18))
    drinks = make_category(place_a, "Drinks", served_from=datetime.time(13))
    make_dish(make_category(drinks, "Tea"), "Green")

    menu = read_menu(place_a, at=noon)

    assert {s.category.title: s.served_now for s in menu.sections} == {"Soups": False, "Drinks": False, "Tea": False}


@pytest.mark.parametrize(("categories", "dishes"), [(1, 1), (1, 3), (3, 10)])
def test_reading_a_menu_costs_the_same_queries(
    place_a: PlacePage, categories: int, dishes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    picture = make_picture(place_a)
    make_renditions(picture, *CARD_SIZES)
    for number in range(categories):
        category = make_category(place_a, f"Category {number}")
        for dish in range(dishes):
            stop_dish(dish=make_dish(category, f"Dish {dish}", picture=picture), by=None)
    place = PlacePage.objects.select_related("record").get(pk=place_a.pk)

    with django_assert_num_queries(3):
        menu = menu_of(place)
        drawn = [
            (dish.menu_path, dish.shown_picture.sizes(*CARD_SIZES)["card"], dish.groups, dish.sold_out)
            for section in menu.sections
            for dish in section.dishes
        ]

    assert len(drawn) == categories * dishes


def test_an_empty_menu_is_no_error(place_a: PlacePage) -> None:
    assert titles(place_a) == []
