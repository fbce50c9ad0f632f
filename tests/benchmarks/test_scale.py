"""What the number of places costs each of them: the same work at 10, 100 and 1,000 places; `make bench-scale`."""

import os
import statistics
import time
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from menu_pages.models import DishPage, PlacePage
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target

SIZES = [int(size) for size in os.environ.get("BENCH_PLACES", "10,100").split(",")]
DISHES = 80
TIMES = 9
TARGET = 1.2


def milliseconds(job: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        job()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def answered(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


def publish(dish: DishPage) -> None:
    dish.save_revision().publish()


@pytest.mark.django_db
def test_a_place_costs_the_same_among_many(settings: LazySettings, table: Table) -> None:
    settings.DEBUG = True
    found: dict[str, dict[int, float]] = {}
    for size in SIZES:
        call_command("generate_load", "--places", str(size), "--dishes", str(DISHES), "--orders", "0")
        settings.DEBUG = False
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        place = PlacePage.objects.get(slug="load-00005")
        dish = DishPage.objects.descendant_of(place).first()
        guest, owner = Client(), Client()
        owner.force_login(User.objects.get(email="load-00005@example.com"))
        jobs: dict[str, Callable[[], object]] = {
            "a menu page drawn": lambda guest=guest: answered(guest, "/load-00005/"),
            "the explorer": lambda owner=owner, place=place: answered(
                owner, reverse("wagtailadmin_explore", args=[place.get_first_child().pk])
            ),
            "search in the admin": lambda owner=owner: answered(
                owner, reverse("wagtailadmin_pages:search") + "?q=грибами"
            ),
            "the menu board": lambda owner=owner: answered(owner, reverse("board:index", args=["load-00005"])),
            "publishing a dish": lambda dish=dish: publish(dish),
        }
        for name, job in jobs.items():
            found.setdefault(name, {})[size] = milliseconds(job)
        settings.DEBUG = True

    for name, by_size in found.items():
        few, many = SIZES[0], SIZES[-1]
        table.add(
            Target.SCALE,
            f"{name}, among {many} places",
            f"{by_size[many]:.1f} ms",
            reference=f"among {few}: {by_size[few]:.1f} ms",
            ratio=by_size[many] / by_size[few],
            wanted=f"≤ {TARGET}",
            holds=by_size[many] <= TARGET * by_size[few],
        )
