"""The relay: makes deliveries of events and carries them out. Any number of relays may run at once, and any of them may
die at any moment: what it had not finished is another's."""

import datetime
import time

from django.db import transaction
from django.utils import timezone

from orders.models import Delivery, OutboxEvent
from orders.outbox.delivering import deliver_next
from orders.outbox.fanning_out import deliveries_of

EVENTS_AT_ONCE = 100
# The worker of one machine does one thing at a time, and others wait behind this one.
RUN_SECONDS = 20.0


def run_relay() -> int:
    """Hand on what waits and deliver what is due, for `RUN_SECONDS` at most; returns how many deliveries were tried."""
    ends = time.monotonic() + RUN_SECONDS
    tried = 0
    hand_on_events()
    while time.monotonic() < ends and deliver_next():
        tried += 1
        # An order sent while a slow receiver was asked prints before the next of those.
        hand_on_events()
    return tried


def hand_on_events() -> int:
    """Make the deliveries of every event that has none yet; returns how many events. Outside it all: one query."""
    handed = 0
    while OutboxEvent.objects.filter(relayed_at__isnull=True).exists():
        batch = _hand_on_batch()
        handed += batch
        if batch < EVENTS_AT_ONCE:
            break
    return handed


def waiting_since() -> datetime.datetime | None:
    """The time of the oldest event that nobody has handed on; None when none waits. One query."""
    waiting = OutboxEvent.objects.filter(relayed_at__isnull=True).order_by("pk")
    return waiting.values_list("at", flat=True).first()


def _hand_on_batch() -> int:
    """Deliveries and the mark on the event are one transaction; events that another relay holds are left to it."""
    with transaction.atomic():
        waiting = OutboxEvent.objects.filter(relayed_at__isnull=True).select_related("place__record").order_by("pk")
        events = list(waiting.select_for_update(skip_locked=True, of=("self",))[:EVENTS_AT_ONCE])
        if events:
            Delivery.objects.bulk_create(deliveries_of(events), ignore_conflicts=True)
            handed = OutboxEvent.objects.filter(pk__in=[event.pk for event in events])
            handed.update(relayed_at=timezone.now())
    return len(events)
