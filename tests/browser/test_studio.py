"""A new owner's first evening in the studio: a menu of 144 dishes in two languages from a file to the guests' phones,
put in order, repriced, dressed and printed; a guest's phone shows each change."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord, Table
from tests.browser.conftest import Shoot
from tests.factories.cast import alice, place_a  # noqa: F401  (fixtures)
from tests.factories.menu_files import xlsx_file
from tests.factories.people import PASSWORD
from tests.factories.two_languages import menu_of_144

pytestmark = pytest.mark.browser

ADMIN = "/admin/places/teahouse"
THEMES = ("showcase", "classic", "street", "magazine")


def workbook(rows: list[dict[str, Any]]) -> FilePayload:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "menu.xlsx", "mimeType": kind, "buffer": xlsx_file(rows)}


def upload(page: Page, rows: list[dict[str, Any]]) -> None:
    page.goto(f"{ADMIN}/files/")
    page.set_input_files("input[type=file]", workbook(rows))
    page.get_by_role("button", name="Look into the file").click()


def titles(phone: Page) -> list[str]:
    phone.goto("/teahouse/")
    return phone.locator("[data-section] h2").all_inner_texts()


def test_a_menu_from_a_file_to_the_guests(
    place_a: PlacePage,  # noqa: F811
    media: Path,
    page: Page,
    phone: Page,
    shoot: Shoot,
) -> None:
    page.set_default_timeout(60_000)
    page.goto("/admin/")
    page.fill("input[name=login]", "alice@example.com")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    shoot(page, "home")

    # Rows that do not fit are refused with their place in the file; put right, the file goes in.
    rows = menu_of_144()
    wrong = [*rows[:20], {**rows[20], "price": "сто"}, *rows[21:50], {**rows[50], "allergens": "glass"}, *rows[51:]]
    upload(page, wrong)
    refused = page.locator(".files-refusal tbody tr")
    expect(refused).to_have_count(2)
    assert [row.split("\t")[:2] for row in refused.all_inner_texts()] == [["22", "price"], ["52", "allergens"]]
    assert not DishPage.objects.exists()

    upload(page, rows)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("The file is imported")).to_be_visible()
    sections = titles(phone)
    assert sections[:2] == ["Breakfast", "Starters"]
    expect(phone.locator("[data-dish]")).to_have_count(144)

    # The second category first.
    page.goto(f"{ADMIN}/board/")
    shoot(page, "board-of-144")
    second = CategoryPage.objects.child_of(place_a).order_by("path")[1]
    page.locator(f"#page-{second.pk} [data-handle]").focus()
    with page.expect_response("**/move/"):
        page.keyboard.press("Alt+ArrowUp")
    assert titles(phone)[:2] == ["Starters", "Breakfast"]

    # 7 % more, rounded to 5: 105 → 112.35 → 110.
    page.goto(f"{ADMIN}/board/")
    page.locator("[data-select-all]").check()
    expect(page.locator("[data-selected-count]").first).to_have_text("144")
    page.get_by_text("Change prices").click()
    page.fill("[name=percent]", "7")
    page.select_option("[name=rounding]", "5")
    page.get_by_role("button", name="See the new prices").click()
    expect(page.locator("main, body").first).to_contain_text("110")
    shoot(page, "new-prices")
    page.get_by_role("button", name=re.compile("Apply to")).click()
    expect(page.get_by_text("Done: 14")).to_be_visible()
    assert str(DishPage.objects.get(title="Завтраки домашний").price) == "110.00"
    phone.goto("/teahouse/zavtraki/")
    expect(phone.locator("[data-dish]").first).to_contain_text("110")

    # In four themes, then one of them for the guests, in the owner's own colour.
    for theme in THEMES:
        page.goto(f"{ADMIN}/themes/{theme}/")
        expect(page.frame_locator("iframe[name=phone]").locator("[data-dish]")).to_have_count(144)
    page.goto(f"{ADMIN}/themes/classic/")
    page.locator(".look-bar button").click()
    phone.goto("/teahouse/")
    expect(phone.locator("link[href$='themes/classic/place.css']")).to_have_count(1)
    page.goto(f"{ADMIN}/themes/edit/")
    page.locator("input[name=accent]").evaluate(
        "(input) => { input.value = '#005f73'; input.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    page.locator("button[value=save]").click()
    page.wait_for_load_state()
    phone.reload()
    accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
    assert phone.evaluate(accent) == "#005f73"
    assert PlaceRecord.objects.get(place=place_a).theme == "classic"

    # Codes for thirty tables; one of them, scanned.
    page.goto(f"{ADMIN}/qr/")
    page.fill("[name=count]", "30")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator("a[download^='table_']").filter(has_text="PNG")).to_have_count(30)
    shoot(page, "codes")
    table = Table.objects.get(place=place_a, number=30)
    phone.goto(table.link("teahouse"))
    expect(phone.locator(".chip-table")).to_contain_text("30")
