"""Forgetting what guests did, once their figures are made.

The figures of visits are counted from guest events, and the last days again each night. So before a place's events go,
its figures are brought up to date and its days are sealed: nobody counts a sealed day again, from what is no longer
there.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from analytics import visit_facts
from analytics.dialect import take_lock
from analytics.models import SealedDays
from menu_pages.models import PlaceRecord
from orders.models import GuestEvent

BATCH = 5000


def forget_guest_events(*, now: datetime.datetime | None = None) -> int:
    """Delete the events of visits that began more than `KEEP_GUEST_EVENT_DAYS` ago; returns how many went.

    A place at a time, its events in batches, each a transaction of its own: who is killed in between has deleted
    nothing of a day that is not sealed, and the next run goes on from there.
    """
    now = now or timezone.now()
    old = now - datetime.timedelta(days=settings.KEEP_GUEST_EVENT_DAYS)
    waiting = GuestEvent.objects.filter(visit__started_at__lt=old).order_by().values("place_id").distinct()
    return sum(_forget(record, old, now) for record in PlaceRecord.objects.filter(pk__in=waiting).order_by("pk"))


def _forget(record: PlaceRecord, old: datetime.datetime, now: datetime.datetime) -> int:
    before = record.business_day(old)
    visit_facts.bring_up_to_date([record.pk], before=record.business_day(now))
    with transaction.atomic():
        take_lock()
        sealed, _new = SealedDays.objects.get_or_create(place_id=record.pk, defaults={"before": before})
        # A period made longer brings nothing back.
        SealedDays.objects.filter(pk=sealed.pk, before__lt=before).update(before=before)
    beginning = datetime.datetime.combine(before, record.day_starts_at, record.zone)
    events = GuestEvent.objects.filter(place_id=record.pk, visit__started_at__lt=beginning).order_by("pk")
    gone = 0
    while pks := list(events.values_list("pk", flat=True)[:BATCH]):
        gone += GuestEvent.objects.filter(pk__in=pks).delete()[0]
    return gone
