"""What a bulk change would do to each dish. Reads, writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.models import User
from menu_pages.bulk.present import Prices, prices_of
from menu_pages.bulk.prices import PriceTooLargeError, changed_price
from menu_pages.bulk.reasons import Why, left
from menu_pages.editing import locked_by_another
from menu_pages.menu import STEP
from menu_pages.menu_files.numbers import plain_number
from menu_pages.models import BulkAction, CategoryPage, DishPage, PlacePage

Item = dict[str, Any]


class DishPriceTooLargeError(ValueError):
    """The new price of the dish, or of one of its options, would not fit; the message is the dish's title."""


@dataclass(slots=True)
class Look:
    """Dishes that would change and those that would not, both in the menu's order."""

    items: list[Item] = field(default_factory=list)
    unchanged: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PriceRule:
    percent: Decimal
    rounding: str
    options: bool

    @property
    def params(self) -> dict[str, Any]:
        return {"percent": plain_number(self.percent), "rounding": str(self.rounding), "options": self.options}

    def __call__(self, price: Decimal) -> Decimal:
        return changed_price(price, self.percent, self.rounding)


def look(
    *, place: PlacePage, dishes: Sequence[DishPage], action: BulkAction, rule: PriceRule | None, by: User | None
) -> Look:
    """Two queries for any number of dishes: categories and drafts. Raises `DishPriceTooLargeError`."""
    categories = {page.path: page.title for page in CategoryPage.objects.descendant_of(place).only("path", "title")}
    prices = prices_of(dishes)
    found = Look()
    for dish in sorted(dishes, key=lambda dish: dish.path):
        item = {"page": dish.pk, "title": dish.title, "category": categories.get(dish.path[:-STEP], "")}
        if locked_by_another(dish, by):
            why: Why | None = Why.LOCKED
        elif rule is not None:
            why = _reprice(item, prices[dish.pk], rule)
        elif action == BulkAction.PUBLISH:
            why = _publish(item, dish, prices[dish.pk])
        else:
            why = _unpublish(item, dish)
        if why:
            found.unchanged.append({**left(item, why), "before": item.get("before")})
        else:
            found.items.append(item)
    return found


def draft_of(dish: DishPage) -> list[int | None] | None:
    """The published revision and the newest one, of a dish whose draft guests do not see; otherwise none."""
    return [dish.live_revision_id, dish.latest_revision_id] if dish.has_unpublished_changes else None


def _reprice(item: Item, present: Prices, rule: PriceRule) -> Why | None:
    if present.price is None:
        return Why.NO_PRICE
    try:
        after = rule(present.price)
        options = {id_: (title, price, rule(price)) for id_, (title, price) in present.options.items()}
    except PriceTooLargeError as error:
        raise DishPriceTooLargeError(item["title"]) from error
    item |= {"before": f"{present.price:f}", "after": f"{after:f}", "options": []}
    if rule.options:
        item["options"] = [
            [id_, title, f"{price:f}", f"{new:f}"] for id_, (title, price, new) in options.items() if new != price
        ]
    if after != present.price or item["options"]:
        return None
    if not present.price:
        return Why.FREE
    return Why.ROUNDED_SAME if rule.percent else Why.SAME


def _publish(item: Item, dish: DishPage, present: Prices) -> Why | None:
    item |= {"before": dish.live, "after": True}
    if dish.live:
        return Why.PUBLISHED
    return Why.NO_PRICE if present.price is None else None


def _unpublish(item: Item, dish: DishPage) -> Why | None:
    item |= {"before": dish.live, "after": False, "draft": draft_of(dish)}
    return None if dish.live else Why.HIDDEN
