"""A bulk change from the look to the last dish: prepared, started, run piece by piece, given up, undone."""

import datetime
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.letters.sending import language_of
from accounts.models import AuditAction, User
from menu_pages import turns
from menu_pages.bulk.applying import apply_item
from menu_pages.bulk.looking import PriceRule, draft_of, look
from menu_pages.bulk.words import title_of
from menu_pages.models import BulkAction, BulkChange, BulkStatus, DishPage, PlacePage
from menu_pages.pieces import write_in_pieces

# More are a task for the worker.
MOST_AT_ONCE = 20
MOST_DISHES = 2000
KEPT_UNSTARTED = datetime.timedelta(days=1)
OPPOSITE = {BulkAction.PUBLISH: BulkAction.UNPUBLISH, BulkAction.UNPUBLISH: BulkAction.PUBLISH}


class NothingToUndoError(Exception):
    """The change was not finished, or has changed nothing."""


def prepare_change(
    *, place: PlacePage, dishes: Sequence[DishPage], action: BulkAction, rule: PriceRule | None, by: User | None
) -> BulkChange:
    """Keep what the change would do, ready to be applied; raises `DishPriceTooLargeError`.

    Changes of this place that were looked at and never applied go after a day.
    """
    found = look(place=place, dishes=dishes, action=action, rule=rule, by=by)
    BulkChange.objects.filter(
        place=place, status=BulkStatus.READY, created_at__lt=timezone.now() - KEPT_UNSTARTED
    ).delete()
    return BulkChange.objects.create(
        place=place,
        action=action,
        params=rule.params if rule else {},
        items=found.items,
        unchanged=found.unchanged,
        total=len(found.items),
        by=by,
    )


def start_change(change: BulkChange) -> None:
    """Apply it, or go on with one that stopped: a few dishes at once, more by the worker.

    Raises `turns.AnotherRunsError` or `turns.QueueAwayError`, and then nothing has changed.
    """
    from menu_pages.tasks import apply_bulk_change

    if change.total > MOST_AT_ONCE:
        turns.start(change, apply_bulk_change)
    else:
        turns.claim(change)
        run_change(change.pk)


def give_up(change: BulkChange) -> None:
    """Forget a change that was looked at and not applied; one that was started stays."""
    BulkChange.objects.filter(pk=change.pk, status=BulkStatus.READY).delete()


def run_turn(change_id: int) -> None:
    """Work on it for a while, and ask for another turn if that was not enough."""
    from menu_pages.tasks import apply_bulk_change

    turns.run_turn(BulkChange, change_id, run_change, apply_bulk_change)


def run_change(change_id: int, *, seconds: float | None = None) -> bool:
    """Go on with a change under way; returns False when `seconds` were not enough to finish.

    Safe at any time and in any number of workers: the last to begin takes over, and what is done is known with each
    piece written. A dish that is not as the look saw it is left as it is and named.
    """
    ours = turns.take_over(BulkChange, change_id)
    if ours is None:
        return True
    change = BulkChange.objects.select_related("place__record", "by").get(pk=change_id)
    with translation.override(language_of(change.by)):
        try:
            finished = _carry_on(change, ours, seconds)
        except turns.TakenOver:
            return True
        except OperationalError:
            # Someone holds the same dishes for longer than anyone waits: this piece is undone, those before stay.
            turns.fail(ours, _("The menu is being changed by someone else. Go on in a moment."))
            return True
        if finished:
            _finish(change, ours)
    return finished


def undo_change(change: BulkChange, *, by: User | None) -> BulkChange:
    """The reverse of a finished change, started: dishes that are still as it left them become what they were.

    Pressed again it is the same one. Raises `NothingToUndoError`, and what `start_change` raises; then the reverse is
    ready to be applied and nothing has changed.
    """
    with transaction.atomic():
        # Two presses make one reverse.
        change = BulkChange.objects.select_for_update().get(pk=change.pk)
        reverse = BulkChange.objects.filter(undoes=change).first()
        if reverse is None:
            items = _reversed(change)
            if change.status != BulkStatus.DONE or not items:
                raise NothingToUndoError
            reverse = BulkChange.objects.create(
                place_id=change.place_id,
                action=OPPOSITE.get(BulkAction(change.action), change.action),
                params=change.params,
                items=items,
                total=len(items),
                undoes=change,
                by=by,
            )
    if reverse.status == BulkStatus.READY:
        start_change(reverse)
    return reverse


def _carry_on(change: BulkChange, ours: Any, seconds: float | None) -> bool:
    skipped = list(change.skipped)

    def step(item: dict[str, Any]) -> None:
        why = apply_item(place=change.place, action=change.action, item=item, by=change.by)
        if why:
            skipped.append(why)

    def keep(taken: int) -> None:
        turns.keep(ours, done=change.done + taken, skipped=skipped)

    return write_in_pieces(
        [partial(step, item) for item in change.items[change.done :]],
        keep=keep,
        deadline=None if seconds is None else time.monotonic() + seconds,
    )


def _finish(change: BulkChange, ours: Any) -> None:
    now = timezone.now()
    with transaction.atomic():
        if not ours.update(status=BulkStatus.DONE, moved_at=now, finished_at=now):
            return
        change.refresh_from_db(fields=("done", "skipped"))
        if change.action == BulkAction.PRICES and change.changed_count:
            record(
                AuditAction.PRICE_CHANGED,
                organisation_id=change.place.record.organisation_id,
                by=change.by,
                subject=title_of(change),
                place=change.place.title,
                count=change.changed_count,
                percent=change.params["percent"],
                rounding=change.params["rounding"],
                options=change.params["options"],
                undo=change.undoes_id is not None,
            )


def _reversed(change: BulkChange) -> list[dict[str, Any]]:
    """What the change has really changed, back to front; one query where dishes are unpublished."""
    items = [{**item, "before": item["after"], "after": item["before"]} for item in change.changed_items()]
    if change.action == BulkAction.PRICES:
        for item in items:
            item["options"] = [[key, title, after, before] for key, title, before, after in item["options"]]
    elif change.action == BulkAction.PUBLISH:
        drafts = {dish.pk: draft_of(dish) for dish in DishPage.objects.filter(pk__in=[item["page"] for item in items])}
        for item in items:
            item["draft"] = drafts.get(item["page"])
    return items
