"""A guest's whole way on a phone, with JavaScript and without, seen from the desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from menu_pages.models import PlacePage
from orders.models import Order
from tests.browser.conftest import Shoot

pytestmark = pytest.mark.browser

SOLYANKA = "supy/solyanka-myasnaya"
OLIVIER = "salaty/olivye"
OKROSHKA = "supy/okroshka"


def basket_count(phone: Page) -> str | None:
    return phone.locator("[data-basket-bar]").get_attribute("data-count")


def add_from_card(phone: Page, dish: str) -> None:
    phone.locator(f"[data-dish='{dish}'] form[action$='basket/add/'] button").first.click()


def choose_olivier(phone: Page) -> None:
    """With crab instead of veal tongue, from the dish's own page."""
    phone.locator(f"[data-dish='{OLIVIER}'] h3 a").click()
    phone.wait_for_url("**/samovar/salaty/olivye/")
    phone.get_by_label(re.compile("Kamchatka crab")).check()
    phone.get_by_role("button", name=re.compile("^Add")).last.click()


def order_two_dishes(phone: Page, link: str, shoot: Shoot | None = None) -> Order:
    phone.goto(link)
    expect(phone).to_have_url(re.compile(r"/samovar/$"))
    expect(phone.get_by_text("Table 7").first).to_be_visible()
    if shoot:
        shoot(phone, "place")
    add_from_card(phone, SOLYANKA)
    expect(phone.locator("[data-basket-bar]")).to_have_attribute("data-count", "1")
    choose_olivier(phone)
    expect(phone.locator("[data-basket-bar]")).to_have_attribute("data-count", "2")
    phone.goto("/samovar/#supy")
    add_from_card(phone, "supy/shchi-sutochnye")
    expect(phone.locator("[data-basket-bar]")).to_have_attribute("data-count", "3")

    phone.goto("/samovar/basket/")
    lines = phone.locator("[data-basket] li.line")
    expect(lines).to_have_count(3)
    lines.nth(0).locator("button[value='2']").click()
    expect(lines.nth(0).locator("button[value='3']")).to_be_visible()
    lines.nth(2).locator("button[value='0']").last.click()
    expect(lines).to_have_count(2)
    if shoot:
        shoot(phone, "basket")
    phone.get_by_role("button", name=re.compile("Send the order")).click()
    phone.wait_for_url("**/samovar/orders/*/")
    return Order.objects.get(public_id=phone.url.rstrip("/").rsplit("/", 1)[1])


def test_guest_orders_with_javascript_and_without_and_the_desk_sees_both(
    demo: list[PlacePage], table_link: str, phone: Page, phone_without_js: Page, desk: Page, shoot: Shoot
) -> None:
    with_js = order_two_dishes(phone, table_link, shoot)
    without_js = order_two_dishes(phone_without_js, table_link)

    for order in (with_js, without_js):
        lines = [(line.title, line.quantity, line.options_text) for line in order.lines.all()]
        assert lines == [("Солянка мясная", 2, ""), ("Оливье", 1, "Камчатский краб")]
        assert order.table.number == 7
        assert (order.purchases, order.items) == (2, 3)
        # The desk was open all the while and is not reloaded.
        card = desk.locator(f"article[data-order='{order.public_id}']")
        expect(card.get_by_text(f"№ {order.number} ")).to_be_visible()
    shoot(desk, "desk")
    card = desk.locator(f"article[data-order='{with_js.public_id}']")
    card.get_by_role("button", name="Accept").click()
    expect(card.get_by_role("button", name="Start cooking")).to_be_visible()
    expect(phone.locator("[data-status]")).to_have_attribute("data-state", "accepted")


def test_five_presses_of_send_make_one_order(demo: list[PlacePage], table_link: str, phone: Page) -> None:
    phone.goto(table_link)
    add_from_card(phone, SOLYANKA)
    expect(phone.locator("[data-basket-bar]")).to_have_attribute("data-count", "1")
    phone.goto("/samovar/basket/")

    # As an impatient thumb and a bad network would: five requests of the same form at once.
    addresses = phone.evaluate(
        """async () => {
            const form = document.querySelector("form[action$='/order/']");
            const press = () => fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))});
            return (await Promise.all([1, 2, 3, 4, 5].map(press))).map((answer) => answer.url);
        }"""
    )

    order = Order.objects.get(place=demo[0])
    assert {address.rstrip("/").rsplit("/", 1)[1] for address in addresses} == {order.public_id}


def test_back_button_and_send_again_leads_to_the_order_already_sent(
    demo: list[PlacePage], table_link: str, phone: Page
) -> None:
    phone.goto(table_link)
    add_from_card(phone, SOLYANKA)
    expect(phone.locator("[data-basket-bar]")).to_have_attribute("data-count", "1")
    phone.goto("/samovar/basket/")
    phone.get_by_role("button", name=re.compile("Send the order")).click()
    phone.wait_for_url("**/samovar/orders/*/")

    phone.go_back()
    expect(phone.get_by_role("button", name=re.compile("Send the order"))).to_have_count(0)

    assert Order.objects.filter(place=demo[0]).count() == 1


def test_search_and_allergens_narrow_the_menu(demo: list[PlacePage], phone_without_js: Page, phone: Page) -> None:
    phone_without_js.goto("/samovar/?q=борщ")
    expect(phone_without_js.locator("[data-dish]:visible")).to_have_count(1)
    phone_without_js.goto("/samovar/?without=gluten&diet=vegan")
    cards = phone_without_js.locator("[data-dish]:visible")
    assert cards.count() >= 3
    assert not any("gluten" in (card.get_attribute("data-allergens") or "") for card in cards.all())

    phone.goto("/samovar/?q=нет-такого-блюда")
    expect(phone.locator("[data-dish]:visible")).to_have_count(0)
