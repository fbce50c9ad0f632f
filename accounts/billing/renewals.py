"""What the hourly task does: whatever time, providers and letters have left to be done, any number of times."""

import datetime
import logging
from collections.abc import Callable

from django.db.models import F, Q
from django.utils import timezone

from accounts.billing.models import Payment, PaymentState, Refund, RefundState, Subscription, SubscriptionState
from accounts.billing.providers.base import MANUAL
from accounts.billing.reminders import remind
from accounts.billing.settling import charge_saved_method, is_charged, settle_payment
from accounts.billing.subscriptions import BillingRefusedError, move_by_time
from accounts.billing.webhooks import look_into, unprocessed_events

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500
LIVING = (SubscriptionState.TRIAL, SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE)


def settle_everything() -> None:
    """Notices not looked into, payments and refunds under way; one that fails keeps no other waiting."""
    for event_id in unprocessed_events():
        _guarded(look_into, event_id=event_id)
    pending = (
        Payment.objects.filter(state=PaymentState.PENDING)
        .exclude(provider=MANUAL)
        .order_by(F("checked_at").asc(nulls_first=True))
    )
    refunding = Refund.objects.filter(state=RefundState.PENDING).order_by("created_at")
    ids = list(pending.values_list("pk", flat=True)[:MOST_AT_ONCE])
    ids += list(refunding.values_list("payment_id", flat=True)[:MOST_AT_ONCE])
    for payment_id in dict.fromkeys(ids):
        _guarded(settle_payment, payment_id=payment_id)


def follow_the_clock() -> None:
    """Renew what ends today, move the states, remind; every subscription on its own."""
    now = timezone.now()
    soon = now + datetime.timedelta(days=7)
    due = Subscription.objects.filter(Q(state__in=LIVING), paid_until__lte=soon).order_by("paid_until", "pk")
    for subscription in due.iterator(chunk_size=200):
        if is_charged(subscription, now):
            _guarded(charge_saved_method, subscription_id=subscription.pk)
        _guarded(move_by_time, subscription_id=subscription.pk)
        _guarded(remind, subscription_id=subscription.pk)


def _guarded(job: Callable[..., object], **arguments: object) -> None:
    """One organisation's trouble is written down and is nobody else's."""
    try:
        job(**arguments)
    except BillingRefusedError as refused:
        logger.warning("%s %s: %s", job, arguments, refused)
    except Exception:
        logger.exception("%s %s failed", job, arguments)
