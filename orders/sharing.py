"""Several guests at a table: who of them sees the whole table's orders and bill.

The guest who sat down first does; the others once that guest or the staff let them.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from menu_pages.models import PlacePage
from orders import desk_state
from orders.guest_state import GuestState
from orders.models import TableSharing, Visit
from orders.sessions import SessionStore
from orders.visits import find_visit, lock_seating, why_not_order

# A guest who was refused may ask once more, and not at once.
ASK_AGAIN_AFTER = datetime.timedelta(minutes=5)
MOST_QUESTIONS = 2
# Questions shown at once; more guests than that hardly sit at one table.
MOST_SHOWN = 20


class SharingRefusedError(Exception):
    """Nothing was changed. `message` is for the reader, `status` the HTTP answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def first_visit_id(seating_id: int) -> int | None:
    """The guest who sat down first, whether still there or not. One query."""
    return _in_order(seating_id).values_list("pk", flat=True).first()


def is_first(visit: Visit) -> bool:
    return visit.seating_id is not None and visit.pk == first_visit_id(visit.seating_id)


def sees_table(visit: Visit | None, first_id: int | None) -> bool:
    """Whether the guest sees what the whole table ordered: at an open table, let in or first. No query."""
    if visit is None or why_not_order(visit) == "ended" or visit.seating_id is None:
        return False
    return visit.pk == first_id or visit.sharing == TableSharing.GRANTED


def may_ask(visit: Visit) -> bool:
    """Whether this guest, not the table's first, may ask now."""
    if visit.sharing == TableSharing.NO:
        return True
    waited = visit.sharing_at is not None and timezone.now() - visit.sharing_at >= ASK_AGAIN_AFTER
    return visit.sharing == TableSharing.REFUSED and waited and visit.sharing_questions < MOST_QUESTIONS


def asking_visits(seating_id: int) -> list[Visit]:
    """Guests of the table who wait for an answer, in the order they sat down. One query."""
    return list(_in_order(seating_id).filter(sharing=TableSharing.ASKED, ended_at=None)[:MOST_SHOWN])


def ask_to_see_table(*, session: SessionStore, place: PlacePage) -> Visit:
    """Ask the table's first guest and the staff; asking again while nobody has answered changes nothing.

    Raises `SharingRefusedError`: 403 away from an open table, 429 when the guest was refused and may not ask (yet).
    Locks: the session, the seating, the place's desk row.
    """
    with session.locked() as data:
        visit = find_visit(GuestState.of(data, place.pk))
        lock_seating(visit)
        if visit is None or why_not_order(visit):
            raise SharingRefusedError(gettext("To see the table’s orders, scan the code on your table."), 403)
        visit.refresh_from_db(fields=("sharing", "sharing_at", "sharing_questions"))
        waits_or_sees = visit.sharing in (TableSharing.ASKED, TableSharing.GRANTED)
        if waits_or_sees or is_first(visit):
            return visit
        if not may_ask(visit):
            raise SharingRefusedError(gettext("The table’s orders stay with those who ordered for now."), 429)
        _become(visit, TableSharing.ASKED, questions=visit.sharing_questions + 1)
        desk_state.announce(place.pk)
    return visit


def answer_sharing(
    *, visit_id: int, granted: bool, by_visit: Visit | None = None, by_user: User | None = None
) -> Visit:
    """Let a guest see the table's orders, or not; an answer can be changed while the table is open.

    Staff may let a guest in unasked; the table's first guest answers those who asked. Raises `SharingRefusedError`:
    403 for anybody else, 409 when the table is closed. Locks the seating, then the place's desk row.
    """
    with transaction.atomic():
        visit = Visit.objects.select_related("seating").get(pk=visit_id)
        lock_seating(visit)
        if visit.seating is None or visit.seating.closed_at or visit.ended_at:
            raise SharingRefusedError(gettext("This guest has left the table."), 409)
        visit.refresh_from_db(fields=("sharing", "sharing_questions"))
        if by_user is None and not _may_answer(by_visit, visit):
            raise SharingRefusedError(gettext("Only the guest who came first, or the staff, can allow this."), 403)
        answer = TableSharing.GRANTED if granted else TableSharing.REFUSED
        if visit.sharing != answer:
            _become(visit, answer, questions=visit.sharing_questions)
            desk_state.announce(visit.place_id)
    return visit


def _may_answer(by_visit: Visit | None, visit: Visit) -> bool:
    if by_visit is None or by_visit.ended_at or by_visit.seating_id != visit.seating_id or by_visit.pk == visit.pk:
        return False
    return visit.sharing != TableSharing.NO and is_first(by_visit)


def _become(visit: Visit, sharing: TableSharing, *, questions: int) -> None:
    visit.sharing = sharing
    visit.sharing_at = timezone.now()
    visit.sharing_questions = questions
    visit.save(update_fields=("sharing", "sharing_at", "sharing_questions"))


def _in_order(seating_id: int) -> Any:
    return Visit.objects.filter(seating_id=seating_id).order_by("seated_at", "pk")
