"""Sending an order: one transaction makes the order, its lines, its history and tells the desks."""

import hashlib
import json
import re

from django.utils import timezone
from django.utils.translation import gettext

from menu_pages.models import PlacePage
from orders import desk_state
from orders.guest_state import GuestState
from orders.models import BasketLine, Order, OrderStatus, OrderStatusChange, Visit
from orders.quoting import Quote, accept, quote
from orders.saving import save_visit
from orders.sessions import SessionStore
from orders.visits import find_visit, lock_seating, why_not_order

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


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
    another basket. Locks: the session, the seating, the place's desk row.
    """
    if not KEY.fullmatch(idempotency_key):
        raise OrderRefusedError(gettext("The order could not be read. Open the basket and send it again."), 400)
    with session.locked() as data:
        state = GuestState.of(data, place.pk)
        visit = find_visit(state)
        earlier = Order.objects.filter(place=place, idempotency_key=idempotency_key).first()
        if earlier is not None:
            return _sent_before(earlier, state, comment)
        lock_seating(visit)
        _refuse_unless_welcome(place, visit)
        if state is None or visit is None or not state.basket:
            raise OrderRefusedError(gettext("The basket is empty. Choose something first."), 409)
        quoted = quote(place, state)
        # Also words: what the kitchen reads is what the menu calls it now.
        accept(state, quoted)
        if quoted.changed:
            return quoted
        return _create(place, state, visit, idempotency_key, comment)


def refusal(place: PlacePage, visit: Visit | None) -> str:
    """Why this guest may not order now, in words for them; "" when they may."""
    if not place.record.ordering_enabled:
        return gettext("This place is not taking orders here now. Please call the waiter.")
    reason = why_not_order(visit)
    if reason == "ended":
        return gettext("This table has been closed. Scan the code on the table to order again.")
    if reason == "code_replaced":
        return gettext("The code of this table has been replaced. Scan the new one to order.")
    if reason:
        return gettext("To send an order, scan the code on your table: this is how the waiter knows where to bring it.")
    return ""


def _refuse_unless_welcome(place: PlacePage, visit: Visit | None) -> None:
    message = refusal(place, visit)
    if message:
        raise OrderRefusedError(message, 403)


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


def _create(place: PlacePage, state: GuestState, visit: Visit, key: str, comment: str) -> Order:
    lines = save_visit(state=state, visit=visit)
    now = timezone.now()
    day = place.record.business_day(now)
    order = Order.objects.create(
        place=place,
        table=visit.table,
        seating=visit.seating,
        visit=visit,
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
    BasketLine.objects.filter(pk__in=[line.pk for line in lines]).update(order=order)
    OrderStatusChange.objects.create(place=place, order=order, after=OrderStatus.SENT, at=now)
    state.empty_basket()
    return order
