"""The service desk in a browser: live without reload, taps kept while the network is away, a removed waiter's page."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

from accounts.memberships import remove_member
from accounts.models import User
from accounts.roles import Role
from menu_pages.demo.loading import PASSWORD, WAITER
from menu_pages.models import PlacePage
from orders.models import Order, WaiterCall
from tests.browser_fixtures import DESKTOP, PHONE, NewPage
from tests.factories.people import PASSWORD as COOKS_PASSWORD
from tests.factories.people import make_member

pytestmark = pytest.mark.browser

SOLYANKA = "supy/solyanka-myasnaya"
# Words, since sound makes none here.
COUNT_RINGS = """
    window.rings = [];
    const say = desk.say;
    desk.say = (name) => {
        rings.push(document.querySelector("[data-live-words]").dataset[name]);
        document.body.dataset.rings = rings.length;
        say(name);
    };
    null;  // what is left is called when it is a function
"""
MARK_CARDS = "document.querySelectorAll('[data-key]').forEach((card) => (card.dataset.untouched = 'yes'))"


def open_desk(page: Page, place: PlacePage, email: str, password: str) -> Page:
    address = reverse("desk:board", args=[place.slug])
    page.goto(address)
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit], form button[type=submit] >> nth=-1")
    page.wait_for_url(re.compile(f"{address}$"))
    page.evaluate("window.opened = true")
    return page


@pytest.fixture
def waiter(new_page: NewPage, demo: list[PlacePage]) -> Page:
    return open_desk(new_page(**PHONE), demo[0], WAITER, PASSWORD)


@pytest.fixture
def kitchen(new_page: NewPage, demo: list[PlacePage]) -> Page:
    make_member("cook@example.com", demo[0].record.organisation, Role.KITCHEN)
    return open_desk(new_page(**DESKTOP), demo[0], "cook@example.com", COOKS_PASSWORD)


def send_order(phone: Page, link: str) -> Order:
    phone.goto(link)
    phone.locator(f"[data-dish='{SOLYANKA}'] form[action$='basket/add/'] button").first.click()
    expect(phone.locator("[data-basket-bar]")).to_have_attribute("data-count", "1")
    phone.goto("/samovar/basket/")
    phone.get_by_role("button", name=re.compile("Send the order")).click()
    phone.wait_for_url("**/samovar/orders/*/")
    return Order.objects.get(public_id=phone.url.rstrip("/").rsplit("/", 1)[1])


def call_waiter(phone: Page) -> None:
    """From the order's status page."""
    phone.locator("form[action$='/call/']").first.locator("button").first.click()
    expect(phone.locator(".call-state").first).to_be_visible()


def card(page: Page, thing: Order | WaiterCall) -> Any:
    return page.locator(f"#{'order' if isinstance(thing, Order) else 'call'}-{thing.public_id}")


def test_an_order_and_a_call_come_to_both_desks_by_themselves(
    table_link: str, phone: Page, waiter: Page, kitchen: Page
) -> None:
    order = send_order(phone, table_link)
    for page in (waiter, kitchen):
        expect(card(page, order)).to_be_visible()
        page.evaluate(MARK_CARDS)

    call_waiter(phone)

    call = WaiterCall.objects.get()
    expect(card(waiter, call)).to_be_visible()
    card(waiter, call).get_by_role("button", name="Seen").click()
    expect(waiter.locator(f"[data-list=work] #call-{call.public_id}")).to_be_visible()
    card(kitchen, order).get_by_role("button", name="Accept").click()
    expect(waiter.locator(f"[data-list=work] #order-{order.public_id}")).to_be_visible()
    expect(waiter.get_by_role("button", name="Take back")).to_be_visible()
    assert card(kitchen, call).count() == 0
    # No page was loaded anew, and the order's card stayed the same element while the call came.
    assert [page.evaluate("window.opened") for page in (waiter, kitchen)] == [True, True]
    order.refresh_from_db()
    call.refresh_from_db()
    assert (order.status, order.shown_at is None, call.status) == ("accepted", False, "seen")


def test_only_what_changed_is_drawn_anew_and_the_keyboard_stays(
    table_link: str, phone: Page, waiter: Page, kitchen: Page
) -> None:
    first = send_order(phone, table_link)
    expect(card(waiter, first)).to_be_visible()
    waiter.evaluate(MARK_CARDS)
    details = card(waiter, first).locator("details")
    details.locator("summary").click()
    details.get_by_label("Why").fill("no beetroot")

    second = send_order(phone, table_link)

    expect(card(waiter, second)).to_be_visible()
    assert card(waiter, first).get_attribute("data-untouched") == "yes"
    assert card(waiter, second).get_attribute("data-untouched") is None
    expect(details.get_by_label("Why")).to_be_focused()
    # The card itself changes: what was typed goes along.
    card(kitchen, first).get_by_role("button", name="Accept").click()
    expect(waiter.locator(f"[data-list=work] #order-{first.public_id}")).to_be_visible()
    expect(details.get_by_label("Why")).to_have_value("no beetroot")
    expect(details.get_by_label("Why")).to_be_focused()


