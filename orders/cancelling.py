"""A guest takes an order back, as long as nobody has accepted it."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from menu_pages.models import PlacePage
from orders.models import Order, OrderStatus
from orders.order_states import move_order


class TooLateError(Exception):
    """The order is in somebody's hands already; the message is for the guest."""


def cancel_own_order(*, place: PlacePage, visit_id: str, public_id: str) -> Order | None:
    """Cancel the visit's own order; None when it has no such order. Cancelling again changes nothing.

    Raises `TooLateError` once it is accepted or acknowledged: of a guest and a desk at once, the one who gets the
    order's lock wins. Locks the order, then the place's desk row.
    """
    with transaction.atomic():
        own = Order.objects.select_for_update(of=("self",)).filter(place=place, visit_id=visit_id)
        order: Order | None = own.filter(public_id=public_id).first()
        if order is None or order.status == OrderStatus.CANCELLED:
            return order
        if not may_cancel(order):
            raise TooLateError(gettext("The order is accepted already. To change it, call the waiter."))
        with translation.override(place.record.language):
            reason = gettext("Cancelled by the guest")
        return move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=None, reason=reason)


def may_cancel(order: Order) -> bool:
    return order.status == OrderStatus.SENT and order.acknowledged_at is None
