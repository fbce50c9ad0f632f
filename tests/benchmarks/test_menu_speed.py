"""How long guests' pages take to make. Nothing here fails for being slow."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from menu_pages.models import PlacePage, PlaceRecord
from menu_pages.pictures import make_renditions
from menu_pages.themes.registry import Theme, all_themes
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.guests import Guest
from tests.factories.menus import make_category, make_dish, make_picture, make_place, table_of
from tests.factories.people import make_user

TIMES = 20
MOST_MILLISECONDS, MOST_QUERIES = 20, 10


def milliseconds(job: Callable[[], object]) -> float:
    """The middle one of many runs."""
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[TIMES // 2] * 1000


@pytest.fixture
def large_menu(db: None) -> PlacePage:
    """80 dishes in 10 categories, all with pictures."""
    place = make_place(make_user("owner@example.com"), "Teahouse")
    picture = make_picture(place)
    make_renditions(picture)
    for number in range(10):
        category = make_category(place, f"Category {number}")
        for dish in range(8):
            make_dish(category, f"Dish {dish}", picture=picture, allergens=["milk"], tags=["vegan"])
    return PlacePage.objects.select_related("record").get(pk=place.pk)


@pytest.mark.parametrize("theme", all_themes(), ids=lambda theme: theme.slug)
def test_drawing_a_page_anew(large_menu: PlacePage, table: Table, theme: Theme) -> None:
    """What a page costs when it is not kept: processor time, beside a fixed piece of work in the same run."""
    PlaceRecord.objects.filter(place=large_menu).update(theme=theme.slug)
    client, category = Client(), f"{large_menu.href}category-1/"
    for name, address in {"menu": large_menu.href, "category": category, "dish": f"{category}dish-1/"}.items():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked), "a kept answer was counted"
        drawn, reference = processor_time(lambda address=address: client.get(address)), processor_time(fixed_work)
        table.add(
            Target.DRAWN_PAGE,
            f"{name} page, 80 dishes with pictures, {theme.slug}, {connection.vendor}",
            f"{drawn:.1f} ms of processor, {len(asked)} queries",
            reference=f"100,000 entries of a dictionary: {reference:.1f} ms",
            ratio=drawn / reference,
            wanted=f"≤ {MOST_MILLISECONDS} ms, ≤ {MOST_QUERIES} queries",
            holds=drawn <= MOST_MILLISECONDS and len(asked) <= MOST_QUERIES,
        )


def processor_time(job: Callable[[], object]) -> float:
    """The middle one of many runs, in milliseconds of this process's processor time."""
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        job()
        taken.append(time.process_time() - start)
    return sorted(taken)[TIMES // 2] * 1000


def fixed_work() -> None:
    dict.fromkeys(str(number) for number in range(100_000))


def test_what_guests_wait_for(large_menu: PlacePage, table: Table) -> None:
    guest = Guest(large_menu)
    guest.scan(table_of(large_menu, 7))
    guest.add("category-1/dish-1")
    jobs: dict[str, Callable[[], object]] = {
        "menu, no visit": lambda: Client().get(large_menu.href),
        "menu, at a table": lambda: guest.client.get(large_menu.href),
        "basket": guest.basket,
        "add": lambda: guest.add("category-2/dish-2", fragment="basket_bar"),
    }

    for name, job in jobs.items():
        table.add(Target.OTHER, f"{name}, drawn anew, {connection.vendor}", f"{milliseconds(job):.1f} ms")
