"""What each theme lets an owner choose, and that each choice reaches the page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from menu_pages.models import DishPage, PlacePage
from menu_pages.pictures import make_renditions
from menu_pages.themes.look import Look
from menu_pages.themes.registry import Theme, all_themes
from tests.factories.guests import guest_at
from tests.factories.menus import make_category, make_dish, make_picture, table_of
from tests.factories.screens import flaws, menu_screens, parsed, wear, words

THEMES = all_themes()
OURS = {"classic", "showcase", "bar", "magazine", "teahouse", "street"}
by_slug = pytest.mark.parametrize("theme", THEMES, ids=[theme.slug for theme in THEMES])


def stylesheets(slug: str) -> str:
    """What a theme's screens load, as one text."""
    folder = Path(settings.BASE_DIR) / "static"
    files = [folder / "css" / "guest.css", *sorted((folder / "themes" / slug).glob("*.css"))]
    return "\n".join(file.read_text("utf-8") for file in files)


def choices(theme: Theme) -> Iterator[dict[str, object]]:
    """Every single choice that differs from the theme's own."""
    options = theme.options
    for name in ("density", "pictures", "header"):
        yield from ({name: value} for value in getattr(options, name)[1:])
    yield from ({"fonts": pair.key} for pair in options.fonts[1:])
    yield from ({"card": [part for part in options.card if part != hidden]} for hidden in options.card)
    yield {"card": []}
    yield {"colours": {"accent": "#005f73" if theme.slug != "bar" else "#7fd1c7"}}


@pytest.fixture
def dish(place_a: PlacePage, media: Path) -> DishPage:
    """A dish that has all a card can show, in a place with a cover."""
    picture = make_picture(place_a)
    make_renditions(picture)
    place_a.cover = picture
    place_a.save()
    return make_dish(
        make_category(place_a, "Soups", picture=picture),
        "Ukha",
        description="Zander and trout",
        weight="350",
        calories="285",
        tags=["spicy"],
        allergens=["celery"],
        picture=picture,
    )


def test_every_theme_offers_what_its_layout_can_answer() -> None:
    offered = {theme.slug: theme.options for theme in THEMES}

    assert set(offered) == OURS
    for slug, options in offered.items():
        assert options.density == ("comfortable", "compact"), slug
        assert options.header == ("cover", "plain"), slug
        assert len(options.pictures) >= 2, slug
        assert len(options.fonts) >= 3, slug
        assert {"weight", "calories", "labels", "allergens"} <= set(options.card), slug
        assert set(options.colours) == {"accent", "background", "text", "surface"}, slug


@by_slug
def test_every_choice_changes_the_page_and_the_page_still_holds(theme: Theme, dish: DishPage) -> None:
    guest = guest_at(table_of(dish.place, 7))
    category = dish.get_parent().specific
    wear(guest, theme.slug)
    own = {name: str(page) for name, page in menu_screens(guest, category, dish).items()}

    for choice in choices(theme):
        wear(guest, theme.slug, **choice)
        pages = menu_screens(guest, category, dish)
        assert flaws(pages) == [], choice
        assert [name for name, page in pages.items() if str(page) == own[name]] == [], choice


@by_slug
def test_what_a_card_leaves_out_is_not_said(theme: Theme, dish: DishPage) -> None:
    said = {
        "description": "Zander and trout",
        "weight": "350 g",
        "calories": "285 kcal",
        "labels": "spicy",
        "allergens": "Contains: celery",
    }
    guest = guest_at(table_of(dish.place, 7))

    def card(**chosen: object) -> str:
        wear(guest, theme.slug, **chosen)
        return words(parsed(guest.client.get(guest.place.href)).find(class_="card"))

    for hidden in theme.options.card:
        shown = [part for part in theme.options.card if part != hidden]
        text = card(card=shown)
        assert [part for part in theme.options.card if said[part] in text] == shown
    assert [part for part in theme.options.card if said[part] in card(card=[])] == []
    assert "Ukha" in card(card=[])


@by_slug
def test_a_plain_head_has_no_cover(theme: Theme, dish: DishPage) -> None:
    guest = guest_at(table_of(dish.place, 7))

    def covers(**chosen: object) -> int:
        wear(guest, theme.slug, **chosen)
        page = parsed(guest.client.get(guest.place.href))
        return len(page.select(".place-cover, .masthead-cover, .stall-cover"))

    assert (covers(), covers(header="plain")) == (1, 0)


@by_slug
def test_a_theme_answers_what_it_offers(theme: Theme) -> None:
    styles = stylesheets(theme.slug)
    # Rules for lists of cards alone say nothing to a theme without such lists.
    own = "\n".join(
        sheet.read_text("utf-8") for sheet in (Path(settings.BASE_DIR) / "static/themes" / theme.slug).glob("*.css")
    )

    for value in theme.options.density[1:]:
        assert f'[data-density="{value}"]' in styles
    for value in theme.options.pictures[1:]:
        assert f'[data-pictures="{value}"]' in styles
    if theme.slug != "showcase":
        assert '[data-density="compact"]' in own


@by_slug
def test_a_pair_of_fonts_comes_from_our_own_files(theme: Theme, dish: DishPage) -> None:
    guest = guest_at(table_of(dish.place, 7))

    for pair in theme.options.fonts[1:]:
        wear(guest, theme.slug, fonts=pair.key)
        page = parsed(guest.client.get(guest.place.href))
        look = Look(theme, {"fonts": pair.key})
        sheet = Client().get(str(page.find("link", href=re.compile("theme-[0-9a-f]+"))["href"])).content.decode()
        assert sheet == look.css
        assert [link["href"] for link in page("link", rel="preload")] == [f"/static/{face.file}" for face in pair.faces]
        for face in pair.faces:
            assert f"/static/{face.file}" in sheet
            licences = (Path(settings.BASE_DIR) / "static" / face.file).parent.glob("*OFL.txt")
            assert any("SIL Open Font License" in licence.read_text("utf-8") for licence in licences)
