"""An edit on the board: saved at once, undone in one press, never over what someone else has written meanwhile."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from menu_pages.board.pages import MenuPage, check_editable, drafts_of, lock_page, page_or_404
from menu_pages.board.values import CATEGORY_FIELDS, DISH_FIELDS, Value, as_typed, read_values, shown
from menu_pages.editing import edit_page
from menu_pages.models import DishPage, PlacePage

UNDO_SALT = "menu_pages.board.undo"
UNDO_SECONDS = 24 * 3600


class Edit(NamedTuple):
    """What an edit has changed; nothing, when the page already said so."""

    page: Any
    before: dict[str, Value]
    after: dict[str, Value]


class ChangedMeanwhileError(Exception):
    """Someone else has changed a field since the reader saw it; nothing was written."""

    def __init__(self, theirs: dict[str, Value], by: User | None, at: datetime.datetime | None) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs
        self.by = by
        self.at = at

    @property
    def words(self) -> str:
        if self.by is None:
            return _("Someone has changed this meanwhile.")
        name = self.by.get_full_name() or str(self.by)
        return _("%(name)s has changed this meanwhile.") % {"name": name}


def fields_of(page: MenuPage) -> tuple[str, ...]:
    return DISH_FIELDS if isinstance(page, DishPage) else CATEGORY_FIELDS


def change_page(*, page: MenuPage, typed: Mapping[str, str], seen: Mapping[str, str], by: User) -> Edit:
    """Write the fields of `typed` that differ from `seen`, what the reader had before them; a revision and a log entry.

    Raises `ValidationError` by field when a value does not fit, `ChangedMeanwhileError` when the newest draft no longer
    says what was seen, `PermissionDenied` when the page is locked; then nothing is written.
    """
    wanted = read_values({field: typed[field] for field in fields_of(page) if field in typed})
    known = read_values({field: text for field, text in seen.items() if field in wanted and text.strip()})
    wanted = {field: value for field, value in wanted.items() if field not in seen or value != known.get(field)}
    with transaction.atomic():
        lock_page(page)
        stored = type(page).objects.get(pk=page.pk)
        check_editable(stored, by)
        draft = drafts_of([stored])[stored.pk]
        changes = {field: value for field, value in wanted.items() if value != as_typed(draft.values[field])}
        theirs = {field: draft.values[field] for field in changes if as_typed(draft.values[field]) != known.get(field)}
        if theirs:
            revision = draft.revision or stored.latest_revision
            raise ChangedMeanwhileError(
                theirs, revision.user if revision else None, revision.created_at if revision else None
            )
        if "price" in changes and changes["price"] is None and stored.live:
            raise ValidationError({"price": _("A published dish needs a price. To hide the dish, unpublish it.")})
        before = {field: draft.values[field] for field in changes}
        after = edit_page(stored, changes, by) if changes else stored
    return Edit(after, before, changes)


def undo_token(edit: Edit) -> str:
    """What undoes the edit, signed: it says the page, what was there and what has replaced it."""
    words = [{field: shown(value) for field, value in values.items()} for values in (edit.before, edit.after)]
    return signing.dumps([edit.page.pk, *words], salt=UNDO_SALT)


def undo(*, place: PlacePage, token: str, by: User) -> Edit:
    """Put back what an edit has replaced; the rules of `change_page`. Raises `signing.BadSignature` for a token that
    is not ours or older than a day, `Http404` for another place's page."""
    page_id, before, after = signing.loads(token, salt=UNDO_SALT, max_age=UNDO_SECONDS)
    return change_page(page=page_or_404(place, str(page_id)), typed=before, seen=after, by=by)
