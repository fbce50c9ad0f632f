"""The theme editor, and what guests get of a choice."""

import json
import re

import pytest
from django.test import Client

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord, ThemeInstallation
from menu_pages.slugs import RESERVED_CATEGORY_SLUGS
from menu_pages.themes import registry
from menu_pages.themes.colours import contrast
from menu_pages.themes.look import Look, clean_settings, look_of
from menu_pages.themes.registry import get_theme
from tests.factories.menus import make_category, make_dish
from tests.factories.people import signed_in

EDIT = "/admin/places/teahouse/themes/edit/"
OWN = {
    "theme": "other",
    "accent": "#7b2d3b",
    "background": "#fbf8f3",
    "text": "#23201c",
    "surface": "#ffffff",
    "fonts": "own",
    "density": "comfortable",
    "pictures": "square",
    "header": "cover",
    "card": ["weight", "calories", "labels", "allergens"],
}
STYLESHEET = re.compile(r'href="(/teahouse/theme-[0-9a-f]+\.css)"')


@pytest.fixture(autouse=True)
def place_in_other(place_a: PlacePage, other_theme: str) -> PlacePage:
    PlaceRecord.objects.filter(place=place_a).update(theme=other_theme)
    return place_a


def saved(place: PlacePage) -> dict[str, object]:
    return PlaceRecord.objects.get(place=place).theme_settings


def save(alice: User, **changes: object) -> str:
    response = signed_in(alice).post(EDIT, {**OWN, "action": "save", **changes}, follow=True)
    return response.content.decode()


def test_the_form_offers_what_the_theme_does(alice: User) -> None:
    page = signed_in(alice).get(EDIT).content.decode()

    assert [name for name in OWN if f'name="{name}"' in page] == list(OWN)
    assert 'value="#7b2d3b"' in page


def test_what_a_theme_does_not_offer_is_not_asked(alice: User, place_a: PlacePage) -> None:
    theme = get_theme("other")
    file = registry.themes_folder() / "other" / "theme.toml"
    words = file.read_text("utf-8")
    file.write_text(words[: words.index("[options]")], "utf-8")
    registry._themes.cache_clear()

    page = signed_in(alice).get(EDIT).content.decode()

    assert theme.title in page
    assert [name for name in OWN if f'name="{name}"' in page] == ["theme"]
    assert "offers nothing to change" in page


def test_saving_keeps_only_what_differs(alice: User, place_a: PlacePage) -> None:
    version = PlaceRecord.objects.get(place=place_a).menu_version

    save(alice, accent="#005F73", pictures="circle", card=["weight"])

    assert saved(place_a) == {
        "other": {"colours": {"accent": "#005f73"}, "pictures": "circle", "card": ["weight"]},
    }
    assert PlaceRecord.objects.get(place=place_a).menu_version == version + 1
    assert ThemeInstallation.objects.get().settings_after == saved(place_a)["other"]


def test_saving_the_themes_own_values_saves_nothing(alice: User, place_a: PlacePage) -> None:
    save(alice)

    assert saved(place_a) == {}
    assert not ThemeInstallation.objects.exists()


def test_all_parts_of_a_card_may_be_taken_off(alice: User, place_a: PlacePage) -> None:
    save(alice, card=[])

    assert saved(place_a) == {"other": {"card": []}}


def test_as_the_theme_comes(alice: User, place_a: PlacePage) -> None:
    save(alice, density="compact")

    save(alice, action="reset", density="compact")

    assert saved(place_a) == {}
    assert ThemeInstallation.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accent", "red"),
        ("accent", "#fff"),
        ("accent", "#fff;}body{display:none"),
        ("background", "url(//evil)"),
        ("density", "huge"),
        ("fonts", "Comic Sans"),
        ("pictures", "<script>"),
        ("card", ["cost"]),
    ],
)
def test_what_is_not_offered_is_refused(alice: User, place_a: PlacePage, name: str, value: object) -> None:
    response = signed_in(alice).post(EDIT, {**OWN, "action": "save", name: value})

    assert response.status_code == 422
    assert saved(place_a) == {}


def test_an_unreadable_text_is_refused_with_the_nearest_that_reads(alice: User, place_a: PlacePage) -> None:
    response = signed_in(alice).post(EDIT, {**OWN, "action": "save", "text": "#c8c2b8"})

    page = response.content.decode()
    (offered,) = re.findall(r'name="use" value="text:(#[0-9a-f]{6})"', page)
    assert response.status_code == 422
    assert saved(place_a) == {}
    assert contrast("#c8c2b8", "#fbf8f3") < 4.5 <= contrast(offered, "#fbf8f3") < 4.6
    assert f'fill="{offered}"' in page


def test_pressing_use_it_takes_the_colour_over(alice: User, place_a: PlacePage) -> None:
    response = signed_in(alice).post(EDIT, {**OWN, "text": "#c8c2b8", "use": "text:#66635e"})

    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(r'name="text" value="#66635e"', page)
    assert "/try/" in page
    assert saved(place_a) == {}


