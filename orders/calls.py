"""A table asks for somebody: guests call, take a call back; staff answer it step by step."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from menu_pages.models import PlacePage
from orders import desk_state, event_log
from orders.guest_state import GuestState
from orders.models import CallKind, CallStatus, EventKind, OutboxKind, Payment, Seating, Visit, WaiterCall
from orders.outbox.events import tell
from orders.sessions import SessionStore
from orders.visits import find_visit, lock_seating, why_not_order

C = CallStatus
# Steps may be left out: whoever is quick goes at once.
ALLOWED: dict[CallStatus, tuple[CallStatus, ...]] = {
    C.ASKED: (C.SEEN, C.ON_THE_WAY, C.DONE),
    C.SEEN: (C.ON_THE_WAY, C.DONE),
    C.ON_THE_WAY: (C.DONE,),
    C.DONE: (),
    C.CANCELLED: (),
}
# The column that says when a step was made.
MADE_AT = {C.SEEN: "seen_at", C.ON_THE_WAY: "on_the_way_at", C.DONE: "done_at"}
# A slip of the thumb is taken back within this time.
UNDO_FOR = datetime.timedelta(seconds=15)
# `max_calls_by_table` counts within this time.
LIMIT_WITHIN = datetime.timedelta(minutes=10)


class CallRefusedError(Exception):
    """Nobody was called. `message` is for the guest, `status` the HTTP answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class IllegalCallMoveError(ValueError):
    """The call is not in a state this step leads from; the message is for the staff."""


def ask_call(
    *, session: SessionStore, place: PlacePage, kind: CallKind, payment: Payment | None = None, note: str = ""
) -> WaiterCall:
    """Call the waiter to the guest's table, or for the bill.

    While a call of the kind is open at the table, whoever asked, this is that call; a note or a payment given now
    takes the place of the earlier one. Raises `CallRefusedError`: 403 when this guest may not call, 429 after too
    many calls from the table. Locks: the session, the seating, the place's desk row.
    """
    with session.locked() as data:
        state = GuestState.of(data, place.pk)
        visit = find_visit(state)
        lock_seating(visit)
        message = call_refusal(place, visit)
        if message or state is None or visit is None:
            raise CallRefusedError(message, 403)
        given = {"note": note, "payment": payment.value if payment and kind == CallKind.BILL else ""}
        call = WaiterCall.objects.open().filter(table_id=visit.table_id, kind=kind).first()
        if call is not None:
            return _told_more(call, {name: value for name, value in given.items() if value})
        _refuse_too_many(place, visit)
        call = WaiterCall.objects.create(
            place=place, table=visit.table, seating=visit.seating, visit=visit, kind=kind, **given
        )
        event_log.record(state, EventKind.WAITER_CALLED, call=kind.value, payment=given["payment"])
        told = {"call": call.public_id, "table": state.table_number, "call_kind": kind.value, **given}
        tell(OutboxKind.CALL_ASKED, place_id=place.pk, **told)
        desk_state.announce(place.pk)
    return call


def call_refusal(place: PlacePage, visit: Visit | None) -> str:
    """Why this guest may not call now, in words for them; "" when they may."""
    if not place.record.takes_orders:
        return gettext("The waiter cannot be called from the phone here now. Please wave to them.")
    reason = why_not_order(visit)
    if reason == "ended":
        return gettext("This table has been closed. Scan the code on the table to call the waiter again.")
    if reason == "code_replaced":
        return gettext("The code of this table has been replaced. Scan the new one to call the waiter.")
    if reason:
        return gettext("To call the waiter, scan the code on your table: this is how they know where to go.")
    return ""


