"""The owner edits a dish with the preview beside the form, publishes, and a guest sees it."""

import re

import pytest
from playwright.sync_api import Page, expect

from menu_pages.models import DishPage, PlacePage
from tests.browser.conftest import Shoot, sign_in

pytestmark = pytest.mark.browser


def test_unsaved_edit_is_in_the_preview_and_published_one_on_the_guests_page(
    demo: list[PlacePage], page: Page, phone: Page, shoot: Shoot
) -> None:
    dish = DishPage.objects.get(slug="solyanka-myasnaya")
    edit = f"/admin/pages/{dish.pk}/edit/"
    sign_in(page, "/admin/")
    expect(page.get_by_role("link", name=re.compile("Settings|Users|Documents"))).to_have_count(0)
    expect(page.locator("a[href^='/admin/reports/']")).to_have_count(0)

    page.goto(edit)
    page.get_by_role("button", name=re.compile("preview", re.IGNORECASE)).first.click()
    preview = page.frame_locator("iframe[title='Preview'] >> nth=-1")
    expect(preview.get_by_text(dish.description)).to_be_visible(timeout=20_000)
    # At a person's pace: the editor notices changes from its third second on.
    page.fill("textarea[name=description]", "")
    page.locator("textarea[name=description]").press_sequentially("Три вида мяса, каперсы и лимон.", delay=120)
    expect(preview.get_by_text("Три вида мяса, каперсы и лимон.")).to_be_visible(timeout=20_000)
    shoot(page, "editor")
    assert DishPage.objects.get(pk=dish.pk).description == dish.description

    page.get_by_role("button", name=re.compile("More actions")).first.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages .success")).to_be_visible()

    phone.goto("/samovar/supy/solyanka-myasnaya/")
    # A reader of English still sees the English text; the edit was to the menu's own.
    phone.locator("button[name=language][value=ru]").first.click()
    expect(phone.get_by_text("Три вида мяса, каперсы и лимон.")).to_be_visible()
