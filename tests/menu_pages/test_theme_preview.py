"""Walking a theme before it is put up: the place's own menu, staying in the theme, changing nothing."""

import re

import pytest
from django.urls import reverse

from accounts.models import User
from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from menu_pages.stopping import stop_dish
from menu_pages.themes.preview import choice_address
from menu_pages.themes.registry import get_theme
from orders.models import BasketLine, Order, Session, Visit
from tests.factories.guests import Guest
from tests.factories.menus import make_category, make_dish
from tests.factories.people import signed_in

PREFIX = "/admin/places/teahouse/themes/other/preview/"
SHEET = re.compile(r'/static/themes/([\w-]+)/\w+\.css"')
LINK = re.compile(r'(?:href|action)="([^"]*)"')
# Not a part of the place: files, a telephone, a leap within the page.
ELSEWHERE = re.compile(r"/static/|/media/|tel:|#")


@pytest.fixture(autouse=True)
def menu(other_theme: str, borshch: DishPage, tea: DishPage) -> None:
    """Two themes, and a menu to see in them."""


def body(user: User, address: str) -> str:
    response = signed_in(user).get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", ["", "soups/", "soups/borshch/", "drinks/tea/", "basket/", "orders/sample/"])
def test_every_screen_is_in_the_theme_and_leads_only_to_others_in_it(
    place_a: PlacePage, alice: User, path: str
) -> None:
    page = body(alice, PREFIX + path)

    assert SHEET.findall(page) == ["other"]
    links = [link for link in LINK.findall(page) if not ELSEWHERE.match(link)]
    assert links != []
    assert [link for link in links if not link.startswith(PREFIX)] == []


def test_place_leads_to_category_and_dish(place_a: PlacePage, alice: User) -> None:
    place = body(alice, PREFIX)

    assert f'href="{PREFIX}soups/borshch/"' in place
    assert f'href="{PREFIX}soups/"' in place
    assert "Borshch" in body(alice, f"{PREFIX}soups/borshch/")


def test_it_is_private_and_may_stand_in_our_frames(place_a: PlacePage, alice: User) -> None:
    response = signed_in(alice).get(PREFIX)

    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_guests_links_are_their_own_afterwards(place_a: PlacePage, alice: User) -> None:
    body(alice, PREFIX)

    assert 'href="/teahouse/soups/borshch/"' in Guest(place_a).client.get("/teahouse/").content.decode()


def test_drafts_are_not_shown(soups: CategoryPage, alice: User) -> None:
    make_dish(soups, "Secret soup", live=False)

    assert "Secret soup" not in body(alice, PREFIX)
    assert signed_in(alice).get(f"{PREFIX}soups/secret-soup/").status_code == 404


@pytest.mark.parametrize("path", ["basket/add/", "order/", "basket/update/", "", "soups/borshch/"])
def test_a_form_does_nothing(place_a: PlacePage, borshch: DishPage, alice: User, path: str) -> None:
    data = {"dish": borshch.menu_path, "quantity": "2", "idempotency_key": "a-key-long-enough"}

    response = signed_in(alice).post(PREFIX + path, data)

    assert (response.status_code, response.content) == (204, b"")
    assert [model.objects.count() for model in (Visit, BasketLine, Order)] == [0, 0, 0]


def test_the_moderators_own_visit_is_not_touched(
    place_a: PlacePage, borshch: DishPage, alice: User, guest: Guest
) -> None:
    guest.add(borshch, 2)
    guest.client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    before = Session.objects.get(session_key=guest.client.session.session_key).session_data

    page = guest.client.get(PREFIX).content.decode()

    assert 'data-count="0"' in page  # as a guest who has just come
    assert "chip-table" not in page
    assert Session.objects.get(session_key=guest.client.session.session_key).session_data == before


def test_the_sample_basket_holds_dishes_that_can_be_had(borshch: DishPage, tea: DishPage, alice: User) -> None:
    stop_dish(dish=borshch, by=None)

    page = body(alice, f"{PREFIX}basket/")

    assert "Borshch" not in page
    assert "Small" in page  # what a guest would have to choose
    assert 'name="idempotency_key" value=""' in page


def test_the_sample_order_shows_its_state(place_a: PlacePage, alice: User) -> None:
    page = body(alice, f"{PREFIX}orders/sample/")
    fragment = signed_in(alice).get(f"{PREFIX}orders/sample/", headers={"x-fragment": "status"}).content.decode()

    assert 'data-state="preparing"' in page
    assert fragment.startswith("<div data-status ")
    assert Order.objects.count() == 0


