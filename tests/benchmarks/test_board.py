"""The menu board of 150 dishes: server time and weight. Written down, never a reason to fail: `make bench` runs it."""

import gzip
import time
from collections.abc import Callable

import pytest
from django.test import Client

from menu_pages.board.reading import read_board
from menu_pages.models import PlacePage
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.menus import make_category, make_dish, make_place
from tests.factories.people import make_user, signed_in

DISHES, CATEGORIES, TIMES = 150, 12, 9
TARGET_SECONDS, TARGET_KILOBYTES = 1, 60


@pytest.fixture
def large_menu(db: None) -> tuple[PlacePage, Client]:
    owner = make_user("owner@example.com")
    place = make_place(owner, "Teahouse")
    categories = [make_category(place, f"Категория {number}") for number in range(CATEGORIES)]
    for number in range(DISHES):
        make_dish(categories[number % CATEGORIES], f"Блюдо № {number}", f"{200 + number}.50")
    return PlacePage.objects.select_related("record").get(pk=place.pk), signed_in(owner)


def middle_seconds(job: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        job()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[TIMES // 2]


def test_the_board(large_menu: tuple[PlacePage, Client], table: Table) -> None:
    place, client = large_menu
    address = f"/admin/places/{place.slug}/board/"
    response = client.get(address)
    empty = middle_seconds(lambda: client.get(f"/admin/places/{place.slug}/files/"))
    whole = middle_seconds(lambda: client.get(address))
    read = middle_seconds(lambda: read_board(place))

    assert response.content.count(b'data-kind="dish"') == DISHES
    size = len(gzip.compress(response.content, 6)) / 1024
    table.add(
        Target.BOARD,
        f"board of {DISHES} dishes",
        f"{whole * 1000:.0f} ms, {read * 1000:.0f} of them for reading; {size:.0f} KB compressed of "
        f"{len(response.content) / 1024:.0f}",
        reference=f"another page of the admin: {empty * 1000:.0f} ms",
        ratio=whole / empty,
        wanted=f"≤ {TARGET_SECONDS} s, ≤ {TARGET_KILOBYTES} KB",
        holds=whole <= TARGET_SECONDS and size <= TARGET_KILOBYTES,
    )
