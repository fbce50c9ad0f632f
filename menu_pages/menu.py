"""The whole menu of a place in a fixed number of queries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from menu_pages.renditions import CARD_SIZES
from menu_pages.serving_hours import is_served
from menu_pages.shown_pictures import attach_pictures

if TYPE_CHECKING:
    from menu_pages.models import CategoryPage, DishPage, PlacePage

STEP = 4  # characters of one level in a tree path
# What menus show; of a page's fifty columns the rest would cost more than the whole drawing of it.
SHARED_FIELDS = ("title", "slug", "path", "url_path", "live", "translations", "description")
CATEGORY_FIELDS = (*SHARED_FIELDS, "served_from", "served_until", "served_weekdays")
DISH_FIELDS = (*SHARED_FIELDS, "price", "weight", "unit", "calories", "allergens", "tags", "picture", "option_groups")


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

    Three queries for any number of dishes: categories, dishes with their stop-list, what there is of their pictures.
    Empty categories are left out.
    """
    from menu_pages.models import CategoryPage, DishPage

    published = CategoryPage.objects.live().descendant_of(place).only(*CATEGORY_FIELDS).order_by("path")
    categories = {category.path: category for category in published}
    dishes = (
        DishPage.objects.live().descendant_of(place).with_sold_out(timezone.now()).only(*DISH_FIELDS).order_by("path")
    )
    found = list(dishes)
    attach_pictures(found, *CARD_SIZES)
    by_category: dict[str, list[Any]] = {}
    for dish in found:
        by_category.setdefault(dish.path[:-STEP], []).append(dish)
    sections = []
    for path, category in categories.items():
        if not _reachable(path, categories, place):
            continue
        served = _served(path, categories, place, at)
        level = (len(path) - len(place.path)) // STEP - 1
        sections.append(MenuSection(category, by_category.get(path, []), served, level))
    return Menu([section for section in sections if section.dishes or _has_dishes_below(section, sections)])


def find_page(place: "PlacePage", slugs: Sequence[str]) -> "CategoryPage | DishPage | None":
    """The published category or dish at these steps below the place, its parents known. One query, two for a dish."""
    from menu_pages.models import CategoryPage, DishPage

    steps = [place.url_path + "".join(f"{slug}/" for slug in slugs[:end]) for end in range(1, len(slugs) + 1)]
    categories = {
        category.url_path: category
        for category in CategoryPage.objects.descendant_of(place).filter(url_path__in=steps).select_related("picture")
    }
    page: Any = categories.get(steps[-1])
    if page is None and len(steps) > 1:
        page = DishPage.objects.descendant_of(place).filter(url_path=steps[-1]).select_related("picture").first()
    if page is None or not page.live:
        return None
    parent: Any = place
    for step in steps[:-1]:
        if step not in categories:
            return None
        categories[step]._cached_parent_obj = parent
        parent = categories[step]
    page._cached_parent_obj = parent
    page.place = place
    return page


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
