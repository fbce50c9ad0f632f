"""A guest goes: the page is closed or left, the guest is done, staff close the table, nothing happens for long, the
session runs out. Each door leads to the save function; none of them makes an order."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from menu_pages.models import PlacePage
from orders import event_log
from orders.guest_state import FINISHED, VISITS, GuestState, has_unsaved, remember_finished, states_of
from orders.models import EndReason, EventKind, Session, Visit
from orders.saving import save_visit
from orders.sessions import SessionStore, describe
from orders.visits import end_visits, find_visit

# Sessions looked into before the next are asked for.
BATCH = 200


def leave_page(*, session: SessionStore, place: PlacePage, searched: str = "") -> None:
    """The guest's page went away, for good or for the next one. One query when there is nothing to save.

    `searched` is what the guest had looked for there and not found.
    """
    if not (searched or has_unsaved(session)):
        return
    with session.locked() as data:
        state = GuestState.of(data, place.pk)
        if state is not None and searched:
            event_log.record(state, EventKind.NOTHING_FOUND, words=searched)
        _save_all(data)


def finish_visit(*, session: SessionStore, place: PlacePage) -> None:
    """The guest is done here: what they had not sent is saved as not sent, and the visit is over; one at a table may
    still be rated. Without a visit there is nothing to do."""
    with session.locked() as data:
        state = GuestState.of(data, place.pk)
        visit = find_visit(state)
        if state is None or visit is None:
            return
        save_visit(state=state, visit=visit)
        end_visits(Visit.objects.filter(pk=visit.pk), EndReason.FINISHED)
        del data[VISITS][str(place.pk)]
        if visit.seating_id:
            remember_finished(data, place.pk, visit.public_id)


def save_seating(seating_id: int) -> None:
    """Save the visits of a party whose table was closed. Each session is a transaction of its own."""
    _save_each(_keys(Session.objects.filter(seating_id=seating_id, unsaved=True)))


def save_idle(*, now: datetime.datetime | None = None) -> int:
    """Save the visits in which nothing has happened for `VISIT_IDLE_MINUTES`; returns how many sessions it looked into.

    Any number of these may run at once: a session that another one holds is left to it.
    """
    since = (now or timezone.now()) - datetime.timedelta(minutes=settings.VISIT_IDLE_MINUTES)
    return _save_each(_keys(Session.objects.filter(unsaved=True, active_at__lte=since)))


def end_expired(*, now: datetime.datetime | None = None) -> int:
    """Save what expired sessions still hold, end their visits and delete them; returns how many went."""
    expired = Session.objects.filter(expire_date__lte=now or timezone.now())
    return sum(_end(key) for key in _keys(expired))


def forget_over(*, now: datetime.datetime | None = None) -> int:
    """Delete the sessions of guests whose every visit ended `KEEP_GUEST_SESSION_HOURS` ago or earlier, saving what
    they still hold; returns how many went.

    A session somebody signed in with stays until it expires, and so does one that never held a visit.
    """
    before = (now or timezone.now()) - datetime.timedelta(hours=settings.KEEP_GUEST_SESSION_HOURS)
    quiet = Session.objects.filter(user=None, active_at__lte=before)
    gone, batch = 0, list[str]()
    for key in _keys(quiet):
        batch.append(key)
        if len(batch) == BATCH:
            gone += _forget_over(batch, before)
            batch = []
    return gone + _forget_over(batch, before)


def _forget_over(keys: list[str], before: datetime.datetime) -> int:
    """Two queries, and those of each session that goes."""
    visits_of: dict[str, list[str]] = {}
    for row in Session.objects.filter(pk__in=keys):
        data = SessionStore().decode(row.session_data)
        visits_of[row.pk] = [*(state.visit_id for state in states_of(data)), *data.get(FINISHED, {}).values()]
    known = {public_id for visits in visits_of.values() for public_id in visits}
    # A party that has risen ends its guests' visits, whether or not their phones ever say so.
    lasting = Visit.objects.filter(public_id__in=known).filter(
        Q(ended_at__gt=before)
        | Q(ended_at=None) & (Q(seating=None) | Q(seating__closed_at=None) | Q(seating__closed_at__gt=before))
    )
    last = set(lasting.values_list("public_id", flat=True))
    return sum(_end(key) for key, visits in visits_of.items() if visits and last.isdisjoint(visits))


def _keys(sessions: Any) -> Iterator[str]:
    """Keys in batches, each key once: one that is held by somebody else is left for the next time."""
    last = ""
    while batch := list(sessions.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


def _save_each(keys: Iterable[str]) -> int:
    return sum(_save(key) for key in keys)


def _save(key: str) -> bool:
    with transaction.atomic():
        row, data = _held(key)
        if row is None:
            return False
        _save_all(data)
        row.session_data = SessionStore().encode(data)
        describe(row, data)
        # Not the time of the guest's last action: this was none.
        row.save(update_fields=("session_data", "unsaved"))
    return True


def _end(key: str) -> bool:
    with transaction.atomic():
        row, data = _held(key)
        if row is None:
            return False
        _save_all(data)
        visits = [state.visit_id for state in states_of(data)]
        if visits:
            end_visits(Visit.objects.filter(public_id__in=visits), EndReason.EXPIRED)
        row.delete()
    return True


def _held(key: str) -> tuple[Session | None, dict[str, Any]]:
    row = Session.objects.select_for_update(skip_locked=True).filter(pk=key).first()
    return row, SessionStore().decode(row.session_data) if row else {}


def _save_all(data: dict[str, Any]) -> None:
    for state in states_of(data):
        if state.unsaved:
            visit = find_visit(state)
            if visit is None:
                # Its visit is gone from the tables: nothing can be saved for it, now or later.
                state.data["log"] = []
                state.mark_saved()
            else:
                save_visit(state=state, visit=visit)
