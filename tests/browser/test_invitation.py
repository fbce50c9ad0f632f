"""An owner invites a waiter; the letter's link leads a new person to the service desk."""

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from menu_pages.models import PlacePage
from tests.browser.conftest import Shoot, sign_in
from tests.browser_fixtures import PHONE, NewPage
from tests.factories.invitations import link_in_letter

pytestmark = pytest.mark.browser


def test_from_the_invitation_to_the_desk(demo: list[PlacePage], page: Page, new_page: NewPage, shoot: Shoot) -> None:
    people = f"/admin/organisations/{demo[0].record.organisation.slug}/people/"
    sign_in(page, people)
    page.get_by_label("E-mail").fill("maria@example.com")
    page.get_by_role("combobox", name="Role", exact=False).first.select_option("waiter")
    page.get_by_role("button", name="Send the letter", exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()
    expect(page.get_by_text("maria@example.com").first).to_be_visible()
    shoot(page, "people")
    assert [letter.to for letter in mail.outbox] == [["maria@example.com"]]

    phone = new_page(**PHONE)
    phone.goto(link_in_letter("maria@example.com"))
    phone.fill("input[name=first_name]", "Мария")
    phone.fill("input[name=password1]", "kvass-and-kalach")
    phone.fill("input[name=password2]", "kvass-and-kalach")
    shoot(phone, "invitation")
    phone.get_by_role("button", name="Join").click()

    phone.wait_for_url("**/staff/")
    expect(phone.get_by_role("link", name=demo[0].title)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Мария")).to_be_visible()
