"""The owner walks a theme, puts it up, gives it colours; a guest's phone changes after each."""

import re

import pytest
from playwright.sync_api import Page, expect

from menu_pages.models import PlacePage, PlaceRecord
from orders.models import Order, Visit
from tests.browser.conftest import Shoot, sign_in
from tests.browser_fixtures import DESKTOP, NewPage

pytestmark = pytest.mark.browser

THEMES = "/admin/places/samovar/themes/"
ACCENT = "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"


def pick_colour(page: Page, name: str, colour: str) -> None:
    choose = "(input, colour) => { input.value = colour; input.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.locator(f"input[name={name}]").evaluate(choose, colour)


def test_a_theme_is_walked_installed_and_coloured(demo: list[PlacePage], page: Page, phone: Page, shoot: Shoot) -> None:
    sign_in(page, "/admin/")
    page.goto(THEMES)
    expect(page.locator(".theme-card iframe")).to_have_count(6)
    shoot(page, "themes")

    page.goto(f"{THEMES}classic/")
    frame = page.frame_locator("iframe[name=phone]")
    frame.locator("a[href$='/supy/']").first.click()
    frame.locator("[data-dish] a").first.click()
    frame.locator("[data-dish-form] button.button-main").click()
    expect(frame.locator("[data-dish-form]")).to_be_visible()
    page.get_by_role("link", name=re.compile("Basket|Корзина")).click()
    expect(frame.locator("[data-send]")).to_be_visible()
    frame.locator("[data-send] button").click()
    expect(frame.locator("[data-send]")).to_be_visible()
    assert (Order.objects.count(), Visit.objects.count()) == (0, 0)

    page.locator(".look-bar button").click()
    expect(page.locator("#theme-classic.is-installed")).to_be_visible()
    phone.goto("/samovar/")
    expect(phone.locator("link[href$='themes/classic/place.css']")).to_have_count(1)

    page.goto(f"{THEMES}edit/")
    pick_colour(page, "accent", "#005f73")
    unsaved = page.frame_locator("[data-phone]")
    expect(unsaved.locator("link[href$='/theme.css'][href*='/try/']")).to_have_count(1)
    assert unsaved.locator("html").evaluate(f"() => {ACCENT}") == "#005f73"
    assert PlaceRecord.objects.get(place=demo[0]).theme_settings == {}

    page.locator("button[value=save]").click()
    page.wait_for_load_state()
    phone.reload()
    assert phone.evaluate(ACCENT) == "#005f73"


def test_a_text_that_cannot_be_read_is_refused_where_it_is_chosen(demo: list[PlacePage], page: Page) -> None:
    sign_in(page, f"{THEMES}edit/")
    pick_colour(page, "text", "#c0c0c0")
    offer = page.locator("[data-field=text] [data-use]")
    expect(offer).to_be_visible()

    offer.click()

    expect(offer).to_be_hidden()
    expect(page.locator("input[name=text]")).to_have_value("#767676")


def test_the_editor_works_without_javascript(demo: list[PlacePage], new_page: NewPage) -> None:
    # Without it Wagtail’s own sidebar covers a phone’s screen.
    computer = new_page(**DESKTOP, java_script_enabled=False)
    sign_in(computer, f"{THEMES}edit/")
    computer.check("input[name=pictures][value=circle]")
    computer.locator("button[data-look]").click()
    expect(computer.frame_locator("[data-phone]").locator("html[data-pictures=circle]")).to_have_count(1)

    computer.locator("button[value=save]").click()

    assert PlaceRecord.objects.get(place=demo[0]).theme_settings == {"showcase": {"pictures": "circle"}}
