"""The server's answer to “can this be had now?”."""

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from menu_pages.availability import Availability, availability_of, find_dish, load_dishes
from menu_pages.models import CategoryPage, DishPage, PlacePage, StopListEntry
from menu_pages.stopping import return_dish, stop_dish
from tests.factories.menus import make_category, make_dish


def fresh(dish: DishPage) -> DishPage:
    return DishPage.objects.get(pk=dish.pk)


def close_soups(soups: CategoryPage, place: PlacePage) -> None:
    """Serve soups on a day that is neither today nor its neighbour."""
    soups.served_weekdays = [(place.record.local_now().isoweekday() + 2) % 7 + 1]
    soups.save()


def test_a_dish_on_the_menu_is_available(borshch: DishPage, place_a: PlacePage) -> None:
    dish = find_dish(place_a, "soups/borshch")

    assert dish == borshch
    assert dish.availability is Availability.AVAILABLE
    assert availability_of(fresh(borshch)) is Availability.AVAILABLE


@pytest.mark.parametrize(
    "path", ["", "borshch", "soups", "soups/", "soups/nothing", "soups/borshch/", "../soups/borshch"]
)
def test_another_address_finds_nothing(borshch: DishPage, place_a: PlacePage, path: str) -> None:
    assert find_dish(place_a, path) is None


def test_a_dish_of_another_place_is_not_found(pizza: DishPage, borshch: DishPage, place_a: PlacePage) -> None:
    assert find_dish(place_a, "pizza/margherita") is None
    assert find_dish(place_a, "../pizzeria/pizza/margherita") is None


def test_a_draft_is_not_found(soups: CategoryPage, place_a: PlacePage) -> None:
    make_dish(soups, "Draft", live=False)

    assert find_dish(place_a, "soups/draft") is None


def test_a_dish_of_an_unpublished_category_is_withdrawn(
    borshch: DishPage, soups: CategoryPage, place_a: PlacePage
) -> None:
    soups.live = False
    soups.save()

    assert find_dish(place_a, "soups/borshch") is None
    assert load_dishes(place_a, [borshch.pk])[borshch.pk].availability is Availability.WITHDRAWN
    assert availability_of(fresh(borshch)) is Availability.WITHDRAWN


def test_a_part_of_an_unpublished_part_is_withdrawn(place_a: PlacePage) -> None:
    drinks = make_category(place_a, "Drinks", live=False)
    green = make_dish(make_category(drinks, "Tea"), "Green")

    assert find_dish(place_a, "drinks/tea/green") is None
    assert availability_of(fresh(green)) is Availability.WITHDRAWN


def test_a_dish_without_a_price_is_withdrawn(soups: CategoryPage, place_a: PlacePage) -> None:
    dish = make_dish(soups, "Ukha")
    DishPage.objects.update(price=None)

    assert find_dish(place_a, "soups/ukha") is None
    assert availability_of(fresh(dish)) is Availability.WITHDRAWN


def test_a_stopped_dish_is_sold_out(borshch: DishPage, ukha: DishPage, place_a: PlacePage) -> None:
    stop_dish(dish=borshch, by=None)

    answers = load_dishes(place_a, [borshch.pk, ukha.pk])

    assert answers[borshch.pk].availability is Availability.SOLD_OUT
    assert answers[ukha.pk].availability is Availability.AVAILABLE
    assert availability_of(fresh(borshch)) is Availability.SOLD_OUT


def test_a_category_outside_its_days_is_not_served(borshch: DishPage, soups: CategoryPage, place_a: PlacePage) -> None:
    close_soups(soups, place_a)

    assert find_dish(place_a, "soups/borshch").availability is Availability.NOT_SERVED_NOW
    assert availability_of(fresh(borshch)) is Availability.NOT_SERVED_NOW


def test_sold_out_says_more_than_not_served(borshch: DishPage, soups: CategoryPage, place_a: PlacePage) -> None:
    close_soups(soups, place_a)
    stop_dish(dish=borshch, by=None)

    assert find_dish(place_a, "soups/borshch").availability is Availability.SOLD_OUT


def test_ids_of_another_place_are_left_out(borshch: DishPage, pizza: DishPage, place_a: PlacePage) -> None:
    assert set(load_dishes(place_a, [borshch.pk, pizza.pk, 10**9])) == {borshch.pk}


@pytest.mark.parametrize("count", [1, 3])
def test_loading_costs_two_queries(
    soups: CategoryPage, place_a: PlacePage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [make_dish(soups, f"Dish {number}").pk for number in range(count)]
    place = PlacePage.objects.select_related("record").get(pk=place_a.pk)

    with django_assert_num_queries(2):
        dishes = load_dishes(place, ids)

    assert len(dishes) == count


def test_a_stop_names_who_and_why(borshch: DishPage, alice: User, place_a: PlacePage) -> None:
    entry = stop_dish(dish=borshch, by=alice, reason="No beetroot")

    stored = StopListEntry.objects.get()
    assert stored == entry
    assert (stored.place_id, stored.dish, stored.stopped_by, stored.reason) == (
        place_a.pk,
        borshch,
        alice,
        "No beetroot",
    )


def test_stopping_again_changes_the_entry(borshch: DishPage, alice: User) -> None:
    later = timezone.now() + datetime.timedelta(hours=1)
    stop_dish(dish=borshch, by=alice)

    stop_dish(dish=borshch, by=alice, until=later, reason="Soon")

    assert [(entry.until, entry.reason) for entry in StopListEntry.objects.all()] == [(later, "Soon")]


def test_stopping_after_the_time_was_over_is_a_new_entry(borshch: DishPage) -> None:
    stop_dish(dish=borshch, by=None, until=timezone.now() - datetime.timedelta(hours=1), reason="Yesterday")

    stop_dish(dish=borshch, by=None, reason="Today")

    assert StopListEntry.objects.count() == 2
    assert [entry.reason for entry in StopListEntry.objects.current(timezone.now())] == ["Today"]


def test_stopping_publishes_nothing(borshch: DishPage) -> None:
    before = borshch.revisions.count()

    stop_dish(dish=borshch, by=None)
    return_dish(dish=borshch)
    return_dish(dish=borshch)

    assert borshch.revisions.count() == before
    assert StopListEntry.objects.filter(lifted_at=None).count() == 0
