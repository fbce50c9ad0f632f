"""Calling, the bill, other guests and the rating, on phones at one table: with the script and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from menu_pages.models import PlacePage
from orders.calls import move_call
from orders.models import CallStatus, Order, Rating, WaiterCall
from tests.browser_fixtures import PHONE, NewPage
from tests.factories.guests import served

pytestmark = pytest.mark.browser

DISH = "supy/solyanka-myasnaya"


def order_one(phone: Page, link: str) -> Order:
    phone.goto(link)
    phone.locator(f"[data-dish='{DISH}'] form .add").first.click()
    expect(phone.locator("[data-basket-bar]")).to_be_visible()
    phone.goto("/samovar/basket/")
    phone.get_by_role("button", name=re.compile("Send the order")).click()
    phone.wait_for_url("**/samovar/orders/*/")
    return Order.objects.get(public_id=phone.url.rstrip("/").rsplit("/", 1)[1])


def test_what_is_being_written_outlives_what_comes_by_itself(
    demo: list[PlacePage], table_link: str, new_page: NewPage
) -> None:
    phone = new_page(**PHONE)
    order = order_one(phone, table_link)
    phone.get_by_text("Say what is needed").click()
    phone.get_by_label("What is needed").fill("one more plate")
    waiter = demo[0].record.organisation.memberships.first().user
    served(order, waiter)

    expect(phone.locator(".status-word")).to_have_text(re.compile("Everything is served."))
    expect(phone.get_by_label("What is needed")).to_have_value("one more plate")
    phone.get_by_role("button", name="Call the waiter").click()

    expect(phone.get_by_text("The waiter is called.")).to_be_visible()
    assert WaiterCall.objects.get().note == "one more plate"
    phone.get_by_label("4 stars").check(force=True)
    phone.get_by_label("A few words, if you like").fill("warm")
    move_call(call_id=WaiterCall.objects.get().pk, to=CallStatus.ON_THE_WAY, by=waiter)
    expect(phone.get_by_text("The waiter is on the way.")).to_be_visible()
    phone.get_by_role("button", name="Send the rating").click()

    expect(phone.get_by_text("Thank you for the rating: 4 stars of five.")).to_be_visible()
    assert (Rating.objects.get().score, Rating.objects.get().text) == (4, "warm")


@pytest.mark.parametrize("script", [True, False])
def test_two_phones_at_a_table(demo: list[PlacePage], table_link: str, new_page: NewPage, script: bool) -> None:
    first, second = new_page(**PHONE, java_script_enabled=script), new_page(**PHONE, java_script_enabled=script)
    first.goto(table_link)
    first.goto("/samovar/supy/")
    first.locator(f"[data-dish='{DISH}'] form .add").first.click()
    if script:
        expect(first.locator("[data-basket-bar]")).to_be_visible()
    else:
        first.wait_for_load_state()
    first.goto("/samovar/basket/")
    first.get_by_role("button", name=re.compile("Send the order")).click()
    first.wait_for_url("**/samovar/orders/*/")
    second.goto(table_link)
    second.get_by_role("link", name="Call the waiter").click()

    second.get_by_role("button", name="Ask to see the table’s orders").click()
    expect(second.get_by_text("You have asked to see the table’s orders.")).to_be_visible()
    if not script:
        first.reload()
    first.get_by_role("button", name="Let them see").click()
    expect(first.get_by_role("button", name="Let them see")).to_have_count(0)
    if not script:
        second.reload()
    expect(second.get_by_text("The table’s bill so far")).to_be_visible()

    second.get_by_text("Bring the bill").click()
    second.get_by_role("button", name="By card").click()
    expect(second.get_by_text("The bill is asked for.")).to_be_visible()
    if not script:
        first.reload()
    expect(first.get_by_text("The bill is asked for.")).to_be_visible()
    second.get_by_role("button", name="Not needed any more").click()
    expect(second.get_by_text("The bill is asked for.")).to_have_count(0)
    assert list(WaiterCall.objects.values_list("kind", "payment", "status")) == [("bill", "card", "cancelled")]
