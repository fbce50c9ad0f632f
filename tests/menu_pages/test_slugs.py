"""Addresses: readable Latin from any script, and never a word of the service's own."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.slugs import RESERVED_CATEGORY_SLUGS, RESERVED_PLACE_SLUGS, readable_slug
from tests.factories.menus import make_category, make_dish


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Щи с ёжиком", "shchi-s-ezhikom"),
        ("Борщ", "borshch"),
        ("Чай чёрный", "chay-chernyy"),
        ("Пельмени «Сибирские»", "pelmeni-sibirskie"),
        ("Сырники 3 шт.", "syrniki-3-sht"),
        ("Crème brûlée", "creme-brulee"),
        ("Fish & chips", "fish-chips"),
        ("  ПЛОВ  ", "plov"),
        ("Хачапури по-аджарски", "khachapuri-po-adzharski"),
        ("日本", "riben"),
    ],
)
def test_titles_become_readable(title: str, slug: str) -> None:
    assert readable_slug(title, fallback="dish") == slug


@pytest.mark.parametrize("title", ["", "!!!", "   ", "---"])
def test_a_title_without_letters_gets_the_fallback(title: str) -> None:
    assert readable_slug(title, fallback="dish") == "dish"


@given(st.text(max_size=300))
def test_any_title_gives_an_address(title: str) -> None:
    slug = readable_slug(title, fallback="dish")

    assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]{0,79}", slug)


@pytest.mark.parametrize("slug", sorted(RESERVED_CATEGORY_SLUGS))
def test_service_words_are_refused_as_categories(slug: str) -> None:
    category = CategoryPage(title="Soups", slug=slug)

    with pytest.raises(ValidationError) as refused:
        CategoryPage.clean(category)

    assert refused.value.message_dict == {
        "slug": [f"“{slug}” is a word the service uses in its own addresses. Choose another."]
    }


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(RESERVED_PLACE_SLUGS))
def test_service_words_are_refused_as_places(slug: str) -> None:
    place = PlacePage(title="Teahouse", slug=slug)

    with pytest.raises(ValidationError) as refused:
        PlacePage.clean(place)

    assert list(refused.value.message_dict) == ["slug"]


def test_a_word_of_ours_is_free_for_a_dish(place_a: PlacePage) -> None:
    dish = make_dish(make_category(place_a, "Soups"), "Order")

    assert dish.slug == "order"


def test_pages_name_themselves(place_a: PlacePage) -> None:
    soups = make_category(place_a, "Супы")
    first, second = make_dish(soups, "Щи"), make_dish(soups, "Щи")

    assert soups.slug == "supy"
    assert [first.slug, second.slug] == ["shchi", "shchi-2"]
    assert second.menu_path == "supy/shchi-2"
    assert second.href == "/teahouse/supy/shchi-2/"


def test_a_category_named_by_a_service_word_is_told_so(place_a: PlacePage) -> None:
    with pytest.raises(ValidationError) as refused:
        make_category(place_a, "Basket")

    assert "slug" in refused.value.message_dict
    assert CategoryPage.objects.count() == 0


def test_a_dish_without_letters_is_a_dish(soups: CategoryPage) -> None:
    dish: DishPage = make_dish(soups, "!!!")

    assert dish.slug == "dish"
