"""Orders that nobody has acknowledged in time: once, louder on the desks and told to those who run the place."""

import datetime

from django.db import transaction
from django.utils import timezone

from orders import desk_state
from orders.models import Order, OutboxKind
from orders.outbox.events import tell

# Orders waiting at once on the whole installation; those beyond are looked at once these are told of.
MOST_WAITING = 5000


def escalate_unanswered(*, now: datetime.datetime | None = None) -> int:
    """Mark the orders whose time is over and tell of each, once, however many of these run; returns how many. One
    query when there is nothing to tell."""
    now = now or timezone.now()
    waiting = Order.objects.unacknowledged().filter(escalated_at__isnull=True, sent_at__lt=now).order_by("sent_at")
    rows = waiting.values_list("pk", "sent_at", "place__record__acknowledge_seconds")[:MOST_WAITING]
    # Not by the database: SQLite multiplies no durations.
    late = [order_id for order_id, sent_at, seconds in rows if now - sent_at >= datetime.timedelta(seconds=seconds)]
    return sum(_escalate(order_id, now) for order_id in late)


def _escalate(order_id: int, now: datetime.datetime) -> bool:
    """Each order is a transaction of its own; one that a desk is just answering is looked at again next time."""
    with transaction.atomic():
        waiting = Order.objects.unacknowledged().filter(pk=order_id, escalated_at__isnull=True)
        order = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if order is None:
            return False
        order.escalated_at = now
        order.save(update_fields=("escalated_at",))
        tell(OutboxKind.ORDER_UNANSWERED, place_id=order.place_id, order=order)
        desk_state.announce(order.place_id)
    return True
