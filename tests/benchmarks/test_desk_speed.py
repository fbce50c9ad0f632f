"""The desk with a full evening on it: the question of each second, drawing 300 lines, how soon an order is seen.

Printed, never a reason to fail: `make bench` runs it. The part in the browser needs PostgreSQL.
"""

import gzip
import re
import statistics
import time
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Organisation
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage
from orders.models import BasketLine, Order, OrderStatus
from orders.order_states import move_order
from tests.browser_fixtures import DESKTOP, NewPage
from tests.factories.cast import (  # noqa: F401  (fixtures)
    alice,
    borshch,
    charlie,
    english,
    organisation_a,
    place_a,
    soups,
)
from tests.factories.guests import guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import PASSWORD, make_member, signed_in

ORDERS, LINES_EACH, TIMES, ARRIVALS = 60, 5, 200, 20
DESK = "/staff/teahouse/"

# Tasks longer than 50 ms, and the work each redraw takes.
WATCH = """
    window.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((task) => Math.round(task.duration))))
        .observe({type: "longtask"});
    window.redraws = [];
    const patch = desk.patch;
    desk.patch = (html) => {
        const began = performance.now();
        patch(html);
        redraws.push(Math.round(performance.now() - began));
    };
    null;  // what is left is called when it is a function
"""


@pytest.fixture
def full_evening(place_a: PlacePage, borshch: DishPage) -> list[Order]:  # noqa: F811
    """60 open orders of five lines each."""
    party = [guest_at(table_of(place_a, number)) for number in range(1, 13)]
    orders = []
    for number in range(ORDERS):
        order = ordered(party[number % 12], borshch)
        Order.objects.filter(pk=order.pk).update(status="accepted" if number % 3 else "sent", acknowledged_at=None)
        first = order.lines.get()
        rows = []
        for extra in range(LINES_EACH - 1):
            row = BasketLine.objects.get(pk=first.pk)
            row.pk, row.key, row.position, row.title = None, f"{extra:016x}", extra + 1, f"Dish number {extra}"
            rows.append(row)
        BasketLine.objects.bulk_create(rows)
        orders.append(order)
        # Nobody's own limit of orders that wait is what is measured here.
        Order.objects.filter(pk=order.pk).update(acknowledged_at=order.sent_at)
    return orders


def milliseconds(job: Callable[[], object], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        job()
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


@pytest.mark.django_db
def test_the_question_of_each_second(
    organisation_a: Organisation,  # noqa: F811
    full_evening: list[Order],
    capsys: pytest.CaptureFixture[str],
) -> None:
    browser: Client = signed_in(make_member("dana@example.com", organisation_a, Role.WAITER))
    page = browser.get(DESK)
    version = page.context["version"]

    quiet = milliseconds(lambda: browser.get(f"{DESK}pulse/", {"since": version}), TIMES)
    board = milliseconds(lambda: browser.get(DESK, headers={"x-fragment": "desk"}), 9)
    fragment = browser.get(DESK, headers={"x-fragment": "desk"}).content

    lines = (
        f"pulse: {statistics.median(quiet):.1f} ms, 95 of 100 under {quiet[int(TIMES * 0.95)]:.1f} ms",
        f"board of {ORDERS * LINES_EACH} lines: {statistics.median(board):.0f} ms",
        f"{len(gzip.compress(fragment, 6)) / 1024:.0f} KB compressed of {len(fragment) / 1024:.0f} KB",
    )
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201


@pytest.mark.browser
def test_how_soon_a_step_is_seen_and_what_drawing_costs(
    site: object,
    place_a: PlacePage,  # noqa: F811
    full_evening: list[Order],
    organisation_a: Organisation,  # noqa: F811
    new_page: NewPage,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_member("dana@example.com", organisation_a, Role.WAITER)
    page: Page = new_page(**DESKTOP)
    page.goto(DESK)
    page.fill("input[name=login]", "dana@example.com")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit] >> nth=-1")
    page.wait_for_url(re.compile(DESK))
    page.evaluate(WATCH)
    in_work = list(Order.objects.filter(status="accepted"))

    waited = []
    for order in in_work[:ARRIVALS]:
        # Not in step with the desk's own second.
        page.wait_for_timeout(700)
        began = time.perf_counter()
        move_order(order_id=order.pk, to=OrderStatus.PREPARING, by=None)
        expect(page.locator(f"#order-{order.public_id} button[value=ready]")).to_have_count(1)
        waited.append((time.perf_counter() - began) * 1000)
    tasks, redraws = page.evaluate("[longTasks, redraws]")

    waited.sort()
    lines = (
        f"a change is on the desk after {statistics.median(waited):.0f} ms, at most {waited[-1]:.0f} ms",
        f"redraws with {ORDERS * LINES_EACH} lines: {sorted(redraws)} ms; tasks over 50 ms: {tasks}",
    )
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201
