"""The owner edits the whole menu on one screen; a second editor at the same time; and all of it without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from menu_pages.models import CategoryPage, DishPage, PlacePage
from tests.browser.conftest import Shoot, sign_in
from tests.browser_fixtures import DESKTOP, PHONE, NewPage

pytestmark = pytest.mark.browser

BOARD = "/admin/places/samovar/board/"


def row(page: Page, dish: DishPage) -> Locator:
    return page.locator(f"#page-{dish.pk}")


def dishes(demo: list[PlacePage]) -> list[DishPage]:
    """Those of the first category, in their order."""
    category = CategoryPage.objects.child_of(demo[0]).order_by("path").first()
    return list(DishPage.objects.child_of(category).order_by("path"))


def drag(page: Page, handle: Locator, target: Locator) -> None:
    """From the handle to the lower edge of the target."""
    start, end = handle.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 120, end["y"] + end["height"] - 4, steps=8)
    with page.expect_response("**/move/"):
        page.mouse.up()


def test_order_and_prices_are_changed_where_they_stand(demo: list[PlacePage], page: Page, shoot: Shoot) -> None:
    first, second, third, fourth = dishes(demo)[:4]
    sign_in(page, BOARD)

    row(page, first).locator("[data-handle]").focus()
    with page.expect_response("**/move/"):
        page.keyboard.press("Alt+ArrowDown")
    assert dishes(demo)[:3] == [second, first, third]
    drag(page, row(page, second).locator("[data-handle]"), row(page, fourth))
    assert dishes(demo)[:4] == [first, third, fourth, second]

    price = row(page, first).locator("[name=price]")
    before = price.input_value()
    price.fill("512,5")
    price.press("Enter")
    expect(row(page, first).locator("[data-said]")).to_contain_text(re.compile(r"\d:\d\d"))
    assert str(DishPage.objects.get(pk=first.pk).price) == "512.50"
    row(page, first).locator("[data-said] button").click()
    expect(price).to_have_value(before)

    page.locator("[data-filter]").fill(first.title[:6].upper())
    expect(row(page, fourth)).to_be_hidden()
    expect(row(page, first)).to_be_visible()
    page.locator("[data-filter]").fill("")
    row(page, first).locator("[name=dish]").check()
    expect(page.locator("[data-selected-count]").first).to_have_text("1")
    shoot(page, "board")


def test_two_editors_never_overwrite_each_other(demo: list[PlacePage], new_page: NewPage) -> None:
    dish = dishes(demo)[0]
    ours, theirs = new_page(**DESKTOP), new_page(**DESKTOP)
    for page in (ours, theirs):
        sign_in(page, BOARD)
    row(theirs, dish).locator("[name=price]").fill("777")
    row(theirs, dish).locator("[name=price]").press("Enter")
    expect(row(theirs, dish).locator("[data-said] button")).to_have_count(1)

    mine = row(ours, dish).locator("[name=price]")
    mine.fill("555")
    mine.press("Enter")

    buttons = row(ours, dish).locator("[data-said] button")
    expect(buttons).to_have_count(2)
    expect(mine).to_have_value("555")
    assert DishPage.objects.get(pk=dish.pk).price == 777
    buttons.nth(0).click()
    expect(buttons).to_have_count(1)
    assert DishPage.objects.get(pk=dish.pk).price == 555


def test_what_is_not_saved_waits_for_the_network(demo: list[PlacePage], page: Page) -> None:
    dish = dishes(demo)[0]
    sign_in(page, BOARD)
    page.context.set_offline(True)
    price = row(page, dish).locator("[name=price]")
    price.fill("601")
    price.press("Enter")
    expect(row(page, dish).locator("[data-said].board-error")).not_to_be_empty()

    page.context.set_offline(False)

    expect(row(page, dish).locator("[data-said] button")).to_have_count(1)
    assert DishPage.objects.get(pk=dish.pk).price == 601


def test_enter_pressed_twice_adds_one_dish_and_keeps_the_next(demo: list[PlacePage], page: Page) -> None:
    sign_in(page, BOARD)
    form = page.locator("form.board-add:has([name=price])").first
    answers: list[Route] = []
    page.route("**/add-dish/", lambda route: answers.append(route))
    form.locator("[name=title]").fill("Уха по-царски")
    with page.expect_request("**/add-dish/"):
        form.locator("[name=title]").press("Enter")
    form.locator("[name=title]").press("Enter")
    form.locator("[name=title]").fill("Окрошка")
    with page.expect_response("**/add-dish/"):
        answers[0].continue_()

    expect(form.locator("[data-said]")).to_contain_text("Уха по-царски")
    assert form.locator("[name=title]").input_value() == "Окрошка"
    assert len(answers) == 1
    assert DishPage.objects.filter(title="Уха по-царски").count() == 1


def test_a_phone_holds_it_all(demo: list[PlacePage], phone: Page, shoot: Shoot) -> None:
    sign_in(phone, BOARD)

    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    shoot(phone, "board-phone")


def test_the_board_works_without_javascript(demo: list[PlacePage], new_page: NewPage) -> None:
    first, second = dishes(demo)[:2]
    page = new_page(**DESKTOP, java_script_enabled=False)
    sign_in(page, BOARD)

    row(page, first).locator("[name=price]").fill("333")
    row(page, first).locator("noscript button, button.board-quiet").first.click()
    expect(row(page, first).locator("[name=price]")).to_have_value("333")
    row(page, first).locator("button[value=down]").click()
    assert dishes(demo)[:2] == [second, first]

    form = page.locator("form.board-add:has([name=price])").first
    form.locator("[name=title]").fill("Уха по-царски")
    form.locator("[name=price]").fill("640")
    form.locator("button").click()

    expect(page.locator(".messages .success")).to_contain_text("Уха по-царски")
    assert DishPage.objects.get(title="Уха по-царски").live
