"""A menu as rows (see the JSON form of menu files) written at once, without a file: what a place has stays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from menu_pages.menu_files.applying import apply_plan, size_of
from menu_pages.menu_files.files import compare
from menu_pages.menu_files.tables import RawRow
from menu_pages.menu_files.writing import Writer
from menu_pages.models import CategoryPage, MenuImage, PlacePage
from menu_pages.slugs import readable_slug

Row = Mapping[str, Any]
TEXTS = ("title", "description")


def write_categories(*, place: PlacePage, rows: Iterable[Row], pictures: Mapping[str, MenuImage]) -> None:
    """Publish the categories the place has not got yet, in this order; those it has stay as they are."""
    existing = set(CategoryPage.objects.child_of(place).values_list("slug", flat=True))
    for row in rows:
        slug = row.get("slug") or readable_slug(row["title"], fallback="category")
        if slug in existing:
            continue
        category = CategoryPage(
            title=row["title"],
            slug=slug,
            description=row.get("description") or "",
            picture=pictures.get(row.get("photo") or ""),
            served_from=row.get("served_from"),
            served_until=row.get("served_until"),
            served_weekdays=row.get("served_weekdays") or [],
            translations=_translations(row),
        )
        with transaction.atomic():
            place.add_child(instance=category)
            category.save_revision().publish()


def add_dishes(*, place: PlacePage, rows: Sequence[Row]) -> int:
    """Publish the dishes the place has not got yet, and the categories they need; returns how many dishes were added.

    Pictures are found in the place's collection by their names. Raises `FileRefused` when a row is wrong.
    """
    raw = [RawRow(number, dict(row)) for number, row in enumerate(rows, start=1)]
    found = compare(place, raw)
    plan = found.plan
    plan.dishes = plan.added
    plan.categories = [step for step in plan.categories if step.id is None]
    apply_plan(
        plan,
        Writer(place=place, menu=found.menu, shelf=found.shelf, by=None),
        positions={row.number: row.number for row in raw},
        total=size_of(plan, len(raw)),
    )
    return len(plan.dishes)


def _translations(row: Row) -> dict[str, dict[str, Any]]:
    """`title_en`, `description_en`… as the pages' translations."""
    found = {
        code: {name: row[f"{name}_{code}"] for name in TEXTS if row.get(f"{name}_{code}")}
        for code, _title in settings.LANGUAGES
    }
    return {code: words for code, words in found.items() if words}
