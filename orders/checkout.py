"""Sending an order: one transaction makes the order, its lines, its history and tells the desks."""

import hashlib
import json
import re

from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.prepared import Prepared, insert
from menu_pages.models import PlacePage
from menu_pages.vocabulary import Acceptance
from orders import desk_state
from orders.guest_state import GuestState
from orders.models import Order, OrderStatus, OrderStatusChange, OutboxKind, Visit
from orders.outbox.events import tell
from orders.quoting import Quote, accept, quote
from orders.saving import save_events, write_lines
from orders.sessions import SessionStore
from orders.signals import order_sent
from orders.stations import assign_stations
from orders.visits import find_visit, lock_seating, why_not_order

# PostgreSQL's word for a lock that did not come in time.
LOCK_NOT_AVAILABLE = "55P03"
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_earlier = Prepared(lambda place_id, key: Order.objects.filter(place=place_id, idempotency_key=key))
_waiting = Prepared(
    lambda place_id, visit_id, table_id: (
        Order.objects.unacknowledged()
        .filter(Q(visit=visit_id) | Q(table=table_id), place=place_id)
        .values_list("visit", "table")
    )
)


class OrderRefusedError(Exception):
    """Nothing was sent. `message` is for the guest, `status` the HTTP answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def send_order(*, session: SessionStore, place: PlacePage, idempotency_key: str, comment: str = "") -> Order | Quote:
    """Send the guest's basket as one order, at the server's prices.

    When the menu has changed under the basket nothing is sent: the quote says what changed, the basket has taken it
    over, and sending again agrees to it.

    The same key again gives the order it made. Raises `OrderRefusedError`: 400 without a usable key, 403 when this
    guest may not order, 404 for a key of somebody else, 409 for an empty basket, 422 when the key has already sent
    another basket, 429 when too many orders wait for an answer, 503 when too many are being sent. Locks: the session,
    the seating, the place's desk row.
    """
    if not KEY.fullmatch(idempotency_key):
        raise OrderRefusedError(gettext("The order could not be read. Open the basket and send it again."), 400)
    with session.locked() as data:
        state = GuestState.of(data, place.pk)
        visit = find_visit(state)
        earlier: Order | None = _earlier.first(place_id=place.pk, key=idempotency_key)
        if earlier is not None:
            return _sent_before(earlier, state, comment)
        _wait_for_the_table(place, visit)
        _refuse_unless_welcome(place, visit)
        if state is None or visit is None or not state.basket:
            raise OrderRefusedError(gettext("The basket is empty. Choose something first."), 409)
        _refuse_too_large(place, state)
        _refuse_too_many(place, visit)
        quoted = quote(place, state)
        # Also words: what the kitchen reads is what the menu calls it now.
        accept(state, quoted)
        if quoted.changed:
            return quoted
        return _create(place, state, visit, idempotency_key, comment, quoted)


def refusal(place: PlacePage, visit: Visit | None) -> str:
    """Why this guest may not order now, in words for them; "" when they may."""
    if not place.record.takes_orders:
        return gettext("This place is not taking orders here now. Please call the waiter.")
    reason = why_not_order(visit)
    if reason == "ended":
        return gettext("This table has been closed. Scan the code on the table to order again.")
    if reason == "code_replaced":
        return gettext("The code of this table has been replaced. Scan the new one to order.")
    if reason:
        return gettext("To send an order, scan the code on your table: this is how the waiter knows where to bring it.")
    return ""


def _wait_for_the_table(place: PlacePage, visit: Visit | None) -> None:
    """Lock the party's seating. Who is refused anyway does not stand in the queue, so that a flood makes none."""
    if visit is None or lock_seating(visit, wait=False):
        return
    if why_not_order(visit) == "":
        _refuse_too_many(place, visit)
    try:
        lock_seating(visit)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        message = gettext("Too many orders are being sent from this table at this moment. Press “send” again.")
        raise OrderRefusedError(message, 503) from error


def _refuse_unless_welcome(place: PlacePage, visit: Visit | None) -> None:
    message = refusal(place, visit)
    if message:
        raise OrderRefusedError(message, 403)


