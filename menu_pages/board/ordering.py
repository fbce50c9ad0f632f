"""The order of a menu: dishes within and between categories, categories among their neighbours."""

import hashlib
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from accounts.models import User
from menu_pages.board.addresses import free_address
from menu_pages.board.pages import MenuPage, check_editable
from menu_pages.editing import edit_page
from menu_pages.models import CategoryPage, PlacePage

Spot = Literal["first", "last"] | int  # an id: before that page


class OrderChangedError(Exception):
    """The order is no longer the one the reader saw; nothing was moved."""

    def __init__(self, page: MenuPage) -> None:
        super().__init__("order changed")
        self.page = page


class Moved(NamedTuple):
    page: Any
    source_id: int
    target_id: int
    new_slug: str  # given because its own was taken in the new category; else empty


def mark_of(ids: Iterable[int]) -> str:
    """A short mark of an order: the same ids in the same order, the same mark."""
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:16]


def ordered_ids(parent: Page, kind: type[Page]) -> list[int]:
    """Dishes or categories right below the page, in the owner's order. One query."""
    return list(kind.objects.child_of(parent).order_by("path").values_list("pk", flat=True))


def lock_order(place: PlacePage) -> None:
    """One change of a menu's order at a time: a move renumbers its neighbours."""
    PlacePage.objects.select_for_update(of=("self",)).filter(pk=place.pk).order_by().first()


def move_page(
    *,
    place: PlacePage,
    page: MenuPage,
    to: Page,
    spot: Spot,
    seen: str,
    seen_there: str | None = None,
    by: User,
) -> Moved:
    """Put the page at the spot below `to`; a dish goes to any category of the place, a category stays with its parent.

    `seen` is the mark of the order the page was taken from, `seen_there` of the one it goes to; the ends of a category
    are named without having seen it. Raises `OrderChangedError` when either is another by now, `PermissionDenied` when
    Wagtail would not let the user move it. A slug that is taken there is replaced by a free one.
    """
    with transaction.atomic():
        lock_order(place)
        kind = type(page)
        page = kind.objects.get(pk=page.pk)
        source = page.get_parent()
        ids = ordered_ids(source, kind)
        if mark_of(ids) != seen:
            raise OrderChangedError(page)
        target = source if source.pk == to.pk else to.specific_class.objects.get(pk=to.pk)
        there = ids if target.pk == source.pk else ordered_ids(target, kind)
        if target.pk != source.pk and seen_there is not None and mark_of(there) != seen_there:
            raise OrderChangedError(page)
        check_editable(page, by)
        if not page.permissions_for_user(by).can_move_to(target) or (kind is CategoryPage and target.pk != source.pk):
            raise PermissionDenied(_("“%(title)s” cannot be moved there.") % {"title": page.draft_title})
        new_slug = _free_its_address(page, target, by) if target.pk != source.pk else ""
        _place(page, target, [pk for pk in there if pk != page.pk], spot, by)
    return Moved(kind.objects.get(pk=page.pk), source.pk, target.pk, new_slug)


def step(*, place: PlacePage, page: MenuPage, down: bool, seen: str, by: User) -> Moved:
    """Move the page by one among its neighbours; at the end it stays. The rules of `move_page`."""
    parent = page.get_parent()
    ids = ordered_ids(parent, type(page))
    at = ids.index(page.pk)
    rest = [pk for pk in ids if pk != page.pk]
    at = min(at + 1, len(rest)) if down else max(at - 1, 0)
    spot: Spot = rest[at] if at < len(rest) else "last"
    return move_page(place=place, page=page, to=parent, spot=spot, seen=seen, by=by)


def _free_its_address(page: MenuPage, target: Page, by: User) -> str:
    if not target.get_children().filter(slug=page.slug).exists():
        return ""
    slug = free_address(target, page.slug, kind=type(page), also=page.get_parent())
    edit_page(page, {"slug": slug}, by)
    return slug


def _place(page: MenuPage, target: Page, others: list[int], spot: Spot, by: User) -> None:
    """Among pages of its own kind; dishes and parts of one category share a tree but not a list."""
    moving = type(page).objects.get(pk=page.pk)
    if spot in others:
        moving.move(Page.objects.get(pk=spot), pos="left", user=by)
    elif isinstance(spot, int):
        # The neighbour has gone from this list between the mark and now, or never was in it.
        raise OrderChangedError(page)
    elif not others:
        moving.move(Page.objects.get(pk=target.pk), pos="last-child", user=by)
    elif spot == "first":
        moving.move(Page.objects.get(pk=others[0]), pos="left", user=by)
    else:
        moving.move(Page.objects.get(pk=others[-1]), pos="right", user=by)
