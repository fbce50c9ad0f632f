"""The menu a place has now, in the same terms as the rows of a file."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from menu_pages.menu import STEP
from menu_pages.menu_files.columns import NUMBERS
from menu_pages.menu_files.option_cells import cells_of
from menu_pages.menu_files.pictures_shelf import identity_of
from menu_pages.menu_files.texts import clean_text, one_line, same_words
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.vocabulary import Allergen, DietTag

PathKey = tuple[str, ...]


def path_key(path: tuple[str, ...]) -> PathKey:
    """The same for paths that differ in capitals and spaces only."""
    return tuple(map(same_words, path))


@dataclass(slots=True)
class PresentDish:
    """A dish page as a row would describe it; `on_menu` when guests can see it."""

    id: int
    title: str
    slug: str
    path: tuple[str, ...]
    category_id: int
    on_menu: bool
    values: dict[str, Any]
    words: dict[str, dict[str, Any]]
    picture_id: int | None


@dataclass(slots=True)
class PresentCategory:
    id: int
    path: tuple[str, ...]
    live: bool
    translations: dict[str, str]


@dataclass(slots=True)
class PresentMenu:
    """Dishes in the menu's order, published or not; a category path that is there twice means its first."""

    categories: dict[PathKey, PresentCategory] = field(default_factory=dict)
    dishes: list[PresentDish] = field(default_factory=list)
    # Addresses taken in each category, by whatever page, by the category's id (0: the place itself).
    slugs: dict[int, set[str]] = field(default_factory=dict)


def read_present(place: PlacePage) -> PresentMenu:
    """Everything below the place. Two queries for any number of dishes."""
    menu = PresentMenu()
    by_tree_path: dict[str, PresentCategory] = {}
    visible: set[str] = set()
    for page in CategoryPage.objects.descendant_of(place).order_by("path"):
        above = by_tree_path.get(page.path[:-STEP])
        path = (*(above.path if above else ()), one_line(page.title))
        titles = {code: one_line(words["title"]) for code, words in page.translations.items() if words.get("title")}
        category = PresentCategory(page.pk, path, page.live, titles)
        by_tree_path[page.path] = category
        menu.categories.setdefault(path_key(path), category)
        menu.slugs.setdefault(above.id if above else 0, set()).add(page.slug)
        if page.live and (above is None or page.path[:-STEP] in visible):
            visible.add(page.path)
    dishes = DishPage.objects.descendant_of(place).with_sold_out(timezone.now()).order_by("path")
    for dish in dishes:
        category = by_tree_path[dish.path[:-STEP]]
        on_menu = dish.live and dish.price is not None and dish.path[:-STEP] in visible
        menu.slugs.setdefault(category.id, set()).add(dish.slug)
        menu.dishes.append(present_dish(dish, category.path, category.id, on_menu=on_menu))
    return menu


def present_dish(dish: DishPage, path: tuple[str, ...], category_id: int, *, on_menu: bool) -> PresentDish:
    """The dish as stored now; it must carry `sold_out`."""
    values: dict[str, Any] = {
        "title": one_line(dish.title),
        "description": clean_text(dish.description),
        "unit": dish.unit,
        "allergens": [key for key in Allergen.values if key in dish.allergens],
        "tags": [key for key in DietTag.values if key in dish.tags],
        "options": cells_of(dish.option_groups.raw_data),
        "photo": identity_of(dish.picture_id),
        "available": not dish.sold_out,
        "slug": dish.slug,
        **{name: getattr(dish, name) for name in NUMBERS},
    }
    words = {
        code: {name: _clean_words(name, text) for name, text in texts.items()}
        for code, texts in dish.translations.items()
    }
    return PresentDish(dish.pk, dish.title, dish.slug, path, category_id, on_menu, values, words, dish.picture_id)


def _clean_words(name: str, words: Any) -> Any:
    if name == "options":
        return {one_line(own): one_line(word) for own, word in words.items()}
    return clean_text(words) if name == "description" else one_line(words)