def test_looking_shows_the_unsaved_choice(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    page = signed_in(alice).post(EDIT, {**OWN, "action": "look", "pictures": "circle"}).content.decode()

    (frame,) = re.findall(r'<iframe class="editor-phone" src="([^"]+)"', page)
    assert 'data-pictures="circle"' in signed_in(alice).get(frame).content.decode()
    assert "Not saved yet" in page
    assert saved(place_a) == {}


def test_the_script_is_answered_with_an_address_or_the_problems(alice: User, place_a: PlacePage) -> None:
    browser = signed_in(alice)

    fine = browser.post(EDIT, {**OWN, "density": "compact"}, headers={"x-fragment": "choice"}).json()
    wrong = browser.post(EDIT, {**OWN, "text": "#c8c2b8"}, headers={"x-fragment": "choice"}).json()

    assert fine["address"].startswith("/admin/places/teahouse/themes/other/try/")
    assert (wrong["address"], list(wrong["problems"])) == (None, ["text"])
    assert contrast(wrong["problems"]["text"]["nearest"], "#fbf8f3") >= 4.5


def test_a_form_of_a_theme_replaced_meanwhile_saves_nothing(alice: User, place_a: PlacePage) -> None:
    page = save(alice, theme="showcase", density="compact")

    assert "Another theme has been installed meanwhile" in page
    assert saved(place_a) == {}


def guest_page(address: str = "/teahouse/") -> str:
    return Client().get(address).content.decode()


def test_without_settings_guests_load_no_stylesheet_more(borshch: DishPage) -> None:
    page = guest_page()

    assert STYLESHEET.findall(page) == []
    assert "<html lang" in page
    assert "data-density" not in page


def test_guests_get_the_colours_from_a_stylesheet_kept_for_ever(alice: User, borshch: DishPage) -> None:
    save(alice, accent="#005f73", background="#fffdf5")

    (address,) = STYLESHEET.findall(guest_page())
    response = Client().get(address)

    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    css = response.content.decode()
    assert ("--accent:#005f73" in css, "--paper:#fffdf5" in css) == (True, True)
    assert 'content="#fffdf5"' in guest_page()  # the browser's own bar
    assert "Set-Cookie" not in response


def test_a_changed_choice_has_another_address_and_the_old_one_is_not_kept(alice: User, borshch: DishPage) -> None:
    save(alice, accent="#005f73")
    (old,) = STYLESHEET.findall(guest_page())

    save(alice, accent="#1b4332")

    (new,) = STYLESHEET.findall(guest_page())
    assert new != old
    late = Client().get(old)
    assert "--accent:#1b4332" in late.content.decode()
    assert late["Cache-Control"] == "no-cache"


def test_fonts_are_our_own_files(alice: User, borshch: DishPage) -> None:
    save(alice, fonts="onest")

    page = guest_page()
    (address,) = STYLESHEET.findall(page)
    css = Client().get(address).content.decode()

    assert 'src:url("/static/themes/showcase/fonts/onest-400.woff2")' in css
    assert '--font-text:"Onest"' in css
    assert 'rel="preload" href="/static/themes/showcase/fonts/onest-400.woff2"' in page


def test_the_choice_stands_on_the_page(alice: User, place_a: PlacePage) -> None:
    dish = make_dish(make_category(place_a, "Soups"), "Ukha", weight="350", calories="120", tags=["new"])
    assert "350" in guest_page()

    save(alice, density="compact", pictures="wide", header="plain", card=["calories"])

    page = guest_page()
    assert 'data-density="compact" data-pictures="wide" data-header="plain" data-hide="weight labels allergens"' in page
    assert ("350" in page, "120" in page) == (False, True)
    assert "350" in guest_page(dish.href)  # on its own page a dish says everything


def test_no_stylesheet_where_there_is_no_place(place_a: PlacePage) -> None:
    assert Client().get("/nowhere/theme-0123456789ab.css").status_code == 404


def test_no_category_can_take_the_stylesheets_address(place_a: PlacePage) -> None:
    category = make_category(place_a, "theme-0123456789ab.css")

    assert "." not in category.slug
    assert "theme" in RESERVED_CATEGORY_SLUGS


def test_settings_from_nowhere_are_cleaned() -> None:
    theme = get_theme("other")

    assert clean_settings(theme, None) == {}
    assert clean_settings(theme, ["density"]) == {}
    assert clean_settings(theme, {"density": ["compact"], "card": "weight", "colours": "red", "more": 1}) == {}
    assert clean_settings(theme, {"colours": {"accent": "};x{", "text": "#fbf8f3"}}) == {}  # unreadable: dropped whole
    kept = {"colours": {"text": "#000000"}, "density": "compact", "card": []}
    assert clean_settings(theme, json.loads(json.dumps(kept))) == kept


def test_a_look_without_choices_is_the_themes_own() -> None:
    theme = get_theme("other")

    look = look_of(theme, {"showcase": {"density": "compact"}})

    assert (look.css, look.version, look.attributes, look.colour) == ("", "", "", theme.colour)
    assert Look(theme, {"density": "compact"}).css == ""
