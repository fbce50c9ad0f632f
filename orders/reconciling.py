"""The daily reconciliation: each place's ended business day is counted and kept, and what is missing is told once."""

import datetime
import logging
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.letters.sending import send_later
from accounts.models import Membership
from accounts.roles import Role
from menu_pages.models import PlaceRecord
from orders.missing_orders import count_day, in_words
from orders.models import Order, Reconciliation

logger = logging.getLogger(__name__)

# Days that ended while the worker was away are made up for.
LOOKED_BACK = datetime.timedelta(days=7)
MOST_OWNERS = 20


def reconcile_ended_days(*, now: datetime.datetime | None = None) -> int:
    """Reconcile every day of the last week that has ended by its place's clock and was not counted; returns how many.
    Two queries when there is none."""
    days = list(_waiting_days(now or timezone.now()))
    for record, day in days:
        reconcile_day(record=record, day=day)
    return len(days)


def reconcile_day(*, record: PlaceRecord, day: datetime.date) -> Reconciliation:
    """Count the day, now and as often as one likes; keeps the last count. The owners get one letter a day at most, the
    first time that something is missing; the log gets each count's problems.
    """
    count = count_day(record, day)
    now = timezone.now()
    with transaction.atomic():
        Reconciliation.objects.get_or_create(place_id=record.pk, day=day)
        kept: Reconciliation = Reconciliation.objects.select_for_update(of=("self",)).get(place_id=record.pk, day=day)
        kept.figures, kept.problems, kept.checked_at = count.figures, count.problems, now
        tells = bool(count.problems) and kept.told_at is None
        kept.told_at = now if tells else kept.told_at
        kept.save(update_fields=("figures", "problems", "checked_at", "told_at"))
        if tells:
            _write_to_owners(record, kept)
    if kept.problems:
        with translation.override("en"):
            words = "; ".join(in_words(problem) for problem in kept.problems)
        logger.error("The orders of place %s on %s do not add up: %s", record.pk, day, words)
    return kept


def last_ended_day(record: PlaceRecord, now: datetime.datetime | None = None) -> datetime.date:
    return record.business_day(now or timezone.now()) - datetime.timedelta(days=1)


def _waiting_days(now: datetime.datetime) -> Iterator[tuple[PlaceRecord, datetime.date]]:
    since = now.date() - LOOKED_BACK
    counted = set(Reconciliation.objects.filter(day__gte=since).values_list("place_id", "day"))
    orders = Order.objects.sent_here().filter(sent_at__gte=now - LOOKED_BACK, business_day__gte=since).order_by()
    waiting = set(orders.values_list("place_id", "business_day").distinct()) - counted
    if not waiting:
        return
    records = PlaceRecord.objects.select_related("place", "organisation").in_bulk(
        {place_id for place_id, _day in waiting}
    )
    for place_id, day in sorted(waiting):
        if day <= last_ended_day(records[place_id], now):
            yield records[place_id], day


def _write_to_owners(record: PlaceRecord, kept: Reconciliation) -> None:
    owners = Membership.objects.filter(
        organisation_id=record.organisation_id, role=Role.OWNER, user__is_active=True
    ).select_related("user")
    for membership in owners.order_by("pk")[:MOST_OWNERS]:
        language = membership.user.language or settings.LANGUAGE_CODE
        with translation.override(language):
            problems = [in_words(problem) for problem in kept.problems]
        send_later(
            template="orders/letters/reconciliation.html",
            to=membership.user.email,
            language=language,
            context={
                "place": record.place,
                "day": kept.day,
                "figures": kept.figures,
                "problems": problems,
                "link": settings.SITE_URL + reverse("orders_order_modeladmin_index") + f"?place={record.place.slug}",
            },
        )
