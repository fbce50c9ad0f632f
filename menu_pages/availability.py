"""Whether dishes can be had now: the answer the server gives when something is put in a basket or ordered."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone

from menu_pages.menu import STEP
from menu_pages.serving_hours import is_served
from menu_pages.shown_pictures import attach_pictures

if TYPE_CHECKING:
    from menu_pages.models import DishPage, PlacePage


class Availability(StrEnum):
    AVAILABLE = "available"
    SOLD_OUT = "sold_out"
    NOT_SERVED_NOW = "not_served_now"
    WITHDRAWN = "withdrawn"


def find_dish(place: "PlacePage", menu_path: str) -> "DishPage | None":
    """The published dish at `soups/borshch` of the place, sold out or not; None when there is none. Two queries."""
    from menu_pages.models import DishPage

    dishes = DishPage.objects.live().of_menu_path(place, menu_path).with_sold_out(timezone.now())
    found = _with_availability(place, dishes)
    return found[0] if found and found[0].availability is not Availability.WITHDRAWN else None


def load_dishes(place: "PlacePage", ids: Iterable[int], *picture_sizes: str) -> dict[int, "DishPage"]:
    """Dishes of the place by id, each with `availability`; ids of other places are left out.

    Two queries, and one more for pictures in the sizes asked for.
    """
    from menu_pages.models import DishPage

    dishes = DishPage.objects.descendant_of(place).filter(pk__in=list(ids)).with_sold_out(timezone.now())
    found = _with_availability(place, dishes)
    if picture_sizes:
        attach_pictures(found, *picture_sizes)
    return {dish.pk: dish for dish in found}


def availability_of(dish: "DishPage") -> Availability:
    """One dish's answer, for its own page."""
    from menu_pages.models import StopListEntry

    dish.sold_out = StopListEntry.objects.current(timezone.now()).filter(dish_id=dish.pk).exists()
    return _with_availability(dish.place, [dish])[0].availability


def _with_availability(place: "PlacePage", dishes: Iterable["DishPage"]) -> list["DishPage"]:
    from menu_pages.models import CategoryPage

    found = list(dishes)
    paths = {
        dish.path[:end] for dish in found for end in range(len(place.path) + STEP, len(dish.path) - STEP + 1, STEP)
    }
    categories = {category.path: category for category in CategoryPage.objects.live().filter(path__in=paths)}
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
