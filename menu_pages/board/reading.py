"""The whole menu for the board, drafts included, in a fixed number of queries."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from wagtail.models import Revision

from menu_pages.board.ordering import mark_of
from menu_pages.board.pages import Draft, drafts_of
from menu_pages.board.values import field_name, shown
from menu_pages.menu import STEP
from menu_pages.models import CategoryPage, DishPage, PlacePage, StopListEntry

# More dishes than this stand on several screens; a category is never torn apart.
SCREEN_DISHES = 300
NOT_SHOWN = ("search_description", "seo_title", "description", "translations")


class Field(NamedTuple):
    """A field of a row: `was` is what stands in the newest draft, `value` what the reader typed, else the same."""

    name: str
    label: str
    value: str
    was: str
    error: str = ""
    theirs: bool = False  # whether someone else has put there what `was` says


@dataclass(slots=True)
class Said:
    """The answer to what was just typed into a row, told where it was typed."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    theirs: Collection[str] = ()
    words: str = ""
    undo: str = ""


@dataclass(slots=True)
class Row:
    """A dish or a category as its fields show it."""

    page: Any
    values: dict[str, str]
    zone: datetime.tzinfo
    goes_live_at: datetime.datetime | None = None
    stop: Any = None
    said: Said | None = None

    @property
    def title(self) -> str:
        return self.values["title"]

    @property
    def waits_for_price(self) -> bool:
        return not self.values.get("price", "-") and not self.page.live

    @property
    def when(self) -> str:
        """When it goes live by itself, on the place's clock."""
        return _moment(self.goes_live_at, self.zone) if self.goes_live_at else ""

    @property
    def stopped_by(self) -> str:
        by = self.stop.stopped_by if self.stop else None
        return (by.get_full_name() or str(by)) if by else ""

    @property
    def stopped_words(self) -> str:
        if self.stop.until is None:
            return gettext("Off sale until put back")
        return gettext("Off sale until %(when)s") % {"when": _moment(self.stop.until, self.zone)}

    @property
    def fields(self) -> list[Field]:
        said = self.said or Said()
        return [
            Field(
                name, field_name(name), said.typed.get(name, was), was, said.errors.get(name, ""), name in said.theirs
            )
            for name, was in self.values.items()
        ]


@dataclass(slots=True)
class Part:
    """A category with its dishes and the categories inside it."""

    row: Row
    level: int
    mark: str = ""
    dishes: list[Row] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)
    parts_mark: str = ""


@dataclass(slots=True)
class Board:
    parts: list[Part]
    parts_mark: str
    dish_count: int
    screen: int = 1
    screens: int = 1

    def every_part(self) -> list[Part]:
        return list(_flat(self.parts))


def read_board(place: PlacePage, *, screen: int = 1, holding: Any = None) -> Board:
    """Categories and dishes as the newest drafts say, in the owner's order; the screen that shows `holding`, if given.

    Six queries for any number of dishes: paths, categories, dishes, their drafts, what is scheduled, the stop-list.
    """
    paths = list(DishPage.objects.descendant_of(place).order_by("path").values_list("path", flat=True))
    categories = list(CategoryPage.objects.descendant_of(place).defer(*NOT_SHOWN).order_by("path"))
    screens = _screens(place, categories, paths)
    if holding is not None:
        screen = next((number for number, tops in enumerate(screens, 1) if _top(place, holding.path) in tops), 1)
    screen = min(max(screen, 1), len(screens))
    tops = screens[screen - 1]
    dishes = DishPage.objects.descendant_of(place).defer(*NOT_SHOWN, "option_groups")
    if len(screens) > 1:
        dishes = dishes.filter(path__gte=min(tops), path__lt=_after(max(tops)))
    parts = _parts(place, categories, list(dishes.order_by("path")))
    every = [part for part in parts if part.row.page.path in tops]
    return Board(every, mark_of(part.row.page.pk for part in parts), len(paths), screen, len(screens))


def read_rows(place: PlacePage, pages: Iterable[Any]) -> dict[int, Row]:
    """These pages as the board shows them, by id. Three queries."""
    loaded = list(pages)
    drafts, scheduled, stops = drafts_of(loaded), _scheduled(loaded), _stops(loaded)
    return {
        page.pk: _row(page, drafts[page.pk], place.record.zone, scheduled.get(str(page.pk)), stops.get(page.pk))
        for page in loaded
    }


def _row(page: Any, draft: Draft, zone: datetime.tzinfo, goes_live_at: Any, stop: Any) -> Row:
    values = {name: shown(value) for name, value in draft.values.items()}
    return Row(page, values, zone, goes_live_at=goes_live_at, stop=stop)


def _parts(place: PlacePage, categories: list[Any], dishes: list[Any]) -> list[Part]:
    """The menu's own parts with all that is below them."""
    rows = read_rows(place, [*categories, *dishes])
    parts: dict[str, Part] = {}
    dishes_of: dict[str, list[Row]] = defaultdict(list)
    for dish in dishes:
        dishes_of[dish.path[:-STEP]].append(rows[dish.pk])
    tops: list[Part] = []
    for category in categories:
        part = Part(rows[category.pk], level=(len(category.path) - len(place.path)) // STEP - 1)
        part.dishes = dishes_of.get(category.path, [])
        part.mark = mark_of(row.page.pk for row in part.dishes)
        parts[category.path] = part
        above = parts.get(category.path[:-STEP])
        (above.parts if above else tops).append(part)
    for part in parts.values():
        part.parts_mark = mark_of(child.row.page.pk for child in part.parts)
    return tops


def _screens(place: PlacePage, categories: list[Any], dish_paths: list[str]) -> list[list[str]]:
    """Paths of the menu's own parts, screen by screen."""
    counts: dict[str, int] = defaultdict(int)
    for path in dish_paths:
        counts[_top(place, path)] += 1
    screens: list[list[str]] = [[]]
    held = 0
    for category in categories:
        if _top(place, category.path) != category.path:
            continue
        if screens[-1] and held + counts[category.path] > SCREEN_DISHES:
            screens.append([])
            held = 0
        screens[-1].append(category.path)
        held += counts[category.path]
    return screens


def _top(place: PlacePage, path: str) -> str:
    return path[: len(place.path) + STEP]


def _after(path: str) -> str:
    """Behind all that is below the path: no letter of a path comes after `Z`."""
    return path + "a"


def _scheduled(pages: list[Any]) -> dict[str, datetime.datetime]:
    """When drafts go live by themselves, by page id as revisions keep it."""
    types = ContentType.objects.get_for_models(DishPage, CategoryPage, for_concrete_models=True).values()
    found = Revision.objects.filter(
        content_type__in=list(types), object_id__in=[str(page.pk) for page in pages], approved_go_live_at__isnull=False
    )
    return dict(found.order_by("-approved_go_live_at").values_list("object_id", "approved_go_live_at"))


def _stops(pages: list[Any]) -> dict[int, Any]:
    ids = [page.pk for page in pages if isinstance(page, DishPage)]
    entries = StopListEntry.objects.current(timezone.now()).filter(dish_id__in=ids).select_related("stopped_by")
    return {entry.dish_id: entry for entry in entries}


def _moment(moment: datetime.datetime, zone: datetime.tzinfo) -> str:
    """The time alone when it comes within a day."""
    local = moment.astimezone(zone)
    soon = moment - timezone.now() < datetime.timedelta(days=1)
    return date_format(local, "TIME_FORMAT" if soon else "SHORT_DATETIME_FORMAT")


def _flat(parts: list[Part]) -> Iterable[Part]:
    for part in parts:
        yield part
        yield from _flat(part.parts)
