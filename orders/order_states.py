"""An order's steps: the one table of allowed moves and the one function that makes them."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from orders import desk_state
from orders.models import Order, OrderStatus, OrderStatusChange, OutboxKind
from orders.outbox.events import tell

S = OrderStatus
ALLOWED: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    S.SENT: (S.ACCEPTED, S.CANCELLED),
    S.ACCEPTED: (S.PREPARING, S.READY, S.CANCELLED),
    S.PREPARING: (S.READY, S.CANCELLED),
    S.READY: (S.SERVED, S.CANCELLED),
    S.SERVED: (S.CLOSED,),
    S.CLOSED: (),
    S.CANCELLED: (),
}
# A slip of the thumb is taken back within this time.
UNDO_FOR = datetime.timedelta(seconds=15)


class IllegalMoveError(ValueError):
    """The order is not in a state this step leads from; the message is for the staff."""


def next_step(status: str) -> OrderStatus | None:
    """What one tap on the desk does."""
    steps = ALLOWED[OrderStatus(status)]
    return steps[0] if steps else None


def move_order(*, order_id: int, to: OrderStatus, by: User | None, reason: str = "") -> Order:
    """Make a step, or take the last one back while `UNDO_FOR` lasts; raises `IllegalMoveError`.

    The same step twice (two desks, a double tap) is one step. Locks the order, then the place's desk row.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        before = OrderStatus(order.status)
        if before == to:
            return order
        if to not in ALLOWED[before] and not _is_undo(order, to):
            raise IllegalMoveError(
                gettext("Order %(number)d is already “%(status)s”.")
                % {"number": order.number, "status": order.get_status_display()}
            )
        if to == S.CANCELLED and not reason:
            raise IllegalMoveError(gettext("Say why the order is cancelled: the guest will read it."))
        order.status = to
        order.cancel_reason = reason if to == S.CANCELLED else ""
        if by is not None:
            # Any answer of the staff acknowledges the order; taking the first one back takes that back too.
            order.acknowledged_at = None if to == S.SENT else order.acknowledged_at or timezone.now()
        order.save(update_fields=("status", "cancel_reason", "acknowledged_at"))
        OrderStatusChange.objects.create(
            place_id=order.place_id, order=order, before=before, after=to, by=by, reason=reason
        )
        tell(OutboxKind.ORDER_MOVED, place_id=order.place_id, order=order, before=before, after=to)
        desk_state.announce(order.place_id)
    return order


def acknowledge_order(*, order_id: int) -> Order:
    """Somebody of the staff has seen an order that was accepted by itself. Doing it again changes nothing."""
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        if order.acknowledged_at is None and order.status != S.CANCELLED:
            order.acknowledged_at = timezone.now()
            order.save(update_fields=("acknowledged_at",))
            desk_state.announce(order.place_id)
    return order


def forget_acknowledgement(*, order_id: int) -> Order:
    """Take back what `acknowledge_order` did, while `UNDO_FOR` lasts; raises `IllegalMoveError` afterwards.

    An order that somebody has moved since stays acknowledged.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        if order.acknowledged_at is None:
            return order
        moved = order.history.filter(by__isnull=False).exists()
        if moved or timezone.now() - order.acknowledged_at > UNDO_FOR:
            raise IllegalMoveError(
                gettext("Order %(number)d is already “%(status)s”.")
                % {"number": order.number, "status": order.get_status_display()}
            )
        order.acknowledged_at = None
        order.save(update_fields=("acknowledged_at",))
        desk_state.announce(order.place_id)
    return order


def close_served(*, seating_id: int, by: User) -> None:
    """Close the table's served orders; the caller announces it. Locks the orders in their own order."""
    served = Order.objects.filter(seating_id=seating_id, status=S.SERVED)
    orders = list(served.select_for_update(of=("self",)).order_by("pk"))
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(status=S.CLOSED)
    OrderStatusChange.objects.bulk_create(
        [
            OrderStatusChange(place_id=order.place_id, order=order, before=S.SERVED, after=S.CLOSED, by=by)
            for order in orders
        ]
    )


def _is_undo(order: Order, to: OrderStatus) -> bool:
    if order.status == S.CLOSED:
        return False  # its table is closed with it, and tables do not open again
    last = order.history.order_by("-pk").first()
    return last is not None and last.before == to and timezone.now() - last.at <= UNDO_FOR
