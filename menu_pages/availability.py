"""Whether dishes can be had now: the answer the server gives when something is put in a basket or ordered."""

import datetime
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.prepared import Prepared
from menu_pages.menu import CATEGORY_FIELDS, DISH_FIELDS, STEP
from menu_pages.serving_hours import is_served
from menu_pages.shown_pictures import attach_pictures

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from menu_pages.models import DishPage, PlacePage
    from menu_pages.querysets import DishQuerySet


class Availability(StrEnum):
    AVAILABLE = "available"
    SOLD_OUT = "sold_out"
    NOT_SERVED_NOW = "not_served_now"
    WITHDRAWN = "withdrawn"


def _dishes(now: datetime.datetime, **found_by: Any) -> "DishQuerySet":
    from menu_pages.models import DishPage

    return DishPage.objects.filter(**found_by).with_sold_out(now)


def _live_categories(paths: tuple[str, ...]) -> "QuerySet[Any]":
    from menu_pages.models import CategoryPage

    return CategoryPage.objects.live().filter(path__in=paths).only(*CATEGORY_FIELDS)


_at_address = Prepared(lambda url_path, now: _dishes(now, url_path=url_path, live=True))
_by_id = Prepared(lambda ids, now: _dishes(now, id__in=ids).only(*DISH_FIELDS))
_categories = Prepared(_live_categories)


def find_dish(place: "PlacePage", menu_path: str) -> "DishPage | None":
    """The published dish at `soups/borshch` of the place, sold out or not; None when there is none. Two queries."""
    found = _with_availability(place, _at_address.all(url_path=f"{place.url_path}{menu_path}/", now=timezone.now()))
    return found[0] if found and found[0].availability is not Availability.WITHDRAWN else None


def load_dishes(place: "PlacePage", ids: Iterable[int], *picture_sizes: str) -> dict[int, "DishPage"]:
    """Dishes of the place by id, each with `availability`; ids of other places are left out.

    Two queries, and one more for pictures in the sizes asked for.
    """
    dishes = _by_id.all(ids=tuple(ids), now=timezone.now())
    found = _with_availability(place, [dish for dish in dishes if dish.path.startswith(place.path)])
    if picture_sizes:
        attach_pictures(found, *picture_sizes)
    return {dish.pk: dish for dish in found}


def availability_of(dish: "DishPage") -> Availability:
    """One dish's answer, for its own page."""
    from menu_pages.models import StopListEntry

    dish.sold_out = StopListEntry.objects.current(timezone.now()).filter(dish_id=dish.pk).exists()
    return _with_availability(dish.place, [dish])[0].availability


def _with_availability(place: "PlacePage", dishes: Iterable["DishPage"]) -> list["DishPage"]:
    found = list(dishes)
    paths = {
        dish.path[:end] for dish in found for end in range(len(place.path) + STEP, len(dish.path) - STEP + 1, STEP)
    }
    categories = {category.path: category for category in _categories.all(paths=tuple(paths))}
    now = place.record.local_now()
    for dish in found:
        above = [categories.get(path) for path in paths if dish.path.startswith(path)]
        if not dish.live or dish.price is None or None in above:
            dish.availability = Availability.WITHDRAWN
        elif dish.sold_out:
            dish.availability = Availability.SOLD_OUT
        elif not all(category and is_served(category, now) for category in above):
            dish.availability = Availability.NOT_SERVED_NOW
        else:
            dish.availability = Availability.AVAILABLE
    return found
