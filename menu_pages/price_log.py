"""Who changed what guests pay: prices as guests saw them, beside the prices of what has just been published.

Every way to publish ends in Wagtail's own action, which saves the page and sends `page_published`: the editor, several
pages at once, a scheduled draft, a quick edit. Drafts change nothing for guests and are not prices yet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from accounts.audit import record
from accounts.models import AuditAction, User
from menu_pages.models import DishPage
from menu_pages.option_groups import read_groups

_unrecorded: ContextVar[bool] = ContextVar("prices_unrecorded", default=False)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Write no line for each dish published inside: whoever changes many at once writes one for all."""
    token = _unrecorded.set(True)
    try:
        yield
    finally:
        _unrecorded.reset(token)


def remember(dish: DishPage, *, update_fields: Any = None) -> None:
    """Note on the page about to be saved what guests pay until then. One query."""
    if _unrecorded.get() or dish._state.adding or (update_fields is not None and "price" not in update_fields):
        return
    seen = DishPage.objects.filter(pk=dish.pk).exclude(live=False, first_published_at=None)
    row = seen.values_list("price", "option_groups").first()
    dish._prices_seen = None if row is None else prices_of(row[0], row[1].raw_data)


def record_published(dish: DishPage, revision: Revision | None) -> None:
    """Write a line for each price that differs from what guests saw, in the name of who published it."""
    before: dict[tuple[str, ...], tuple[str, Decimal]] | None = getattr(dish, "_prices_seen", None)
    dish._prices_seen = None
    if before is None or _unrecorded.get():
        return
    after = prices_of(dish.price, dish.option_groups.raw_data)
    changed = [key for key in after if key in before and after[key][1] != before[key][1]]
    if not changed:
        return
    place = dish.place
    by = _publisher(revision)
    for key in changed:
        option, price = after[key]
        record(
            AuditAction.PRICE_CHANGED,
            organisation_id=place.record.organisation_id,
            by=by,
            subject=f"{dish.title}: {option}" if option else dish.title,
            place=place.title,
            before=f"{before[key][1]:.2f}",
            after=f"{price:.2f}",
            currency=place.record.currency,
        )


def prices_of(price: Decimal | None, groups: Any) -> dict[tuple[str, ...], tuple[str, Decimal]]:
    """The dish's price under an empty key and those of its options under their ids, each with its title."""
    found: dict[tuple[str, ...], tuple[str, Decimal]] = {} if price is None else {(): ("", Decimal(price))}
    for group in read_groups(groups):
        for option in group.options:
            found[group.id, option.id] = (f"{group.title}, {option.title}", option.price)
    return found


def _publisher(revision: Revision | None) -> User | None:
    """Who is at work in the admin; outside it, whoever made the revision."""
    by: User | None = get_active_log_context().user or (revision.user if revision else None)
    return by
