"""What a guest looked at is in their session's log, at the cost of one small write."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from menu_pages.models import DishPage
from menu_pages.stopping import stop_dish
from orders.models import EventKind, GuestEvent, Session
from orders.page_views import SAVE_AT
from tests.factories.guests import Guest
from tests.factories.people import signed_in


def looked_at(guest: Guest) -> list[tuple[str, object]]:
    return [
        (entry["kind"], entry.get("dish") or entry.get("category") or entry.get("words"))
        for entry in guest.state.data["log"]
    ]


def test_pages_opened_by_a_guest_at_a_table_are_logged(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    stop_dish(dish=ukha, by=None)
    for address in ("", "soups/", borshch.menu_path + "/", ukha.menu_path + "/", "?q=sushi"):
        assert guest.client.get(f"{guest.place.href}{address}").status_code == 200

    assert looked_at(guest) == [
        (EventKind.PAGE_OPENED, None),
        (EventKind.CATEGORY_OPENED, "soups"),
        (EventKind.DISH_OPENED, borshch.pk),
        (EventKind.SOLD_OUT_OPENED, ukha.pk),
        (EventKind.NOTHING_FOUND, "sushi"),
    ]


def test_a_reload_is_not_another_view(guest: Guest, borshch: DishPage) -> None:
    for _ in range(3):
        guest.client.get(borshch.href)

    assert looked_at(guest)[1:] == [(EventKind.DISH_OPENED, borshch.pk)]


def test_a_search_that_found_something_is_not_logged(guest: Guest, borshch: DishPage) -> None:
    guest.client.get(f"{guest.place.href}?q=borshch")

    assert looked_at(guest) == [(EventKind.PAGE_OPENED, None)]


def test_a_reader_without_a_visit_leaves_no_trace(borshch: DishPage) -> None:
    Guest(borshch.place).client.get(borshch.href)

    assert Session.objects.count() == 0


@pytest.mark.parametrize("header", ["prefetch", "prefetch;prerender"])
def test_what_a_browser_fetches_ahead_nobody_has_looked_at(guest: Guest, borshch: DishPage, header: str) -> None:
    guest.client.get(borshch.href, headers={"sec-purpose": header})

    assert looked_at(guest) == [(EventKind.PAGE_OPENED, None)]


def test_an_owner_walking_through_a_theme_is_no_guest(guest: Guest, borshch: DishPage, alice: User) -> None:
    table = guest.visit.table
    guest.client = signed_in(alice)
    guest.scan(table)

    guest.client.get(f"/admin/places/{guest.place.slug}/themes/classic/{borshch.menu_path}/")

    assert looked_at(guest) == [(EventKind.PAGE_OPENED, None)]


def test_a_long_log_is_saved_on_the_way(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    for number in range(SAVE_AT):
        guest.client.get((borshch, ukha)[number % 2].href)

    assert len(guest.state.data["log"]) < SAVE_AT
    assert GuestEvent.objects.count() == SAVE_AT
    assert list(GuestEvent.objects.order_by("number").values_list("number", flat=True)) == list(range(1, SAVE_AT + 1))


def test_a_view_writes_the_session_once(guest: Guest, borshch: DishPage) -> None:
    with CaptureQueriesContext(connection) as queries:
        guest.client.get(borshch.href)

    writes = [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert len(writes) == 1
    assert writes[0].startswith('UPDATE "orders_session"')
