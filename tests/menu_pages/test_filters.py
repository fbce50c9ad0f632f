"""The guest's search and filters."""

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menu_pages.filters import MenuFilterForm
from menu_pages.menu import read_menu
from menu_pages.models import PlacePage
from tests.factories.guests import Guest
from tests.factories.menus import make_category, make_dish


@pytest.fixture
def menu(place_a: PlacePage) -> PlacePage:
    soups, sweets = make_category(place_a, "Супы"), make_category(place_a, "Десерты")
    make_dish(soups, "Щи зелёные", description="Щавель, яйцо", allergens=["eggs"], tags=["vegetarian"])
    make_dish(soups, "Уха", allergens=["fish", "celery"], tags=["gluten_free"])
    make_dish(soups, "Борщ постный", tags=["lean"], translations={"en": {"title": "Lenten borscht"}})
    make_dish(sweets, "Мёд с орехами", allergens=["nuts"], tags=["gluten_free", "vegetarian"])
    make_dish(sweets, "Груша", tags=["vegan", "spicy"])
    return place_a


def found(place: PlacePage, query: str) -> set[str]:
    form = MenuFilterForm(QueryDict(query))
    sections = read_menu(place, at=place.record.local_now()).sections
    return {dish.title for section in form.narrow(sections) for dish in section.dishes}


ALL = {"Щи зелёные", "Уха", "Борщ постный", "Мёд с орехами", "Груша"}


@pytest.mark.parametrize(
    ("query", "dishes"),
    [
        ("", ALL),
        ("q=", ALL),
        ("q=уха", {"Уха"}),
        ("q=УХА", {"Уха"}),
        ("q=зеленые", {"Щи зелёные"}),
        ("q=зелёные", {"Щи зелёные"}),
        ("q=мед", {"Мёд с орехами"}),
        ("q=щавель", {"Щи зелёные"}),
        ("q=яйцо+щи", {"Щи зелёные"}),
        ("q=яйцо+уха", set()),
        ("q=lenten", {"Борщ постный"}),
        ("q=борщ", {"Борщ постный"}),
        ("diet=vegan", {"Груша"}),
        ("diet=lean", {"Борщ постный", "Груша"}),
        ("diet=vegetarian", {"Щи зелёные", "Борщ постный", "Мёд с орехами", "Груша"}),
        ("diet=gluten_free", {"Уха", "Мёд с орехами"}),
        ("diet=gluten_free&diet=vegetarian", {"Мёд с орехами"}),
        ("without=fish", ALL - {"Уха"}),
        ("without=fish&without=nuts", ALL - {"Уха", "Мёд с орехами"}),
        ("without=eggs&diet=vegetarian&q=груша", {"Груша"}),
        # What a mangled link says is left out.
        ("diet=spicy", ALL),
        ("diet=nonsense&without=nonsense", ALL),
        ("diet=vegan&diet=nonsense", {"Груша"}),
        ("q=%00", ALL),
        ("unknown=1", ALL),
    ],
)
def test_what_fits_is_shown(menu: PlacePage, query: str, dishes: set[str]) -> None:
    with translation.override("en"):
        assert found(menu, query) == dishes


def test_categories_left_without_dishes_go(menu: PlacePage) -> None:
    form = MenuFilterForm(QueryDict("q=уха"))

    sections = form.narrow(read_menu(menu, at=menu.record.local_now()).sections)

    assert [section.category.title for section in sections] == ["Супы"]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=200))
def test_any_query_makes_a_form(query: str) -> None:
    form = MenuFilterForm(QueryDict(query.encode("utf-8", "surrogatepass"), encoding="utf-8"))

    assert form.narrow([]) == []


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=" + "a" * 5000, "diet=" + "&diet=".join(["vegan"] * 300), "q[]=1&q"])
def test_a_mangled_address_still_shows_a_menu(menu: PlacePage, query: str) -> None:
    response = Guest(menu).client.get(f"{menu.href}?{query}")

    assert response.status_code == 200
    assert "<h1" in response.content.decode()


def test_the_page_shows_what_fits(menu: PlacePage) -> None:
    body = Guest(menu).client.get(f"{menu.href}?without=nuts&q=груша").content.decode()

    assert 'data-dish="deserty/grusha"' in body
    assert 'data-dish="deserty/med-s-orekhami"' not in body
    assert 'data-dish="supy/ukha"' not in body


def test_the_guests_words_are_shown_as_text(menu: PlacePage) -> None:
    body = Guest(menu).client.get(menu.href, {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in body
    assert "&lt;script&gt;" in body
