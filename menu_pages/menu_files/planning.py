"""What importing a file would do: rows beside the menu as it is. Nothing is written here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from menu_pages.menu_files.checking import CheckedRow
from menu_pages.menu_files.pictures_shelf import PicturesShelf
from menu_pages.menu_files.present import PathKey, PresentCategory, PresentDish, PresentMenu, path_key
from menu_pages.menu_files.problems import Findings
from menu_pages.menu_files.texts import same_words
from menu_pages.slugs import RESERVED_CATEGORY_SLUGS, readable_slug


@dataclass(slots=True)
class CategoryStep:
    """A category to be made, published again or translated."""

    path: tuple[str, ...]
    row: int
    id: int | None = None
    slug: str = ""
    publish: bool = False
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class DishStep:
    """A row that adds a dish (`dish` is None) or changes one: `values` and `words` are what differs."""

    row: CheckedRow
    dish: PresentDish | None
    values: dict[str, Any]
    words: dict[str, dict[str, Any]]
    moves: bool = False
    slug: str = ""

    @property
    def adds(self) -> bool:
        return self.dish is None

    @property
    def publishes(self) -> bool:
        return self.dish is not None and not self.dish.on_menu


@dataclass(slots=True)
class Plan:
    categories: list[CategoryStep] = field(default_factory=list)
    # In the order of the file.
    dishes: list[DishStep] = field(default_factory=list)
    withdrawn: list[PresentDish] = field(default_factory=list)
    unchanged: int = 0

    @property
    def added(self) -> list[DishStep]:
        return [step for step in self.dishes if step.adds]

    @property
    def changed(self) -> list[DishStep]:
        return [step for step in self.dishes if not step.adds]


def make_plan(
    rows: Sequence[CheckedRow], menu: PresentMenu, shelf: PicturesShelf, *, replace: bool, findings: Findings
) -> Plan:
    """What the rows change in the menu; rows that contradict each other or the menu go to `findings`.

    A row means the dish of its address, in its own category before others, else the dish of its category and title,
    else a new one. With `replace`, dishes on the menu that no row means are withdrawn.
    """
    plan = Plan(categories=_plan_categories(rows, menu, findings))
    matches = _match(rows, menu, findings)
    slugs = _Slugs(menu, plan.categories, rows, matches)
    for row in rows:
        dish = matches.get(row.number)
        step = _step(row, dish, shelf)
        if dish is None or step.moves or "slug" in step.values:
            step.slug = slugs.take(row, dish, findings)
        if dish is None or step.values or step.words or step.moves or step.publishes:
            plan.dishes.append(step)
        else:
            plan.unchanged += 1
    if replace:
        meant = {dish.id for dish in matches.values() if dish}
        plan.withdrawn = [dish for dish in menu.dishes if dish.on_menu and dish.id not in meant]
    return plan


def _plan_categories(rows: Sequence[CheckedRow], menu: PresentMenu, findings: Findings) -> list[CategoryStep]:
    steps: dict[PathKey, CategoryStep] = {}
    said: dict[tuple[PathKey, str], tuple[str, int]] = {}
    taken = {parent: set(slugs) for parent, slugs in menu.slugs.items()}
    for row in rows:
        for depth in range(1, len(row.path) + 1):
            _need_category(row, depth, menu, steps, taken)
        for code, words in row.path_words.items():
            if len(words) != len(row.path):
                findings.add(row.number, f"category_{code}", _("It must have as many parts as “category” has."))
                continue
            for depth, title in enumerate(words, start=1):
                key = path_key(row.path[:depth])
                first, first_row = said.setdefault((key, code), (title, row.number))
                if first != title:
                    findings.add(
                        row.number,
                        f"category_{code}",
                        _("Row %(row)d translates the same category as “%(title)s”.")
                        % {"row": first_row, "title": first},
                    )
                else:
                    _translate(row, depth, code, title, menu, steps)
    return list(steps.values())


def _need_category(
    row: CheckedRow,
    depth: int,
    menu: PresentMenu,
    steps: dict[PathKey, CategoryStep],
    taken: dict[Any, set[str]],
) -> None:
    """Note that the category must be there and published."""
    path = row.path[:depth]
    key = path_key(path)
    known = menu.categories.get(key)
    if key in steps or (known and known.live):
        return
    if known:
        steps[key] = CategoryStep(known.path, row.number, known.id, publish=True)
        return
    above = menu.categories.get(key[:-1]) if depth > 1 else None
    parent: Any = (above.id if above else key[:-1]) if depth > 1 else 0
    used = taken.setdefault(parent, set())
    slug = _free_slug(path[-1], used | RESERVED_CATEGORY_SLUGS, "category")
    used.add(slug)
    steps[key] = CategoryStep(path, row.number, slug=slug)


def _translate(
    row: CheckedRow, depth: int, code: str, title: str, menu: PresentMenu, steps: dict[PathKey, CategoryStep]
) -> None:
    key = path_key(row.path[:depth])
    known: PresentCategory | None = menu.categories.get(key)
    own = known.path[-1] if known else row.path[depth - 1]
    if known and known.translations.get(code, own) == title:
        return
    step = steps.setdefault(key, CategoryStep(known.path, row.number, known.id)) if known else steps[key]
    if title != own:
        step.titles[code] = title
    elif known:
        step.titles[code] = ""  # translated by its own title: not translated


def _match(rows: Sequence[CheckedRow], menu: PresentMenu, findings: Findings) -> dict[int, PresentDish | None]:
    """The dish each row means, by row number. No dish is meant twice."""
    by_slug: dict[str, list[PresentDish]] = defaultdict(list)
    by_title: dict[tuple[PathKey, str], list[PresentDish]] = defaultdict(list)
    for dish in menu.dishes:
        by_slug[dish.slug].append(dish)
        by_title[path_key(dish.path), same_words(dish.title)].append(dish)
    taken: dict[int, int] = {}
    matches: dict[int, PresentDish | None] = {}
    for row in rows:  # addresses first, so that no title takes a dish that a later row names exactly
        found = _of_slug(row, by_slug)
        if found is not None and found.id in taken:
            findings.add(row.number, "slug", _("Row %(row)d is the same dish.") % {"row": taken[found.id]})
        if found is not None:
            taken.setdefault(found.id, row.number)
            matches[row.number] = found
    new: dict[tuple[PathKey, str], int] = {}
    for row in rows:
        if row.number in matches:
            continue
        key = (path_key(row.path), same_words(row.values["title"]))
        free = [dish for dish in by_title[key] if dish.id not in taken]
        if "slug" not in row.values and (len(free) > 1 or (by_title[key] and not free) or key in new):
            other = new.get(key) or next((taken[dish.id] for dish in by_title[key] if dish.id in taken), 0)
            findings.add(row.number, "title", _same_title(other))
        elif free:
            taken[free[0].id] = row.number
            matches[row.number] = free[0]
        else:
            new.setdefault(key, row.number)
            matches[row.number] = None
    return matches


def _same_title(other_row: int) -> str:
    if other_row:
        return _("Row %(row)d has the same category and title. Tell them apart by “slug”.") % {"row": other_row}
    return _("Several dishes of this category have this title. Tell them apart by “slug”.")


def _of_slug(row: CheckedRow, by_slug: dict[str, list[PresentDish]]) -> PresentDish | None:
    dishes = by_slug.get(row.values.get("slug", ""), [])
    own = [dish for dish in dishes if path_key(dish.path) == path_key(row.path)]
    if own:
        return own[0]
    return dishes[0] if len(dishes) == 1 else None


def _step(row: CheckedRow, dish: PresentDish | None, shelf: PicturesShelf) -> DishStep:
    if dish is None:
        return DishStep(row, None, dict(row.values), {code: dict(words) for code, words in row.words.items()})
    values = {}
    for name, value in row.values.items():
        wanted = shelf.identity(value) if name == "photo" else value
        if wanted != dish.values[name]:
            values[name] = value
    words: dict[str, dict[str, Any]] = {}
    for code, texts in row.words.items():
        present = dish.words.get(code, {})
        differing = {name: text for name, text in texts.items() if (present.get(name) or _nothing(name)) != text}
        if differing:
            words[code] = differing
    return DishStep(row, dish, values, words, moves=path_key(dish.path) != path_key(row.path))


def _nothing(name: str) -> Any:
    return {} if name == "options" else ""


class _Slugs:
    """Addresses of dishes in each category: those taken, and those the file itself asks for."""

    def __init__(
        self,
        menu: PresentMenu,
        categories: Sequence[CategoryStep],
        rows: Sequence[CheckedRow],
        matches: dict[int, PresentDish | None],
    ) -> None:
        self.taken: dict[PathKey, set[str]] = defaultdict(set)
        for key, category in menu.categories.items():
            self.taken[key] |= menu.slugs.get(category.id, set())
        for step in categories:
            if step.slug:
                self.taken[path_key(step.path[:-1])].add(step.slug)
        self.wanted: dict[PathKey, dict[str, int]] = defaultdict(dict)
        for row in rows:
            if "slug" in row.values and matches.get(row.number) is None:
                self.wanted[path_key(row.path)].setdefault(row.values["slug"], row.number)

    def take(self, row: CheckedRow, dish: PresentDish | None, findings: Findings) -> str:
        """The address the row's dish gets in its category."""
        key = path_key(row.path)
        taken, wanted = self.taken[key], self.wanted[key]
        if "slug" not in row.values:
            slug = dish.slug if dish and dish.slug not in taken else ""
            slug = slug or _free_slug(row.values["title"], taken | wanted.keys(), "dish")
        else:
            slug = row.values["slug"]
            if slug in taken or wanted.get(slug, row.number) != row.number:
                findings.add(row.number, "slug", _("Another page of this category has this address."))
        taken.add(slug)
        return slug


def _free_slug(title: str, taken: set[str] | frozenset[str], fallback: str) -> str:
    stem = readable_slug(title, fallback=fallback)
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