def test_an_empty_menu_can_be_walked(place_b: PlacePage, bob: User) -> None:
    prefix = reverse("themes:preview", args=["pizzeria", "other", ""])

    for path in ("", "basket/", "orders/sample/"):
        assert SHEET.findall(body(bob, prefix + path)) == ["other"]


def test_a_dish_without_a_price_is_no_sample(place_b: PlacePage, bob: User) -> None:
    make_dish(make_category(place_b, "Pizza"), "Unpriced")
    DishPage.objects.filter(title="Unpriced").update(price=None)

    assert "Unpriced" not in body(bob, reverse("themes:preview", args=["pizzeria", "other", "basket/"]))


def test_saved_settings_of_the_theme_are_in_its_preview(place_a: PlacePage, alice: User) -> None:
    saved = {"other": {"density": "compact", "colours": {"accent": "#005f73"}}}
    PlaceRecord.objects.filter(place=place_a).update(theme_settings=saved)

    page = body(alice, PREFIX)

    assert 'data-density="compact"' in page
    assert f'href="{PREFIX}theme.css"' in page
    assert "--accent:#005f73" in body(alice, f"{PREFIX}theme.css")


def test_an_unsaved_choice_is_walked_and_not_saved(place_a: PlacePage, alice: User) -> None:
    choice = {"colours": {"accent": "#005f73"}, "pictures": "circle"}
    start = choice_address(place_a, get_theme("other"), choice)

    page = body(alice, start)

    assert 'data-pictures="circle"' in page
    assert f'href="{start}soups/borshch/"' in page
    assert "--accent:#005f73" in body(alice, f"{start}theme.css")
    assert PlaceRecord.objects.get(place=place_a).theme_settings == {}


@pytest.mark.parametrize("choice", ["e30", "e30:1abc:forged", "x" * 3000])
def test_a_forged_choice_is_not_found(place_a: PlacePage, alice: User, choice: str) -> None:
    assert signed_in(alice).get(f"/admin/places/teahouse/themes/other/try/{choice}/").status_code == 404


def test_unknown_themes_and_pages_are_not_found(place_a: PlacePage, alice: User) -> None:
    browser = signed_in(alice)

    for address in (
        "/admin/places/teahouse/themes/none/preview/",
        "/admin/places/teahouse/themes/none/",
        f"{PREFIX}none/",
        f"{PREFIX}soups/none/",
    ):
        assert browser.get(address).status_code == 404


ADDRESSES = [
    reverse("themes:index", args=["teahouse"]),
    reverse("themes:edit", args=["teahouse"]),
    reverse("themes:look", args=["teahouse", "other"]),
    PREFIX,
    f"{PREFIX}soups/borshch/",
    f"{PREFIX}theme.css",
    f"{PREFIX}basket/",
    f"{PREFIX}orders/sample/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_the_places_own_moderators_come_in(
    place_a: PlacePage, place_b: PlacePage, alice: User, bob: User, charlie: User, address: str
) -> None:
    assert signed_in(alice).get(address).status_code == 200
    assert signed_in(bob).get(address).status_code == 404
    assert signed_in(charlie).get(address).status_code in (302, 404)


@pytest.mark.parametrize("name", ["install", "undo", "edit"])
def test_others_change_nothing(place_a: PlacePage, place_b: PlacePage, bob: User, charlie: User, name: str) -> None:
    address = reverse(f"themes:{name}", args=["teahouse", "other"] if name == "install" else ["teahouse"])
    before = PlaceRecord.objects.filter(place=place_a).values().get()

    assert signed_in(bob).post(address, {"seen": "1"}).status_code == 404
    assert signed_in(charlie).post(address, {"seen": "1"}).status_code in (302, 404)

    assert PlaceRecord.objects.filter(place=place_a).values().get() == before


def test_the_page_shows_every_theme_with_the_places_menu(place_a: PlacePage, alice: User) -> None:
    page = body(alice, reverse("themes:index", args=["teahouse"]))

    frames = re.findall(r"<iframe src=\"([^\"]*)\"[^>]*>", page)
    assert frames == [PREFIX.replace("/other/", "/showcase/"), PREFIX]
    assert page.count('loading="lazy" tabindex="-1" aria-hidden="true"') == 2
    assert page.count("themes/other/install/") == 1
    assert "themes/showcase/install/" not in page  # it is up already


def test_the_whole_screen_leads_to_each_screen(place_a: PlacePage, alice: User) -> None:
    page = body(alice, reverse("themes:look", args=["teahouse", "other"]))

    for path in ("", "basket/", "orders/sample/"):
        assert f'href="{PREFIX}{path}" target="phone"' in page


def test_the_menu_has_the_way_in(place_a: PlacePage, alice: User) -> None:
    assert "/admin/places/teahouse/themes/" in body(alice, "/admin/")
