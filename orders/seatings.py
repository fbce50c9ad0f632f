"""Closing a table: the party leaves, its bill is done."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from orders import desk_state
from orders.models import EndReason, Order, Seating
from orders.order_states import close_served
from orders.visits import end_visits


class OrdersOpenError(ValueError):
    """The table still waits for something; the message is for the staff."""


def close_seating(*, seating_id: int, by: User) -> Seating:
    """Close the table: served orders are closed, visits end. Raises `OrdersOpenError` while an order is on its way.

    Closing a closed seating changes nothing.
    """
    with transaction.atomic():
        seating = Seating.objects.select_for_update(of=("self",)).get(pk=seating_id)
        if seating.closed_at:
            return seating
        waiting = Order.objects.on_desk().filter(seating=seating).count()
        if waiting:
            raise OrdersOpenError(
                ngettext(
                    "%(count)d order of this table is still on its way. Serve or cancel it first.",
                    "%(count)d orders of this table are still on their way. Serve or cancel them first.",
                    waiting,
                )
                % {"count": waiting}
            )
        close_served(seating_id=seating.pk, by=by)
        seating.closed_at = timezone.now()
        seating.closed_by = by
        seating.save(update_fields=("closed_at", "closed_by"))
        end_visits(seating.visits.all(), EndReason.TABLE_CLOSED)
        desk_state.announce(seating.place_id)
    return seating
