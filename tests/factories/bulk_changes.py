"""Bulk changes made as the menu board makes them, and what became of the dishes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from menu_pages.bulk import changes
from menu_pages.bulk.looking import PriceRule
from menu_pages.models import BulkAction, BulkChange, CategoryPage, DishPage, PlacePage
from tests.factories.menus import make_dish

SEVEN = PriceRule(percent=Decimal(7), rounding="5", options=False)


def fresh(*dishes: DishPage) -> list[DishPage]:
    return list(DishPage.objects.filter(pk__in=[dish.pk for dish in dishes]).order_by("path"))


def prepared(
    place: PlacePage, dishes: Sequence[DishPage], action: str = "prices", rule: PriceRule | None = SEVEN, **kwargs: Any
) -> BulkChange:
    rule = rule if action == "prices" else None
    return changes.prepare_change(
        place=place, dishes=fresh(*dishes), action=BulkAction(action), rule=rule, by=kwargs.get("by")
    )


def applied(place: PlacePage, dishes: Sequence[DishPage], action: str = "prices", **kwargs: Any) -> BulkChange:
    change = prepared(place, dishes, action, **kwargs)
    changes.start_change(change)
    return stored(change)


def stored(change: BulkChange) -> BulkChange:
    return BulkChange.objects.get(pk=change.pk)


def price_of(dish: DishPage) -> str:
    return str(DishPage.objects.get(pk=dish.pk).price)


def is_live(dish: DishPage) -> bool:
    return DishPage.objects.get(pk=dish.pk).live


def left(change: BulkChange) -> list[tuple[str, str]]:
    return [(found["title"], found["why"]) for found in change.skipped]


def many(category: CategoryPage, count: int) -> list[DishPage]:
    return [make_dish(category, f"Dish {number}", "100") for number in range(count)]
