"""Every screen of every theme on a phone, and the menu on a computer: pictures, and what an eye would object to.

The pictures go to var/screenshots, to be looked at.
"""

from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page

from menu_pages.models import PlacePage, Table
from menu_pages.pictures import make_renditions
from menu_pages.themes.installing import change_settings, install_theme
from menu_pages.themes.registry import all_themes
from tests.browser_fixtures import DESKTOP, PHONE, NewPage
from tests.factories.menus import make_category, make_dish, make_picture, make_place
from tests.factories.people import make_user

pytestmark = pytest.mark.browser

THEMES = [theme.slug for theme in all_themes()]
SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
# Without motion: a colour on its way from one to another is neither, and nobody reads it.
STILL = {**PHONE, "reduced_motion": "reduce"}
COMPUTER = {**DESKTOP, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}

LOOK = (Path(__file__).parent / "what_is_wrong.js").read_text("utf-8")


class Viewer:
    """Looks at screens, takes pictures of them, and remembers what is wrong."""

    def __init__(self, page: Page, theme: str, found: list[str], prefix: str = "") -> None:
        self.page = page
        self.theme = theme
        self.found = found
        self.prefix = prefix
        page.on("console", self._console)

    def look(self, screen: str, address: str = "") -> None:
        name = f"{self.theme}-{self.prefix}{screen}"
        if address:
            self.page.goto(address)
        self.found += [f"{name}: {problem}" for problem in self.page.evaluate(LOOK)]
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def journey(self, link: str, category: str, dish: str, add: str) -> None:
        """From the table's code to the order's status. `add` is a dish that needs no choice."""
        self.look("place", link)
        self.look("category", category)
        self.look("dish", dish)
        self.page.goto(category)
        self.page.locator(f"[data-dish='{add}'] form .add").first.click()
        self.page.wait_for_selector("[data-basket-bar]:not([hidden])")
        self.look("basket", self.page.get_attribute(".basket-bar a", "href") or "")
        self.page.locator("[data-send] .button").click()
        self.page.wait_for_url("**/orders/*/")
        self.look("status")

    def _console(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.found.append(f"{self.theme}: {getattr(message, 'text', '')}")


@pytest.fixture
def bare_place(db: None) -> PlacePage:
    """A place, a category and a dish of which nothing is filled in but what must be."""
    place = make_place(make_user("bare@example.com"), "Буфет")
    make_dish(make_category(place, "Пироги", slug="pies"), "Пирожок", "90.00", slug="pie")
    return place


def test_every_screen_of_every_theme_with_the_demos_menu(
    demo: list[PlacePage], table_link: str, new_page: NewPage
) -> None:
    found: list[str] = []

    for theme in THEMES:
        install_theme(place=demo[0], theme=theme, by=None)
        viewer = Viewer(new_page(**STILL), theme, found)
        viewer.journey(table_link, "/samovar/supy/", "/samovar/salaty/olivye/", "supy/solyanka-myasnaya")
        Viewer(new_page(**COMPUTER), theme, found, "desktop-").look("place", "/samovar/")
        dark = new_page(**STILL, color_scheme="dark")
        Viewer(dark, theme, found, "dark-").look("place", "/samovar/")

    assert found == []


def test_every_screen_of_every_theme_with_next_to_nothing_on_it(
    bare_place: PlacePage, new_page: NewPage, settings: LazySettings
) -> None:
    found: list[str] = []
    table = Table.objects.get(place=bare_place, number=7)

    for theme in THEMES:
        install_theme(place=bare_place, theme=theme, by=None)
        viewer = Viewer(new_page(**STILL), theme, found, "bare-")
        viewer.journey(
            table.link(bare_place.slug), f"{bare_place.href}pies/", f"{bare_place.href}pies/pie/", "pies/pie"
        )
        viewer.look("basket-empty", f"{bare_place.href}basket/")

    assert found == []


SPOIL = """() => {
  const set = (selector, name, value) => document.querySelector(selector).style.setProperty(name, value);
  set("h1", "min-width", "500px");
  set(".add", "width", "20px");
  set(".card h3", "color", "#bbb");
  document.querySelector("img").closest("picture").innerHTML = '<img src="/nowhere.webp" width="9" height="9" alt="">';
}"""
LISTS = ".entries .card:not(.card-large) .plate, .cards .plate, .shelf .plate, .dish-pictures .plate"
MEASURE = f"""() => {{
  const plate = document.querySelector("{LISTS}");
  const sides = plate ? plate.getBoundingClientRect() : {{ width: 1, height: 1 }};
  return {{
    height: document.body.scrollHeight,
    shape: sides.width / sides.height,
    round: plate ? getComputedStyle(plate).borderTopLeftRadius : "",
    title: getComputedStyle(document.querySelector("h1")).fontFamily,
  }};
}}"""


@pytest.fixture
def pictured_place(db: None, media: Path) -> PlacePage:
    place = make_place(make_user("pictured@example.com"), "Кухня")
    picture = make_picture(place)
    make_renditions(picture)
    soups = make_category(place, "Супы", slug="soups", description="Варим с утра.")
    for number in range(8):
        make_dish(
            soups,
            f"Суп {number}",
            slug=f"soup-{number}",
            description="Судак, форель и щука в прозрачном бульоне с шафраном и лимоном.",
            weight="350",
            picture=picture,
        )
    return place


def test_choices_of_the_theme_editor_are_seen(pictured_place: PlacePage, new_page: NewPage) -> None:
    found: list[str] = []
    phone = new_page(**STILL)
    shapes = {"square": 1.0, "wide": 1.33, "tall": 0.75, "circle": 1.0}

    for theme in all_themes():
        install_theme(place=pictured_place, theme=theme.slug, by=None)
        # The classic menu has no pictures but on a dish's own page.
        address = f"{pictured_place.href}soups/soup-1/" if theme.slug == "classic" else pictured_place.href

        def measured(settings: dict[str, object], where: str, theme: str = theme.slug) -> dict[str, object]:
            change_settings(place=pictured_place, theme=theme, settings=settings, by=None)
            phone.goto(where)
            phone.evaluate("document.fonts.ready.then(() => true)")
            found.extend(f"{theme} {settings}: {problem}" for problem in phone.evaluate(LOOK))
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            chosen = "-".join(str(value) for value in settings.values()) or "own"
            phone.screenshot(path=SCREENSHOTS / f"{theme}-choice-{chosen}.png")
            return dict(phone.evaluate(MEASURE))

        own = measured({}, pictured_place.href)
        compact = measured({"density": "compact"}, pictured_place.href)
        assert compact["height"] < own["height"], theme.slug
        for value in theme.options.pictures[1:]:
            shown = measured({"pictures": value}, address)
            assert shown["shape"] == pytest.approx(shapes[value], abs=0.03), (theme.slug, value)
            assert (shown["round"] == "50%") == (value == "circle"), (theme.slug, value)
        titles = [measured({"fonts": pair.key}, pictured_place.href)["title"] for pair in theme.options.fonts[1:]]
        assert len({own["title"], *titles}) == len(theme.options.fonts), theme.slug

    assert found == []


def test_the_eye_sees_what_is_wrong(pictured_place: PlacePage, new_page: NewPage) -> None:
    """The control: a page spoiled in each of the ways above."""
    phone = new_page(**STILL)
    phone.goto(pictured_place.href)
    assert phone.evaluate(LOOK) == []

    phone.evaluate(SPOIL)

    seen = {problem.split(":")[0].split(",")[0].split(" ")[0] for problem in phone.evaluate(LOOK)}
    assert seen == {"wider", "beyond", "small", "contrast", "not"}
