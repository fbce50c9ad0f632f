"""What a provider's word of a payment means for us: its state, the ledger, the invoice, the paid time."""

import logging

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.billing import ledger
from accounts.billing.models import Invoice, InvoiceState, Payment, PaymentState, ReminderKind, Subscription
from accounts.billing.providers.base import MANUAL, NewPayment, PaymentFacts
from accounts.billing.reminders import write_letter
from accounts.billing.states import lock
from accounts.billing.subscriptions import BillingRefusedError, extend
from accounts.models import User

logger = logging.getLogger(__name__)

# The owner took the saved method back at the provider: charging it again is useless.
METHOD_GONE = ("permission_revoked", "card_expired", "invalid_card_number", "payment_method_restricted")

TRANSITIONS: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.PENDING: frozenset({PaymentState.SUCCEEDED, PaymentState.CANCELLED}),
    # We gave it up, the provider knows better.
    PaymentState.CANCELLED: frozenset({PaymentState.SUCCEEDED}),
    PaymentState.SUCCEEDED: frozenset({PaymentState.PARTLY_REFUNDED, PaymentState.REFUNDED}),
    PaymentState.PARTLY_REFUNDED: frozenset({PaymentState.REFUNDED}),
    PaymentState.REFUNDED: frozenset(),
}


def take_over(*, payment_id: int, facts: PaymentFacts, by: User | None = None) -> Payment:
    """Write down what the provider says of a payment. Said twice, or late, it changes nothing more.

    A sum that is not the one asked for is not believed.
    """
    subscription_id = Payment.objects.values_list("invoice__subscription_id", flat=True).get(pk=payment_id)
    with transaction.atomic():
        subscription = lock(subscription_id)
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        payment.checked_at = timezone.now()
        if facts.status == "pending" and payment.state != PaymentState.PENDING:
            return payment  # An older answer, come late.
        if facts.status == "cancelled" and payment.paid:
            return payment  # It was paid while we gave it up.
        if facts.status != "cancelled" and (facts.amount, facts.currency) != (payment.amount, payment.currency):
            logger.error("Payment %s: the provider speaks of another sum.", payment.public_id)
            payment.raw_status = "another_sum"
            payment.save(update_fields=["raw_status", "checked_at"])
            return payment
        payment.provider_id = facts.provider_id or payment.provider_id
        payment.raw_status = facts.raw_status
        payment.confirmation_url = facts.confirmation_url if facts.status == "pending" else ""
        payment.save(update_fields=["provider_id", "raw_status", "confirmation_url", "checked_at"])
        if facts.status == "succeeded":
            _succeed(subscription, payment, facts, by)
        elif facts.status == "cancelled":
            _fail(subscription, payment, facts.reason)
    return payment


def mark_paid(*, invoice_id: int, by: User) -> Payment:
    """The operator has seen a bank transfer of an open invoice arrive. Raises `BillingRefusedError`."""
    subscription_id = Invoice.objects.values_list("subscription_id", flat=True).get(pk=invoice_id)
    with transaction.atomic():
        lock(subscription_id)
        invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
        if invoice.state != InvoiceState.OPEN:
            raise BillingRefusedError(_("This invoice is not waiting for money."))
        payment = invoice.payments.filter(state=PaymentState.PENDING).first()
        if payment is None:
            payment = new_payment(invoice, provider=MANUAL)
        elif payment.provider != MANUAL:
            raise BillingRefusedError(_("It is being paid online just now. Ask the provider first."))
        facts = PaymentFacts(payment.public_id, "succeeded", "marked_paid", payment.amount, payment.currency)
        return take_over(payment_id=payment.pk, facts=facts, by=by)


def request_of(payment: Payment) -> NewPayment:
    """What the provider is asked for: always the same for the same payment."""
    return NewPayment(
        reference=payment.public_id,
        key=str(payment.idempotency_key),
        amount=payment.amount,
        currency=payment.currency,
        description=payment.description,
        return_url=settings.SITE_URL + reverse("billing:back", args=[payment.public_id]),
        created_at=payment.created_at,
        method_id=payment.method_id,
        save_method=payment.save_method,
    )


def new_payment(invoice: Invoice, *, provider: str, method_id: str = "", save_method: bool = False) -> Payment:
    payment: Payment = Payment.objects.create(
        organisation_id=invoice.organisation_id,
        invoice=invoice,
        provider=provider,
        amount=invoice.total,
        currency=invoice.currency,
        description=f"menusite {invoice.number}",
        method_id=method_id,
        save_method=save_method,
    )
    return payment


def _succeed(subscription: Subscription, payment: Payment, facts: PaymentFacts, by: User | None) -> None:
    if PaymentState.SUCCEEDED not in TRANSITIONS[PaymentState(payment.state)]:
        return
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("plan").get(pk=payment.invoice_id)
    payment.state, payment.settled_at, payment.reason = PaymentState.SUCCEEDED, timezone.now(), ""
    payment.surplus = invoice.state != InvoiceState.OPEN
    payment.save(update_fields=["state", "settled_at", "reason", "surplus"])
    ledger.charged(payment, by=by)
    if facts.method_id and payment.save_method:
        subscription.method_provider, subscription.method_id = payment.provider, facts.method_id
        subscription.method_title = facts.method_title
        subscription.save(update_fields=["method_provider", "method_id", "method_title"])
    if payment.surplus:
        # Paid twice, or after it was withdrawn: the operator decides, the ledger has it already.
        logger.error("Payment %s came for an invoice that was not open.", payment.public_id)
        return
    invoice.state, invoice.paid_at = InvoiceState.PAID, payment.settled_at
    extend(subscription=subscription, invoice=invoice, paid_at=payment.settled_at, by_itself=bool(payment.method_id))
    invoice.save(update_fields=["state", "paid_at", "period_start", "period_end"])


def _fail(subscription: Subscription, payment: Payment, reason: str) -> None:
    if PaymentState.CANCELLED not in TRANSITIONS[PaymentState(payment.state)]:
        return
    payment.state, payment.reason, payment.settled_at = PaymentState.CANCELLED, reason[:200], timezone.now()
    payment.save(update_fields=["state", "reason", "settled_at"])
    if not payment.method_id:
        return
    if reason in METHOD_GONE and subscription.method_id == payment.method_id:
        subscription.method_provider = subscription.method_id = subscription.method_title = ""
        subscription.save(update_fields=["method_provider", "method_id", "method_title"])
    write_letter(subscription, ReminderKind.PAYMENT_FAILED, about=subscription.paid_until)