def test_taps_without_a_network_are_kept_and_sent_in_order(table_link: str, phone: Page, waiter: Page) -> None:
    order = send_order(phone, table_link)
    expect(card(waiter, order)).to_be_visible()

    waiter.context.set_offline(True)
    card(waiter, order).get_by_role("button", name="Accept").click()
    expect(waiter.locator("[data-offline]")).to_be_visible()
    waiting = waiter.locator("[data-waiting-list] li")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Table 7")
    kept = waiter.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith(':taps'))[1]")
    order.refresh_from_db()
    assert (order.status, "accepted" in kept) == ("sent", True)

    waiter.context.set_offline(False)

    expect(waiter.locator(f"[data-list=work] #order-{order.public_id}")).to_be_visible()
    expect(waiting).to_have_count(0)
    expect(waiter.locator("[data-offline]")).to_be_hidden()
    order.refresh_from_db()
    assert order.status == "accepted"


def test_a_tap_while_the_last_one_is_being_drawn_is_sent_too(table_link: str, phone: Page, waiter: Page) -> None:
    orders = [send_order(phone, table_link) for _ in range(2)]
    for order in orders:
        expect(card(waiter, order)).to_be_visible()
    drawing: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.headers.get("x-fragment") == "desk" and not drawing:
            drawing.append(route)
        else:
            route.continue_()

    waiter.route(waiter.url, hold)
    with waiter.expect_request(lambda request: request.headers.get("x-fragment") == "desk"):
        card(waiter, orders[0]).get_by_role("button", name="Accept").click()
    card(waiter, orders[1]).get_by_role("button", name="Accept").click()
    drawing[0].continue_()

    for order in orders:
        expect(waiter.locator(f"[data-list=work] #order-{order.public_id}")).to_be_visible()
    assert set(Order.objects.values_list("status", flat=True)) == {"accepted"}


def test_a_tap_that_came_too_late_says_why(table_link: str, phone: Page, waiter: Page) -> None:
    order = send_order(phone, table_link)
    expect(card(waiter, order)).to_be_visible()
    waiter.context.set_offline(True)
    card(waiter, order).get_by_role("button", name="Accept").click()
    expect(waiter.locator("[data-waiting-list] li")).to_have_count(1)
    Order.objects.update(status="preparing")

    waiter.context.set_offline(False)

    expect(waiter.locator(".saying.is-wrong")).to_contain_text("is already “being prepared”")
    expect(waiter.locator("[data-waiting-list] li")).to_have_count(0)


def test_taps_outlive_a_reload(table_link: str, phone: Page, waiter: Page) -> None:
    order = send_order(phone, table_link)
    expect(card(waiter, order)).to_be_visible()
    waiter.route("**/move/", lambda route: route.abort())
    card(waiter, order).get_by_role("button", name="Accept").click()
    expect(waiter.locator("[data-waiting-list] li")).to_have_count(1)
    waiter.unroute("**/move/")

    waiter.reload()

    expect(waiter.locator(f"[data-list=work] #order-{order.public_id}")).to_be_visible()
    order.refresh_from_db()
    assert order.status == "accepted"


@pytest.mark.parametrize("path", ["tables/", "tables/3/", "stop-list/"])
def test_a_new_order_and_a_call_ring_where_no_cards_are(
    demo: list[PlacePage], table_link: str, phone: Page, waiter: Page, path: str
) -> None:
    send_order(phone, table_link)
    waiter.goto(reverse("desk:board", args=[demo[0].slug]) + path)
    waiter.evaluate(COUNT_RINGS)

    send_order(phone, table_link)
    expect(waiter.locator("body[data-rings='1']")).to_be_attached()
    call_waiter(phone)
    expect(waiter.locator("body[data-rings='2']")).to_be_attached()

    # What waited when the page was opened rings no more, and nothing rings twice.
    assert waiter.evaluate("rings") == ["A new order has come", "A table calls"]


def test_a_removed_waiters_open_page_ends(demo: list[PlacePage], waiter: Page) -> None:
    expect(waiter.locator("[data-live]")).to_be_visible()

    remove_member(organisation=demo[0].record.organisation, user=User.objects.get(email=WAITER))

    expect(waiter.locator("[data-live]")).to_have_count(0)
    assert waiter.request.get(waiter.url).status == 404


def test_without_javascript_the_desk_works(
    browser: Browser, table_link: str, phone: Page, new_page: NewPage, demo: list[PlacePage]
) -> None:
    order = send_order(phone, table_link)
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto(reverse("desk:board", args=[demo[0].slug]))
    page.fill("input[name=login]", WAITER)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit] >> nth=-1")

    card(page, order).get_by_role("button", name="Accept").click()
    expect(page.locator(f"[data-list=work] #order-{order.public_id}")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(f"[data-list=new] #order-{order.public_id}")).to_be_visible()
    card(page, order).get_by_role("button", name=re.compile("Out of")).click()

    expect(card(page, order)).to_contain_text("on the stop-list")
    page.get_by_role("link", name="Stop-list").click()
    page.get_by_role("button", name=re.compile("put back on sale")).first.click()
    expect(page.get_by_text("Everything on the menu can be ordered.")).to_be_visible()
