"""A guest at a table: the code's link starts or continues a visit; the desk or another place's code ends it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.prepared import Prepared
from menu_pages.models import PlacePage, Table
from orders import desk_state, event_log
from orders.guest_state import MAX_PLACES, VISITS, GuestState
from orders.models import EndReason, EventKind, Seating, TableSharing, Visit
from orders.saving import save_visit
from orders.sessions import SessionStore

_visit = Prepared(lambda public_id: Visit.objects.select_related("table", "seating").filter(public_id=public_id))
_lock = Prepared(lambda pk: Seating.objects.select_for_update(of=("self",)).filter(pk=pk))
_lock_if_free = Prepared(lambda pk: Seating.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk))


def open_table_link(*, session: SessionStore, place: PlacePage, number: int, key: str) -> Visit | None:
    """Check the table's key and seat the guest there; None when the key is not (or no longer) the table's.

    A guest already at the table goes on with their visit; a guest who was reading or sitting elsewhere in the place
    takes the basket along; visits in other places end and are saved. The session gets a new key, so that one planted
    in the browser before is worth nothing.
    """
    table = Table.objects.in_use().filter(place=place, number=number).first()
    if table is None or not table.accepts(key):
        return None
    if _sits_at(GuestState.of(session, place.pk), table):
        visit = find_visit(GuestState.of(session, place.pk))
        if visit is not None and visit.table_id == table.pk and why_not_order(visit) == "":
            return visit
    with session.locked(new_key=True) as data:
        end_other_visits(data, place)
        state = GuestState.of(data, place.pk)
        visit = find_visit(state)
        if state is not None and visit is not None and visit.ended_at:
            # What the guest had not sent when the table was closed stays in the books as not sent.
            save_visit(state=state, visit=visit)
        if state is None or visit is None or visit.ended_at:
            visit = Visit.objects.create(place=place)
            state = GuestState.start(data, place.pk, visit.public_id)
        seating = _sit_down(visit, table)
        state.sit_at(table.number, table.label, seating.pk)
        event_log.record(state, EventKind.PAGE_OPENED, theme=place.record.theme)
    return visit


def current_or_new(data: dict[str, Any], place: PlacePage) -> GuestState:
    """The guest's state in this place inside a locked session; a reader without a table gets a visit of their own."""
    state = GuestState.of(data, place.pk)
    if state is None:
        leave_oldest_visit(data)
        visit = Visit.objects.create(place=place)
        state = GuestState.start(data, place.pk, visit.public_id)
    return state


def find_visit(state: GuestState | None) -> Visit | None:
    if state is None:
        return None
    visit: Visit | None = _visit.first(public_id=state.visit_id)
    return visit


def lock_seating(visit: Visit | None, *, wait: bool = True) -> bool:
    """Hold the visit's seating until the transaction ends, and see whether it was closed meanwhile.

    False when somebody else holds it and we would not wait.
    """
    if visit is None or visit.seating_id is None:
        return True
    seating = (_lock if wait else _lock_if_free).first(pk=visit.seating_id)
    if seating is None:
        return False
    visit.seating = seating
    return True


def why_not_order(visit: Visit | None) -> str:
    """ "" when the visit may order, else the reason: "no_table", "ended" or "code_replaced"."""
    if visit is None or visit.table is None or visit.seating is None:
        return "no_table"
    if visit.ended_at or visit.seating.closed_at:
        return "ended"
    if not visit.table.in_use or visit.seated_at is None or visit.seated_at < visit.table.key_issued_at:
        return "code_replaced"
    return ""


def open_seating(table: Table) -> Seating:
    """The party at the table now; the first scan opens one and tells the desks."""
    seating, created = Seating.objects.get_or_create(table=table, closed_at=None, defaults={"place_id": table.place_id})
    if created:
        desk_state.announce(table.place_id)
    return seating


def _sit_down(visit: Visit, table: Table) -> Seating:
    seating = open_seating(table)
    if visit.seating_id != seating.pk:
        # Another party: what the last one let the guest see is no business of this one.
        visit.sharing, visit.sharing_at, visit.sharing_questions = TableSharing.NO, None, 0
    visit.table = table
    visit.seating = seating
    visit.seated_at = timezone.now()
    visit.save(update_fields=("table", "seating", "seated_at", "sharing", "sharing_at", "sharing_questions"))
    return seating


def end_other_visits(data: dict[str, Any], place: PlacePage) -> None:
    """Another place's code was opened: what the guest left elsewhere is saved and over."""
    for place_id in [key for key in data.get(VISITS, {}) if key != str(place.pk)]:
        _end_visit(data, place_id, EndReason.OTHER_PLACE)


def leave_oldest_visit(data: dict[str, Any]) -> None:
    """Of the many places a guest has looked into, the oldest gives way; its basket is saved and its visit over."""
    places = list(data.get(VISITS, {}))
    if len(places) >= MAX_PLACES:
        _end_visit(data, places[0], EndReason.EXPIRED)


def end_visits(visits: Any, reason: EndReason) -> None:
    with transaction.atomic():
        visits.filter(ended_at=None).update(ended_at=timezone.now(), end_reason=reason)


def _end_visit(data: dict[str, Any], place_id: str, reason: EndReason) -> None:
    state = GuestState(data[VISITS].pop(place_id))
    visit = find_visit(state)
    if visit is not None:
        save_visit(state=state, visit=visit)
        end_visits(Visit.objects.filter(pk=visit.pk), reason)


def _sits_at(state: GuestState | None, table: Table) -> bool:
    return state is not None and state.table_number == table.number
