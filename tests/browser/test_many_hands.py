"""Four phones order at one table while two desks answer: nothing is lost, both show the same, the bill is right."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.models import BasketLine, Order, OrderStatus, Seating, Visit
from tests.browser_fixtures import DESKTOP, PHONE, NewPage
from tests.factories.cast import (  # noqa: F401  (fixtures)
    alice,
    borshch,
    charlie,
    english,
    organisation_a,
    place_a,
    soups,
    table_7,
    ukha,
)
from tests.factories.people import signed_in
from tests.faults.processes import Phone, wait_for

pytestmark = pytest.mark.browser

DESK = "/staff/teahouse/"
PHONES, ROUNDS = 4, 3
# Of each round: borshch twice by two taps, ukha thrice by a change of its line.
ROUND_TOTAL = "2131.50"
ACCEPT = "document.querySelector('[data-list=new] [data-step][value=accepted]:not([aria-disabled=true])')?.click()"
CARDS = """
    () => Object.fromEntries([...document.querySelectorAll("[data-list]")].map((list) => [list.dataset.list,
        [...list.querySelectorAll("article")].map((card) => `${card.id} ${card.querySelector(".line").innerText}`)]))
"""


def rounds_of_one_phone(table: Table, port: int) -> list[str]:
    """Order some rounds; gives where each order's answer led."""
    phone, led_to = Phone(port), []
    code = urlsplit(table.link("teahouse"))
    phone.get(f"{code.path}?{code.query}")
    for _ in range(ROUNDS):
        for dish in ("soups/borshch", "soups/ukha", "soups/borshch"):
            phone.post("/teahouse/basket/add/", dish=dish)
        lines = re.findall('name="line" value="([^"]+)"', phone.get("/teahouse/basket/").text)  # type: ignore[attr-defined]
        phone.post("/teahouse/basket/update/", line=lines[-1], quantity="3")
        key = re.search('name="idempotency_key" value="([^"]+)"', phone.get("/teahouse/basket/").text)  # type: ignore[attr-defined]
        assert key is not None
        led_to.append(phone.post("/teahouse/order/", idempotency_key=key[1]).headers["Location"])
    connections.close_all()
    return led_to


@pytest.fixture
def desks(
    site: LiveServer,
    alice: User,  # noqa: F811
    charlie: User,  # noqa: F811
    place_a: PlacePage,  # noqa: F811
    new_page: NewPage,
) -> list[Page]:
    """The owner's on a computer and the waiter's on a phone."""
    pages = []
    for user, device in ((alice, DESKTOP), (charlie, PHONE)):
        page = new_page(**device)
        session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])
        page.goto(DESK)
        page.evaluate("window.opened = true")
        pages.append(page)
    return pages


def test_four_phones_and_two_desks_on_one_table(
    site: LiveServer,
    place_a: PlacePage,  # noqa: F811
    table_7: Table,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    ukha: DishPage,  # noqa: F811
    desks: list[Page],
) -> None:
    place_a.record.max_unconfirmed_by_table = PHONES * ROUNDS
    place_a.record.save()
    port = urlsplit(site.url).port
    assert port is not None

    with ThreadPoolExecutor(PHONES) as phones:
        ordering = [phones.submit(rounds_of_one_phone, table_7, port) for _ in range(PHONES)]
        # Meanwhile both desks accept whatever lies on top, often the same order.
        while not all(job.done() for job in ordering):
            for desk in desks:
                desk.evaluate(ACCEPT)
                desk.wait_for_timeout(50)
        led_to = [address for job in ordering for address in job.result()]

    def all_are_answered() -> bool:
        desks[0].evaluate(ACCEPT)
        return not Order.objects.filter(status=OrderStatus.SENT).exists()

    assert wait_for(all_are_answered, 30)

    orders = list(Order.objects.all())
    assert sorted(led_to) == sorted(f"/teahouse/orders/{order.public_id}/" for order in orders)
    assert len(orders) == PHONES * ROUNDS
    # No tap and no change was lost, and of two desks one took the step.
    assert {(order.purchases, order.items, str(order.total)) for order in orders} == {(2, 5, ROUND_TOTAL)}
    assert {tuple(step.after for step in order.history.all()) for order in orders} == {("sent", "accepted")}
    assert (Seating.objects.count(), Visit.objects.count(), BasketLine.objects.unsent().count()) == (1, PHONES, 0)

    for desk in desks:
        expect(desk.locator("[data-list=work] article")).to_have_count(len(orders))
        expect(desk.locator("[data-list=new] article")).to_have_count(0)
    first, second = (desk.evaluate(CARDS) for desk in desks)
    assert first == second
    assert Counter(card.split()[0] for card in first["work"]) == Counter(f"order-{order.public_id}" for order in orders)
    assert [desk.evaluate("window.opened") for desk in desks] == [True, True]

    bill = sum(order.total for order in orders)
    for desk in desks:
        desk.goto(f"{DESK}tables/7/")
        expect(desk.locator(".bill")).to_contain_text(f"{len(orders)} orders")
        expect(desk.locator(".bill .money")).to_contain_text(f"{bill:,.0f}")
