"""What each kind of request costs the processor: the figures of docs/scaling.md.

Processor time of this process alone, without the database's own: all of the product's middleware, no network.
"""

import itertools
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from accounts.models import Organisation
from accounts.roles import Role
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.tables import set_table_count
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.cast import alice, borshch, english, organisation_a, place_a, soups  # noqa: F401  (fixtures)
from tests.factories.guests import guest_at
from tests.factories.menus import make_dish, table_of
from tests.factories.people import make_member, signed_in

DISHES, TIMES, LINES = 80, 40, 4


def cost(job: Callable[[], object]) -> float:
    """Milliseconds of the processor in the middle of so many times."""
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        job()
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


@pytest.mark.django_db
def test_what_requests_cost(
    place_a: PlacePage,  # noqa: F811
    soups: CategoryPage,  # noqa: F811
    organisation_a: Organisation,  # noqa: F811
    settings: LazySettings,
    tmp_path: Path,
    table: Table,
) -> None:
    settings.DEBUG = False
    dishes = [make_dish(soups, f"Soup number {number}", "390") for number in range(DISHES)]
    set_table_count(place=place_a, count=TIMES)
    guests = [guest_at(table_of(place_a, number + 1)) for number in range(TIMES)]
    adding, sending = itertools.cycle(guests), iter(guests)
    desk = signed_in(make_member("dana@example.com", organisation_a, Role.WAITER))
    version = desk.get("/staff/teahouse/").context["version"]
    stranger = Client()

    def add(dish: DishPage) -> None:
        assert next(adding).add(dish, fragment="basket_bar").status_code == 200

    def send() -> None:
        guest = next(sending)
        assert guest.send(guest.state.order_key).status_code == 303

    found = {
        "a menu page drawn": cost(lambda: stranger.get("/teahouse/")),
        "a dish page drawn": cost(lambda: stranger.get(dishes[0].href)),
        "a desk's question": cost(lambda: desk.get("/staff/teahouse/pulse/", {"since": version})),
    }
    # Each of the guests once a dish.
    for dish in dishes[:LINES]:
        found["adding to the basket"] = cost(lambda dish=dish: add(dish))
    found["sending an order"] = cost(send)

    for name, milliseconds in found.items():
        table.add(Target.COSTS, f"{name}, {connection.vendor}", f"{milliseconds:.1f} ms of the processor")


@pytest.mark.django_db
def test_what_a_kept_page_costs(
    place_a: PlacePage,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    settings: LazySettings,
    table: Table,
) -> None:
    settings.PAGES_KEPT = True
    guest, stranger = guest_at(table_of(place_a, 1)), Client()
    stranger.get("/teahouse/")

    found = {
        "a kept page, guest without a visit": cost(lambda: stranger.get("/teahouse/")),
        "a kept page, guest at a table": cost(lambda: guest.client.get("/teahouse/")),
    }

    for name, milliseconds in found.items():
        table.add(Target.COSTS, f"{name}, {connection.vendor}", f"{milliseconds:.2f} ms of the processor")
