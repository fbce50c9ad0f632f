"""Forgetting what everyone has heard of."""

import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from orders.models import Delivery, OutboxEvent

BATCH = 500
# A day's run ends somewhere; the rest goes the next day.
MOST_BATCHES = 2000


def kept_since(now: datetime.datetime) -> datetime.datetime:
    """Events handed on before this moment may be gone."""
    return now - datetime.timedelta(days=settings.KEEP_OUTBOX_DAYS)


def forget_old_events(*, now: datetime.datetime | None = None) -> int:
    """Delete events handed on before `kept_since` of which nothing waits any more, with their deliveries; returns
    how many events. Each batch is a transaction of its own."""
    handed = OutboxEvent.objects.filter(relayed_at__lte=kept_since(now or timezone.now()))
    old = handed.exclude(Exists(Delivery.objects.waiting().filter(event_id=OuterRef("pk")))).order_by("pk")
    gone = 0
    for _batch in range(MOST_BATCHES):
        pks = list(old.values_list("pk", flat=True)[:BATCH])
        if not pks:
            break
        OutboxEvent.objects.filter(pk__in=pks).delete()
        gone += len(pks)
    return gone
