"""Opening a table by a tap of the staff, and closing it: the party leaves, its bill is done."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from menu_pages.models import Table
from orders import desk_state, leaving
from orders.calls import close_calls
from orders.models import EndReason, Order, Seating
from orders.order_states import close_served
from orders.visits import end_visits, open_seating


class OrdersOpenError(ValueError):
    """The table still waits for something; the message is for the staff."""


def open_by_staff(*, table: Table, by: User) -> Seating:
    """Open the table, or vouch for the party whose scan opened it; a table the staff have opened stays as it is."""
    with transaction.atomic():
        seating = Seating.objects.select_for_update(of=("self",)).get(pk=open_seating(table).pk)
        if seating.closed_at is None and seating.opened_by_id is None:
            seating.opened_by = by
            seating.save(update_fields=("opened_by",))
            desk_state.announce(seating.place_id)
    return seating


def close_seating(*, seating_id: int, by: User) -> Seating:
    """Close the table: served orders are closed, calls are done, visits end, and what their guests had not sent is
    saved as such.

    Raises `OrdersOpenError` while an order is on its way. Closing a closed seating changes nothing.
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
        close_calls(seating_id=seating.pk, by=by)
        seating.closed_at = timezone.now()
        seating.closed_by = by
        seating.save(update_fields=("closed_at", "closed_by"))
        end_visits(seating.visits.all(), EndReason.TABLE_CLOSED)
        desk_state.announce(seating.place_id)
        transaction.on_commit(partial(leaving.save_seating, seating.pk))
    return seating
