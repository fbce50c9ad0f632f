"""Notices of providers: kept once, answered at once, then a reason to ask the provider itself."""

import datetime
import logging

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.billing.models import Payment, WebhookEvent
from accounts.billing.providers.base import Notice, ProviderError
from accounts.billing.settling import read_payment

logger = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
MOST_EVENTS = 500


def keep(*, provider: str, notice: Notice) -> WebhookEvent | None:
    """Write a notice down; None for one about a payment that is not ours. Delivered again, it is counted, not kept
    again."""
    payments = Payment.objects.filter(provider=provider)
    payment = payments.filter(provider_id=notice.payment_id).first()
    if payment is None and notice.reference:
        # The answer that would have told us its number was lost.
        payment = payments.filter(public_id=notice.reference, provider_id="").first()
    if payment is None:
        return None
    with transaction.atomic():
        event: WebhookEvent
        event, made = WebhookEvent.objects.get_or_create(
            provider=provider, event=notice.event, object_id=notice.object_id, defaults={"payment": payment}
        )
        if not made:
            WebhookEvent.objects.filter(pk=event.pk).update(deliveries=F("deliveries") + 1)
    return event


def look_into(*, event_id: int) -> None:
    """Ask the provider about the payment a notice is about; done once, done."""
    event = WebhookEvent.objects.get(pk=event_id)
    if event.processed_at is not None:
        return
    try:
        read_payment(payment_id=event.payment_id)
    except ProviderError as lost:
        logger.warning("A notice of %s waits for the next round: %s", event.provider, lost)
        return
    WebhookEvent.objects.filter(pk=event_id).update(processed_at=timezone.now())


def unprocessed_events() -> list[int]:
    """Ids of notices that wait, of the last days; older ones are the reconciliation's."""
    since = timezone.now() - datetime.timedelta(days=3)
    waiting = WebhookEvent.objects.filter(processed_at=None, received_at__gte=since).order_by("received_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:MOST_EVENTS])
