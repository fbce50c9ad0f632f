"""A thousand dishes changed together: how long the worker is at it. Written down, never a reason to fail: `make bench`
runs it."""

import time
from decimal import Decimal

import pytest
from django.db import connection

from menu_pages.bulk import changes
from menu_pages.bulk.looking import PriceRule
from menu_pages.menu_rows import add_dishes
from menu_pages.models import BulkAction, BulkChange, DishPage, PlacePage
from menu_pages.models.under_way import WAITING
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.menus import make_place
from tests.factories.people import make_user

DISHES, CATEGORIES = 1000, 20
TARGET_SECONDS = 60


@pytest.fixture
def large_menu(db: None) -> PlacePage:
    place = make_place(make_user("owner@example.com"), "Teahouse")
    rows = [
        {"category": f"Категория {number % CATEGORIES}", "title": f"Блюдо № {number}", "price": f"{200 + number}"}
        for number in range(DISHES)
    ]
    add_dishes(place=place, rows=rows)
    return PlacePage.objects.select_related("record").get(pk=place.pk)


@pytest.mark.parametrize("action", [BulkAction.PRICES, BulkAction.UNPUBLISH])
def test_a_thousand_dishes(large_menu: PlacePage, action: BulkAction, table: Table) -> None:
    rule = PriceRule(percent=Decimal(7), rounding="5", options=False) if action == BulkAction.PRICES else None
    dishes = list(DishPage.objects.descendant_of(large_menu))
    began = time.process_time()
    change = changes.prepare_change(place=large_menu, dishes=dishes, action=action, rule=rule, by=None)
    looked = time.process_time() - began
    BulkChange.objects.filter(pk=change.pk).update(status=WAITING)

    began = time.process_time()
    assert changes.run_change(change.pk)
    took = time.process_time() - began

    assert BulkChange.objects.get(pk=change.pk).changed_count == DISHES
    table.add(
        Target.OTHER,
        f"{DISHES} dishes changed together: {action}, {connection.vendor}",
        f"the look {looked:.1f} s of the processor, the change {took:.1f} s, {1000 * took / DISHES:.0f} ms a dish",
        wanted=f"≤ {TARGET_SECONDS} s",
        holds=took <= TARGET_SECONDS,
    )
