"""Guests' pages load nothing from anybody else, in any theme: nobody else learns who eats where."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from menu_pages.themes.registry import all_themes
from tests.factories.cast import alice, borshch, english, guest, place_a, soups, table_7  # noqa: F401  (fixtures)
from tests.factories.guests import Guest, ordered, served

LOADED = ("src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "imagesrcset")
# A link of these kinds is told to machines that read, not fetched by a phone.
ONLY_TOLD = {"canonical", "alternate"}
FOREIGN = re.compile(r"(?:[a-z][a-z+.-]*:)?//", re.IGNORECASE)
IN_CSS = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])((?:[a-z]+:)?//[^'\")\s]+)", re.IGNORECASE)
IN_SCRIPT = re.compile(r"""(?:fetch\(|import\(|from\s|\.src\s*=|sendBeacon\()\s*['"`]((?:https?:)?//[^'"`]+)""")


class Loads(HTMLParser):
    """Gathers what a browser would fetch by itself or send to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [given[name] for name in LOADED if name in given]
        self.found += IN_CSS.findall(given.get("style", ""))
        told = set(given.get("rel", "").split()) <= ONLY_TOLD and tag == "link"
        if tag in ("link", "use", "image", "base") and not told:
            self.found.append(given.get("href", ""))

    def handle_data(self, data: str) -> None:
        self.found += IN_CSS.findall(data) + IN_SCRIPT.findall(data)


def foreign(html: str) -> list[str]:
    reader = Loads()
    reader.feed(html)
    return [address for address in reader.found if FOREIGN.match(address.strip())]


@pytest.mark.django_db
def test_no_page_of_any_theme_loads_anything_from_elsewhere(
    guest: Guest,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    place_a: PlacePage,  # noqa: F811
    alice: User,  # noqa: F811
) -> None:
    order = served(ordered(guest, borshch), alice)
    guest.add(borshch)
    pages = ("", "soups/", borshch.get_url_parts()[2].removeprefix("/teahouse/"), "basket/", "table/", "privacy/")
    themes = [theme.slug for theme in all_themes()]
    assert len(themes) > 3

    for theme in themes:
        PlaceRecord.objects.filter(pk=place_a.pk).update(theme=theme)
        for page in (*pages, f"orders/{order.public_id}/"):
            answer = guest.client.get(f"/teahouse/{page}")
            assert (theme, page, answer.status_code) == (theme, page, 200)
            assert (theme, page, foreign(answer.content.decode())) == (theme, page, [])
            assert f"themes/{theme}/" in answer.content.decode()
    assert foreign(guest.post("leave", {"finish": "1"}).content.decode()) == []


def test_neither_do_our_styles_and_scripts() -> None:
    files = [*Path(settings.BASE_DIR, "static").rglob("*.css"), *Path(settings.BASE_DIR, "static").rglob("*.js")]
    found = {
        file.name: addresses
        for file in files
        if (addresses := IN_CSS.findall(text := file.read_text()) + IN_SCRIPT.findall(text))
    }

    assert len(files) > 20
    assert found == {}


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/x.css">',
        "<style>@import 'https://fonts.example/x.css';</style>",
        '<div style="background: url(http://elsewhere.example/x.png)"></div>',
        '<img src="HTTPS://elsewhere.example/x.png">',
        '<script>navigator.sendBeacon("https://elsewhere.example/x")</script>',
        '<form action="//elsewhere.example/"></form>',
    ],
)
def test_the_reader_finds_what_is_foreign(page: str) -> None:
    assert len(foreign(page)) == 1
    assert foreign('<link rel="canonical" href="https://menu.example/"><a href="https://menu.example/">us</a>') == []