def _refuse_too_large(place: PlacePage, state: GuestState) -> None:
    most = place.record.max_order_items
    if state.count > most:
        raise OrderRefusedError(
            ngettext(
                "An order may hold %(count)d piece at most. Send a part of it first.",
                "An order may hold %(count)d pieces at most. Send a part of it first.",
                most,
            )
            % {"count": most},
            400,
        )


def _refuse_too_many(place: PlacePage, visit: Visit) -> None:
    """The kitchen sees at most so many orders that nobody has answered: a bored guest fills no more than that.

    While the table's seating is locked its orders do not grow. One query.
    """
    waiting = _waiting.all(place_id=place.pk, visit_id=visit.public_id, table_id=visit.table_id)
    if sum(visit_id == visit.public_id for visit_id, _table in waiting) >= place.record.max_unconfirmed_by_visit:
        raise OrderRefusedError(
            gettext("Your earlier orders are still waiting for the staff. Once they are accepted you can send more."),
            429,
        )
    if sum(table_id == visit.table_id for _visit, table_id in waiting) >= place.record.max_unconfirmed_by_table:
        raise OrderRefusedError(
            gettext("This table’s earlier orders are still waiting for the staff. Wait a little, or call the waiter."),
            429,
        )


def _sent_before(earlier: Order, state: GuestState | None, comment: str) -> Order:
    """A retry gets its first order; never another guest's, and never in place of a new basket."""
    if state is None or earlier.visit_id != state.visit_id:
        raise OrderRefusedError(gettext("The order could not be found. Open the basket and send it again."), 404)
    if state.basket and payload_digest(state, comment) != earlier.payload_sha256:
        raise OrderRefusedError(
            gettext(
                "This page was out of date: order %(number)d is already sent. Check what you added since and send it."
            )
            % {"number": earlier.number},
            422,
        )
    return earlier


def payload_digest(state: GuestState, comment: str) -> str:
    lines = [[line["dish"], line["options"], line["note"], line["quantity"]] for line in state.basket.values()]
    return hashlib.sha256(json.dumps([lines, comment], ensure_ascii=False).encode()).hexdigest()


def _create(place: PlacePage, state: GuestState, visit: Visit, key: str, comment: str, quoted: Quote) -> Order:
    on_the_menu = {line.dish.pk for line in quoted.lines if line.dish}
    lines = save_events(state=state, visit=visit, known_dishes=on_the_menu)
    assign_stations(place.pk, lines)
    now = timezone.now()
    accepted = accepted_at_once(place, visit)
    day = place.record.business_day(now)
    order = Order(
        place=place,
        table=visit.table,
        table_label=str(visit.table.number) if visit.table else "",
        seating=visit.seating,
        visit=visit,
        status=OrderStatus.ACCEPTED if accepted else OrderStatus.SENT,
        business_day=day,
        number=desk_state.next_number(place.pk, day),
        comment=comment,
        currency=place.record.currency,
        purchases=len(lines),
        items=sum(line.quantity for line in lines),
        total=sum(line.line_total for line in lines),
        sent_at=now,
        idempotency_key=key,
        payload_sha256=payload_digest(state, comment),
    )
    insert([order])
    for line in lines:
        line.order = order
    write_lines(visit=visit, lines=lines)
    steps = [OrderStatus.SENT, *([OrderStatus.ACCEPTED] if accepted else [])]
    insert(
        [
            OrderStatusChange(place=place, order=order, before=before, after=after, at=now)
            for before, after in zip(["", *steps], steps, strict=False)
        ]
    )
    tell(OutboxKind.ORDER_SENT, place_id=place.pk, order=order)
    order_sent.send(sender=Order, order=order)
    state.empty_basket()
    return order


def accepted_at_once(place: PlacePage, visit: Visit) -> bool:
    """Whether the order needs no hand: accepted, and still to be acknowledged."""
    if place.record.acceptance == Acceptance.AT_ONCE_SEATED:
        return visit.seating is not None and visit.seating.opened_by_id is not None
    return place.record.acceptance == Acceptance.AT_ONCE
