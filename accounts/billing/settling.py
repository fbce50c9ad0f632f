"""Paying through a provider, and finding out what became of it.

Every step that asks a provider stands between two transactions: the first commits what is about to be asked, with its
idempotence key, the second takes over the answer. Whatever is lost in between, `settle_payment` finds out; it may run
any number of times, and several times at once.
"""

import datetime
import logging
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.billing.invoices import invoice_to_pay
from accounts.billing.models import Payment, PaymentState, Subscription
from accounts.billing.payments import new_payment, request_of, take_over
from accounts.billing.providers import chosen_provider, provider_named
from accounts.billing.providers.base import (
    KEY_LIVES,
    MANUAL,
    AnswerLostError,
    PaymentFacts,
    Provider,
    ProviderError,
    RefusedError,
)
from accounts.billing.refunds import settle_refunds
from accounts.billing.states import lock
from accounts.billing.subscriptions import BillingRefusedError

logger = logging.getLogger(__name__)

# The saved method is charged on the last day of the paid time, so that it does not run out meanwhile.
CHARGED_BEFORE = datetime.timedelta(days=1)


def start_payment(*, subscription_id: int, save_method: bool = False) -> Payment:
    """Begin to pay the next period; a payment already under way is gone on with. The result's `confirmation_url` is
    where the payer goes, empty for a bank transfer and while the provider does not answer.

    Raises `BillingRefusedError`.
    """
    payment = _prepare(subscription_id, save_method=save_method)
    return payment if payment.confirmation_url else settle_payment(payment_id=payment.pk)


def charge_saved_method(*, subscription_id: int) -> Payment | None:
    """Renew by the saved method: invoice, then payment, then the provider; None where one is under way or was made.

    Whether it is time is asked under the lock: whoever found it due may have found it so before another's charge.
    """
    with transaction.atomic():
        subscription = lock(subscription_id)
        if not is_charged(subscription, timezone.now()):
            return None
        invoice = invoice_to_pay(subscription_id=subscription_id)
        # One attempt a day, and none beside another.
        day_ago = timezone.now() - datetime.timedelta(hours=23)
        busy = invoice.payments.filter(state=PaymentState.PENDING).exists()
        if busy or invoice.payments.filter(created_at__gt=day_ago).exclude(method_id="").exists():
            return None
        payment = new_payment(
            invoice, provider=subscription.method_provider, method_id=subscription.method_id, save_method=False
        )
    return settle_payment(payment_id=payment.pk)


def is_charged(subscription: Subscription, now: datetime.datetime) -> bool:
    """Whether the saved method pays for the next period now."""
    wanted = subscription.method_id and subscription.renews and not subscription.rests
    return bool(wanted) and now >= subscription.paid_until - CHARGED_BEFORE


def settle_payment(*, payment_id: int) -> Payment:
    """Bring a payment and its refunds in line with their provider; without an answer they stay as they are.

    Asks the provider once or a few times, so never call it inside a transaction.
    """
    try:
        return read_payment(payment_id=payment_id)
    except ProviderError as lost:
        payment = Payment.objects.get(pk=payment_id)
        logger.warning("Payment %s is not settled yet: %s", payment.public_id, lost)
        Payment.objects.filter(pk=payment_id).update(checked_at=timezone.now())
        return payment


def read_payment(*, payment_id: int) -> Payment:
    """As `settle_payment`, but raises `ProviderError` when the provider gives no answer."""
    payment = Payment.objects.get(pk=payment_id)
    provider = provider_named(payment.provider)
    refunded = Decimal(0)
    # Of a transfer there is nobody to ask; its refunds may wait to be written down all the same.
    if payment.provider != MANUAL or not payment.provider_id:
        facts = _ask(provider, payment)
        payment = take_over(payment_id=payment_id, facts=facts)
        refunded = facts.refunded
    settle_refunds(payment=payment, provider=provider, known_refunded=refunded)
    payment.refresh_from_db()
    return payment


def give_up(*, payment_id: int) -> Payment:
    """Cancel a payment under way, as far as the provider lets us. Raises `BillingRefusedError` where it does not."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != PaymentState.PENDING:
        return payment
    try:
        provider = provider_named(payment.provider)
        if not payment.provider_id:
            payment = _found_or_none_made(provider, payment)
            if payment.state != PaymentState.PENDING:
                return payment
        facts = provider.cancel(payment.provider_id, key=f"cancel-{payment.idempotency_key}")
    except RefusedError as refused:
        if refused.code != "not_found":
            raise BillingRefusedError(
                _("The provider does not cancel it now: it ends by itself when its time is over.")
            ) from refused
        facts = PaymentFacts(payment.provider_id, "cancelled", "not_found", payment.amount, payment.currency)
    except AnswerLostError as lost:
        raise BillingRefusedError(_("The provider does not answer. Try again a little later.")) from lost
    return take_over(payment_id=payment_id, facts=facts)


def _prepare(subscription_id: int, *, save_method: bool) -> Payment:
    with transaction.atomic():
        lock(subscription_id)
        invoice = invoice_to_pay(subscription_id=subscription_id)
        under_way: Payment | None = invoice.payments.filter(state=PaymentState.PENDING).first()
        return under_way or new_payment(invoice, provider=chosen_provider().name, save_method=save_method)


def _found_or_none_made(provider: Provider, payment: Payment) -> Payment:
    """A payment whose answer was lost may have been made all the same, and paid."""
    facts = provider.find(request_of(payment)) or _nothing_came(payment, "never_made")
    return take_over(payment_id=payment.pk, facts=facts)


def _ask(provider: Provider, payment: Payment) -> PaymentFacts:
    if payment.provider_id:
        return provider.fetch(payment.provider_id)
    request = request_of(payment)
    if timezone.now() - payment.created_at < KEY_LIVES:
        try:
            return provider.create(request)
        except RefusedError as refused:
            # Of a repeated request it may only mean that the key or its request is not liked any more.
            found = provider.find(request) if payment.checked_at else None
            return found or _nothing_came(payment, refused.code)
    return provider.find(request) or _nothing_came(payment, "never_made")


def _nothing_came(payment: Payment, reason: str) -> PaymentFacts:
    return PaymentFacts("", "cancelled", reason, payment.amount, payment.currency, reason=reason)
