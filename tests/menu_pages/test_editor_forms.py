"""The editor: readers' languages beside the owner's own words."""

from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from accounts.models import User
from menu_pages.models import CategoryPage, DishPage, PlacePage
from tests.factories.menus import make_category, make_dish
from tests.factories.people import signed_in


def dish_data(**changes: Any) -> dict[str, Any]:
    data = {
        "title": "Уха",
        "slug": "ukha",
        "description": "",
        "price": "450.50",
        "unit": "g",
        "pictures": inline_formset([]),
        "option_groups": streamfield([]),
        "title_en": "",
        "description_en": "",
        "options_en": "",
        "action-publish": "publish",
    }
    return nested_form_data({**data, **changes})


def edit(browser: Client, dish: DishPage, **changes: Any) -> Any:
    return browser.post(f"/admin/pages/{dish.pk}/edit/", dish_data(**changes))


@pytest.fixture
def dish(soups: CategoryPage) -> DishPage:
    return make_dish(soups, "Уха", "450.50")


def fields_of(response: Any) -> set[str]:
    return set(response.context["form"].fields)


def test_the_menus_own_language_has_no_fields_of_its_own(alice: User, dish: DishPage) -> None:
    fields = fields_of(signed_in(alice).get(f"/admin/pages/{dish.pk}/edit/"))

    assert {"title", "title_en", "description_en", "options_en"} <= fields
    assert not {"title_ru", "description_ru", "options_ru"} & fields


def test_an_english_menu_asks_for_russian(bob: User, pizza: DishPage) -> None:
    fields = fields_of(signed_in(bob).get(f"/admin/pages/{pizza.pk}/edit/"))

    assert "title_ru" in fields
    assert "title_en" not in fields


def test_a_new_page_knows_its_places_language(bob: User, place_b: PlacePage) -> None:
    response = signed_in(bob).get(f"/admin/pages/add/menu_pages/categorypage/{place_b.pk}/")

    assert "title_ru" in fields_of(response)
    assert "title_en" not in fields_of(response)


def test_translations_are_published_with_the_page(alice: User, dish: DishPage) -> None:
    browser = signed_in(alice)

    edit(browser, dish, title_en=" Fish soup ", options_en="Размер = Size\n\n  Большая = Large  ")

    stored = DishPage.objects.get(pk=dish.pk)
    form = browser.get(f"/admin/pages/{dish.pk}/edit/").context["form"]
    assert stored.translations == {"en": {"title": "Fish soup", "options": {"Размер": "Size", "Большая": "Large"}}}
    assert form.initial["options_en"] == "Размер = Size\nБольшая = Large"


def test_emptied_translations_go(alice: User, dish: DishPage) -> None:
    browser = signed_in(alice)
    edit(browser, dish, title_en="Fish soup", description_en="From the river")

    edit(browser, dish, description_en="From the river")
    one_left = DishPage.objects.get(pk=dish.pk).translations
    edit(browser, dish)

    assert one_left == {"en": {"description": "From the river"}}
    assert DishPage.objects.get(pk=dish.pk).translations == {}


@pytest.mark.parametrize("line", ["Размер", "= Size", "Размер =", "Размер: Size"])
def test_a_line_that_is_no_pair_is_named(alice: User, dish: DishPage, line: str) -> None:
    response = edit(signed_in(alice), dish, title="Новая", options_en=f"Большая = Large\n{line}")

    (error,) = response.context["form"].errors["options_en"]
    assert line in error
    assert DishPage.objects.get(pk=dish.pk).title == "Уха"


def test_words_of_other_languages_are_kept(alice: User, dish: DishPage) -> None:
    dish.translations = {"de": {"title": "Fischsuppe"}}
    dish.save_revision().publish()

    edit(signed_in(alice), dish, title_en="Fish soup")

    assert DishPage.objects.get(pk=dish.pk).translations == {
        "de": {"title": "Fischsuppe"},
        "en": {"title": "Fish soup"},
    }


def test_publishing_asks_for_a_price(alice: User, dish: DishPage) -> None:
    response = edit(signed_in(alice), dish, price="")

    assert "price" in response.context["form"].errors
    assert DishPage.objects.get(pk=dish.pk).price is not None


@pytest.mark.parametrize("price", ["-1", "nan", "1e9", "12.345", "9" * 12])
def test_a_price_that_is_none_is_refused(alice: User, dish: DishPage, price: str) -> None:
    response = edit(signed_in(alice), dish, price=price)

    assert "price" in response.context["form"].errors
    assert str(DishPage.objects.get(pk=dish.pk).price) == "450.50"


def test_a_reserved_address_is_refused_in_the_editor(alice: User, place_a: PlacePage) -> None:
    category = make_category(place_a, "Soups")
    data = {"title": "Soups", "slug": "basket", "action-publish": "publish"}

    response = signed_in(alice).post(f"/admin/pages/{category.pk}/edit/", data)

    assert "slug" in response.context["form"].errors
    assert CategoryPage.objects.get(pk=category.pk).slug == "soups"


def test_a_live_preview_draws_what_is_being_typed(alice: User, dish: DishPage) -> None:
    browser = signed_in(alice)
    address = f"/admin/pages/{dish.pk}/edit/preview/"

    accepted = browser.post(address, dish_data(title="Уха по-царски", price="999.00")).json()
    body = browser.get(f"{address}?mode=").content.decode()

    assert accepted["is_valid"] is True
    assert "Уха по-царски" in body
    assert "999" in body
    assert DishPage.objects.get(pk=dish.pk).title == "Уха"


def test_an_unknown_theme_in_the_previews_address_is_the_places_own(alice: User, dish: DishPage) -> None:
    browser = signed_in(alice)
    address = f"/admin/pages/{dish.pk}/edit/preview/"
    browser.post(address, dish_data())

    response = browser.get(f"{address}?mode=../../secrets")

    assert response.status_code in (200, 404)
    assert "secrets" not in response.content.decode()


def test_owners_do_not_delete_move_or_copy_the_place_itself(alice: User, place_a: PlacePage) -> None:
    tester = place_a.permissions_for_user(alice)

    assert (tester.can_edit(), tester.can_publish(), tester.can_add_subpage()) == (True, True, True)
    assert (tester.can_delete(), tester.can_move(), tester.can_copy()) == (False, False, False)


def test_owners_have_no_say_in_anothers_place(alice: User, pizza: DishPage, place_b: PlacePage) -> None:
    browser = signed_in(alice)

    answers = [browser.get(f"/admin/pages/{page.pk}/edit/") for page in (place_b, pizza)]
    edit(browser, pizza, title="Stolen", price="0.01")

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert not any("Margherita" in answer.content.decode() for answer in answers)
    assert DishPage.objects.get(pk=pizza.pk).title == "Margherita"
