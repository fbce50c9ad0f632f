"""What the tests do to a subscription, in the words of those who do it."""

import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.billing.models import LedgerEntry, Payment, Subscription, SubscriptionState
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import settle_payment, start_payment


def pay(subscription: Subscription, sandbox: Sandbox, *, save_method: bool = False) -> Payment:
    """The owner pays on the provider's page and comes back."""
    payment = start_payment(subscription_id=subscription.pk, save_method=save_method)
    sandbox.shop.confirm(payment.provider_id, pay=True)
    return settle_payment(payment_id=payment.pk)


def put(subscription: Subscription, state: str, paid_until: datetime.datetime | None = None) -> Subscription:
    """Have the subscription in this state, however it came there."""
    end = paid_until or timezone.now()
    Subscription.objects.filter(pk=subscription.pk).update(state=SubscriptionState(state), paid_until=end)
    subscription.refresh_from_db()
    return subscription


def ledger(payment: Payment) -> list[tuple[str, Decimal]]:
    return [(entry.kind, entry.amount) for entry in LedgerEntry.objects.filter(payment=payment)]