def cancel_call(*, session: SessionStore, place: PlacePage, public_id: str) -> WaiterCall:
    """The guest who called does not need anybody any more; a call that is over already stays as it is.

    Raises `CallRefusedError` (404) for a call that is not this guest's own.
    """
    with session.locked() as data:
        visit = find_visit(GuestState.of(data, place.pk))
        lock_seating(visit)
        own = WaiterCall.objects.select_for_update(of=("self",)).filter(visit=visit, public_id=public_id)
        call = own.first() if visit is not None else None
        if call is None:
            raise CallRefusedError(gettext("This call could not be found."), 404)
        if ALLOWED[CallStatus(call.status)]:
            call.status = C.CANCELLED
            call.done_at = timezone.now()
            call.save(update_fields=("status", "done_at"))
            desk_state.announce(place.pk)
    return call


def next_call_step(status: str) -> CallStatus | None:
    """What one tap on the desk does."""
    steps = ALLOWED[CallStatus(status)]
    return steps[0] if steps else None


def move_call(*, call_id: int, to: CallStatus, by: User) -> WaiterCall:
    """Make a step, or take the last one back while `UNDO_FOR` lasts; raises `IllegalCallMoveError`.

    The same step twice (two desks, a double tap) is one step. Locks the seating, the call, the place's desk row.
    """
    with transaction.atomic():
        seating_id = WaiterCall.objects.values_list("seating_id", flat=True).get(pk=call_id)
        seating = Seating.objects.select_for_update(of=("self",)).get(pk=seating_id)
        call = WaiterCall.objects.select_for_update(of=("self",)).get(pk=call_id)
        if call.status == to:
            return call
        if to in ALLOWED[CallStatus(call.status)]:
            setattr(call, MADE_AT[to], timezone.now())
            call.by = by
        elif seating.closed_at is None and to == _step_before(call):
            _refuse_if_called_again(call)
            setattr(call, MADE_AT[CallStatus(call.status)], None)
            call.by = None if to == C.ASKED else by
        else:
            raise IllegalCallMoveError(
                gettext("This call is already “%(status)s”.") % {"status": call.get_status_display()}
            )
        call.status = to
        call.save(update_fields=("status", "by", *MADE_AT.values()))
        desk_state.announce(call.place_id)
    return call


def close_calls(*, seating_id: int, by: User) -> None:
    """The table is closed, nobody waits there any more; the caller holds the seating and announces it."""
    WaiterCall.objects.open().filter(seating_id=seating_id).update(status=C.DONE, done_at=timezone.now(), by=by)


def _told_more(call: WaiterCall, given: dict[str, str]) -> WaiterCall:
    changed = [name for name, value in given.items() if getattr(call, name) != value]
    if changed:
        for name in changed:
            setattr(call, name, given[name])
        call.save(update_fields=changed)
        desk_state.announce(call.place_id)
    return call


def _refuse_too_many(place: PlacePage, visit: Visit) -> None:
    """The table's seating is locked by now, so its calls do not grow meanwhile."""
    since = timezone.now() - LIMIT_WITHIN
    recent = WaiterCall.objects.filter(table_id=visit.table_id, asked_at__gt=since).count()
    if recent >= place.record.max_calls_by_table:
        raise CallRefusedError(
            gettext("This table has called many times in the last minutes. Wait a little, or wave to the waiter."), 429
        )


def _step_before(call: WaiterCall) -> CallStatus | None:
    """The step that undo leads to; none when the last one was too long ago."""
    column = MADE_AT.get(CallStatus(call.status))
    made_at = getattr(call, column) if column else None
    if made_at is None or timezone.now() - made_at > UNDO_FOR:
        return None
    if call.status == C.DONE and call.on_the_way_at:
        return C.ON_THE_WAY
    if call.status != C.SEEN and call.seen_at:
        return C.SEEN
    return C.ASKED


def _refuse_if_called_again(call: WaiterCall) -> None:
    newer = WaiterCall.objects.open().filter(table_id=call.table_id, kind=call.kind).exclude(pk=call.pk)
    if call.status == C.DONE and newer.exists():
        raise IllegalCallMoveError(gettext("The table has called again meanwhile."))
