"""Every kind of page in Chromium under its policy: nothing of our own is stopped, and what is not ours is.

The pages themselves are watched by the fixture `offences`, which fails a test for each breach.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import FrameLocator, Page, expect

from menu_pages.models import DishPage, PlacePage
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

AREAS = ("board:index", "bulk:index", "files:index", "qr:index", "setup:index", "service:index", "history:index")
SCREENS = ("/admin/", "/admin/images/", "/admin/images/multiple/add/", "/admin/orders/order/", "/accounts/profile/")


def test_pages_of_guests_and_strangers(phone: Page, demo: list[PlacePage], table_link: str) -> None:
    """Each theme has stylesheets, fonts and scripts of its own; JSON-LD in the head is data, which no policy stops."""
    place = demo[0]
    dish = DishPage.objects.descendant_of(place).live().first()
    for address in (
        "/",
        table_link,
        f"{place.href}basket/",
        f"{place.href}table/",
        "/accounts/login/",
        "/accounts/signup/",
    ):
        phone.goto(address)
    phone.goto(f"{place.href}{dish.menu_path}/")

    data = phone.locator("script[type='application/ld+json']")

    expect(data).to_have_count(1)
    assert "schema.org" in data.inner_text()
    # Its own and the parts it names: one that the policy stopped would have no rules to show.
    assert phone.evaluate("[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).length") >= 4


def test_screens_of_an_owner(page: Page, demo: list[PlacePage]) -> None:
    place = demo[0]
    sign_in(page, "/admin/")
    for screen in (*SCREENS, *(reverse(area, args=[place.slug]) for area in AREAS)):
        page.goto(screen)
    page.goto(reverse("statistics:index", args=[place.slug]))
    page.goto(reverse("desk:board", args=[place.slug]))
    page.goto(reverse("themes:edit", args=[place.slug]))
    in_the_editor: FrameLocator = page.frame_locator("[data-phone]")
    expect(in_the_editor.locator("h1")).to_have_text(place.title)

    page.goto(reverse("wagtailadmin_pages:edit", args=[place.pk]))
    page.get_by_role("button", name=re.compile("preview", re.IGNORECASE)).first.click()

    expect(page.frame_locator("iframe[title=Preview] >> nth=-1").locator("h1")).to_have_text(place.title)


def test_what_is_not_ours_is_stopped(phone: Page, demo: list[PlacePage], offences: list[str]) -> None:
    """The control: a script, a style and a picture that somebody smuggled into a page, and a frame around one."""
    phone.goto(demo[0].href)

    phone.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.smuggled = true";
            document.body.append(script);
            const markup = "<p id=styled style='position:fixed'></p><img src=x onerror='window.smuggled = true'>";
            document.body.insertAdjacentHTML("beforeend", markup);
        }"""
    )

    assert phone.evaluate("window.smuggled") is None
    assert phone.evaluate("getComputedStyle(document.getElementById('styled')).position") == "static"
    assert any("script-src" in offence for offence in offences)
    offences.clear()
