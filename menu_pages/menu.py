"""The whole menu of a place in a fixed number of queries."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from menu_pages.serving_hours import is_served

if TYPE_CHECKING:
    from menu_pages.models import CategoryPage, DishPage, PlacePage

STEP = 4  # characters of one level in a tree path


@dataclass(slots=True)
class MenuSection:
    """A category with its dishes; `level` 0 for the menu's own parts, 1 for parts of a part."""

    category: "CategoryPage"
    dishes: list["DishPage"]
    served_now: bool
    level: int


@dataclass(slots=True)
class Menu:
    sections: list[MenuSection]

    @property
    def dish_count(self) -> int:
        return sum(len(section.dishes) for section in self.sections)

    @property
    def bar(self) -> list[MenuSection]:
        """What the category bar shows: the menu's own parts."""
        return [section for section in self.sections if section.level == 0]


def read_menu(place: "PlacePage", *, at: datetime.datetime) -> Menu:
    """Published categories with published dishes, in the owner's order; `at` is a local time of the place.

    Four queries for any number of dishes: categories, dishes with their stop-list, pictures, renditions.
    Empty categories are left out.
    """
    from menu_pages.models import CategoryPage, DishPage

    categories = {
        category.path: category
        for category in CategoryPage.objects.live().descendant_of(place).select_related("picture").order_by("path")
    }
    dishes = (
        DishPage.objects.live()
        .descendant_of(place)
        .with_sold_out(timezone.now())
        .with_pictures()
        .defer("search_description", "seo_title")
        .order_by("path")
    )
    by_category: dict[str, list[Any]] = {}
    for dish in dishes:
        by_category.setdefault(dish.path[:-STEP], []).append(dish)
    sections = []
    for path, category in categories.items():
        if not _reachable(path, categories, place):
            continue
        served = _served(path, categories, place, at)
        level = (len(path) - len(place.path)) // STEP - 1
        sections.append(MenuSection(category, by_category.get(path, []), served, level))
    return Menu([section for section in sections if section.dishes or _has_dishes_below(section, sections)])


def _ancestry(path: str, place: "PlacePage") -> list[str]:
    """The path itself and those of the categories above it."""
    return [path[:end] for end in range(len(place.path) + STEP, len(path) + 1, STEP)]


def _reachable(path: str, categories: dict[str, Any], place: "PlacePage") -> bool:
    return all(part in categories for part in _ancestry(path, place))


def _served(path: str, categories: dict[str, Any], place: "PlacePage", at: datetime.datetime) -> bool:
    return all(is_served(categories[part], at) for part in _ancestry(path, place))


def _has_dishes_below(section: MenuSection, sections: list[MenuSection]) -> bool:
    path = section.category.path
    return any(other.dishes and other.category.path.startswith(path) for other in sections)
