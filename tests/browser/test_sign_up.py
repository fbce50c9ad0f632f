"""From the front page to the first dish a guest sees, through a real letter."""

import re

import pytest
from playwright.sync_api import Page, expect

from menu_pages.models import DishPage, HomePage, PlacePage
from tests.browser.conftest import Shoot
from tests.browser_fixtures import DESKTOP, NewPage
from tests.factories.letters import links
from tests.factories.people import PASSWORD
from tests.factories.smtp import PostOffice

pytestmark = pytest.mark.browser

EMAIL = "dana@example.com"


def register(page: Page, organisation: str = "Dana’s café") -> None:
    page.goto("/")
    page.get_by_role("link", name="Register a place").click()
    page.fill("input[name=organisation]", organisation)
    page.select_option("select[name=kind]", "cafe")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    page.check("input[name=consent]")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/accounts/confirm-email/")
    expect(page.get_by_text(EMAIL)).to_be_visible()


def publish(page: Page) -> None:
    page.get_by_role("button", name=re.compile("More actions")).first.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages .success")).to_be_visible()


def test_an_owner_signs_up_and_a_guest_reads_the_first_dish(
    post_office: PostOffice, page: Page, phone: Page, shoot: Shoot
) -> None:
    register(page)
    shoot(page, "sign-up-letter-sent")
    (letter,) = post_office.letters

    page.goto(links(letter)[0])
    page.wait_for_url("**/admin/")
    shoot(page, "sign-up-landing")
    place = PlacePage.objects.get()
    dish = DishPage.objects.get(title="Cappuccino")
    for edited in (dish.get_parent(), dish):
        page.goto(f"/admin/pages/{edited.pk}/edit/")
        publish(page)

    phone.goto(place.href)
    expect(phone.get_by_text("Cappuccino").first).to_be_visible()
    assert phone.get_by_text("Espresso").count() == 0


def test_in_another_browser_a_button_confirms_without_javascript(
    post_office: PostOffice, page: Page, new_page: NewPage
) -> None:
    register(page)
    other = new_page(**DESKTOP, java_script_enabled=False)

    other.goto(links(post_office.letters[0])[0])
    assert PlacePage.objects.count() == 0
    other.get_by_role("button", name="Yes, confirm").click()
    other.wait_for_url("**/accounts/login/")
    other.fill("input[name=login]", EMAIL)
    other.fill("input[name=password]", PASSWORD)
    other.locator("main button[type=submit]").click()
    other.wait_for_url("**/admin/")

    assert PlacePage.objects.child_of(HomePage.objects.get()).count() == 1
    other.goto(links(post_office.letters[0])[0])
    expect(other.get_by_text("This e-mail is confirmed already")).to_be_visible()
