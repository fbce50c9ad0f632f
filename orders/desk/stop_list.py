"""The stop-list as the desk shows it: what is out now, and the menu to find what runs out next."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from menu_pages.models import DishPage, PlacePage, StopListEntry

ON_PAGE = 50
MOST_STOPPED = 100
LONGEST_SEARCH = 60


@dataclass(frozen=True, slots=True)
class StopList:
    stopped: list[StopListEntry]
    more: int  # on the stop-list, beyond those shown
    words: str
    dishes: Page


def read_stop_list(place: PlacePage, *, words: str, page: str) -> StopList:
    """What is out, the latest first, and the menu's dishes in its order, those found by `words` if any were given.

    Four queries, five with words, for any number of dishes.
    """
    words = words.replace("\0", "")[:LONGEST_SEARCH].strip()
    entries = StopListEntry.objects.current(timezone.now()).filter(place=place, dish__live=True)
    stopped = list(entries.select_related("dish").order_by("-stopped_at", "-pk")[: MOST_STOPPED + 1])
    more = entries.count() - MOST_STOPPED if len(stopped) > MOST_STOPPED else 0
    dishes = _dishes(place)
    if words:
        dishes = dishes.filter(pk__in=_found(dishes, words))
    shown = dishes.with_sold_out(timezone.now()).order_by("path")
    return StopList(stopped[:MOST_STOPPED], more, words, Paginator(shown, ON_PAGE).get_page(page))


def dish_of(place: PlacePage, menu_path: str) -> DishPage | None:
    """The place's published dish at `soups/borshch`. One query."""
    return _dishes(place).of_menu_path(place, menu_path.replace("\0", "")).first()


def _dishes(place: PlacePage) -> Any:
    return DishPage.objects.live().descendant_of(place)


def _found(dishes: "QuerySet[Any]", words: str) -> list[int]:
    """Ids of the dishes whose title, in any of its languages, holds every word.

    Compared here: one of the databases folds Latin letters only.
    """
    wanted = words.casefold().split()
    found = []
    for pk, title, translations in dishes.values_list("pk", "title", "translations").iterator():
        titles = [title, *(texts.get("title", "") for texts in translations.values())]
        text = " ".join(titles).casefold()
        if all(word in text for word in wanted):
            found.append(pk)
    return found
