"""A menu of 1,000 dishes imported, exported and imported again, beside plain Wagtail in the same run.

The reference is what Wagtail itself takes for such dishes one by one: add, save a revision, publish.
"""

import time
from decimal import Decimal

from django.db import connection, transaction

from menu_pages.menu_files.exporting import export_menu
from menu_pages.models import DishPage, PlacePage
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.cast import alice, place_a  # noqa: F401  (fixtures)
from tests.factories.menu_files import csv_file, import_file
from tests.factories.menus import make_category

DISHES = 1_000
REFERENCE_DISHES = 50
TARGET_SECONDS = 60


def rows() -> list[dict[str, str]]:
    return [
        {
            "category": f"Категория {number % 12} / Раздел {number % 3}",
            "title": f"Блюдо № {number}",
            "description": "Картофель, горошек, каперсы, перепелиное яйцо и домашний майонез. " * 3,
            "price": f"{200 + number},50",
            "allergens": "gluten|eggs",
            "tags": "new",
            "options": '[{"title": "С чем", "min": 1, "max": 1, "options": [{"title": "Язык"}, {"title": "Краб"}]}]',
            "title_en": f"Dish No. {number}",
        }
        for number in range(DISHES)
    ]


def reference(place: PlacePage) -> float:
    """Seconds a dish of plain Wagtail."""
    category = make_category(place, "Reference")
    began = time.perf_counter()
    with transaction.atomic():
        for number in range(REFERENCE_DISHES):
            dish = DishPage(title=f"Reference {number}", price=Decimal(100), description="Words. " * 20)
            category.add_child(instance=dish)
            dish.save_revision().publish()
    return (time.perf_counter() - began) / REFERENCE_DISHES


def test_a_thousand_dishes(place_a: PlacePage, table: Table) -> None:  # noqa: F811
    content = csv_file(rows())
    began = time.perf_counter()
    first = import_file(place_a, content)
    imported = time.perf_counter() - began
    exported = export_menu(place_a, "csv")
    began = time.perf_counter()
    again = import_file(place_a, exported, replace=True)
    repeated = time.perf_counter() - began
    plain = reference(place_a)

    assert first.counts() == {"added": DISHES, "changed": 0, "withdrawn": 0}
    assert again.summary["unchanged"] == DISHES
    each = imported / DISHES
    table.add(
        Target.IMPORTS,
        f"menu of {DISHES} dishes, {connection.vendor}",
        f"{imported:.1f} s, {each * 1000:.0f} ms each; the same again, nothing to change: {repeated:.1f} s",
        reference=f"plain Wagtail: {plain * 1000:.0f} ms each",
        ratio=each / plain,
        wanted=f"≤ {TARGET_SECONDS} s",
        holds=imported <= TARGET_SECONDS,
    )
