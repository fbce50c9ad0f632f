"""The pages of one menu, found by what a request names, and the newest draft of each."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from accounts.models import User
from menu_pages.board.values import Value
from menu_pages.editing import locked_by_another
from menu_pages.models import CategoryPage, DishPage, PlacePage

MenuPage = CategoryPage | DishPage
MOST_ID_DIGITS = 18


class Draft(NamedTuple):
    """What the board shows of a page: the fields of its newest draft, and whose it is."""

    values: dict[str, Value]
    revision: Revision | None


def page_or_404(place: PlacePage, page_id: str, *kinds: type[Page]) -> Any:
    """The dish or category of this place with the id a form carries; any other id does not exist. At most one query
    a kind."""
    if page_id.isascii() and page_id.isdigit() and len(page_id) <= MOST_ID_DIGITS:
        for kind in kinds or (DishPage, CategoryPage):
            found = kind.objects.descendant_of(place).filter(pk=int(page_id)).first()
            if found is not None:
                return found
    raise Http404


def page_at_or_404(place: PlacePage, menu_path: str) -> Any:
    """The dish or category at `soups/borshch` of the place."""
    url_path = f"{place.url_path}{menu_path.strip('/')}/"
    for kind in (DishPage, CategoryPage):
        found = kind.objects.descendant_of(place).filter(url_path=url_path).first()
        if found is not None:
            return found
    raise Http404


def lock_page(page: MenuPage) -> None:
    """Hold the page until the transaction ends.

    A query of its own, and what is read comes after it: a row waited for is read anew by PostgreSQL, but not the rows
    joined to it, and half of a page's fields are in a joined one.
    """
    type(page).objects.select_for_update(of=("self",)).filter(pk=page.pk).order_by().first()


def check_editable(page: MenuPage, by: User) -> None:
    """Raises `PermissionDenied` with words for the reader when Wagtail would not let them edit the page."""
    if locked_by_another(page, by):
        raise PermissionDenied(_("“%(title)s” is locked by another editor.") % {"title": page.draft_title})
    if not page.permissions_for_user(by).can_edit():
        raise PermissionDenied(_("You may not edit “%(title)s”.") % {"title": page.draft_title})


def drafts_of(pages: Iterable[Any]) -> dict[int, Draft]:
    """The newest draft of each page, by its id: of a published page without changes that is the page itself.

    One query for any number of pages.
    """
    loaded = list(pages)
    waiting = [page.latest_revision_id for page in loaded if page.latest_revision_id and has_draft(page)]
    revisions = {
        revision.pk: revision
        for revision in Revision.objects.filter(pk__in=waiting)
        .annotate(
            draft_title=KeyTextTransform("title", "content"),
            draft_price=KeyTextTransform("price", "content"),
            draft_cost=KeyTextTransform("cost", "content"),
        )
        .defer("content")
    }
    return {page.pk: _draft(page, revisions.get(page.latest_revision_id)) for page in loaded}


def has_draft(page: MenuPage) -> bool:
    return page.has_unpublished_changes or not page.live


def _draft(page: Any, revision: Any) -> Draft:
    values: dict[str, Value] = {"title": page.title if revision is None else revision.draft_title}
    if isinstance(page, DishPage):
        for field in ("price", "cost"):
            values[field] = getattr(page, field) if revision is None else _money(getattr(revision, f"draft_{field}"))
    return Draft(values, revision)


def _money(text: str | None) -> Decimal | None:
    # SQLite gives JSON's null by its name.
    return None if text in (None, "null") else Decimal(text)
