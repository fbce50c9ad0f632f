"""Money on its way back: refunds we make, refunds made at the provider's desk, chargebacks the bank tells of."""

import logging
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.billing import ledger
from accounts.billing.models import (
    Invoice,
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Subscription,
)
from accounts.billing.payments import TRANSITIONS
from accounts.billing.providers import provider_named
from accounts.billing.providers.base import (
    KEY_LIVES,
    AnswerLostError,
    Provider,
    ProviderError,
    RefundFacts,
    RefusedError,
)
from accounts.billing.states import lock
from accounts.billing.subscriptions import BillingRefusedError, take_back
from accounts.models import User

logger = logging.getLogger(__name__)


def refund_payment(*, payment_id: int, amount: Decimal, note: str, by: User) -> Refund:
    """Give back a part or the whole of what is left of a payment. Asks the provider.

    Raises `BillingRefusedError` for more than is left, after a chargeback too, and while another refund is under way.
    """
    with transaction.atomic():
        _subscription, payment = _lock(payment_id)
        if _under_way(payment):
            raise BillingRefusedError(_("Another refund of this payment is under way. Wait until it is settled."))
        left = ledger.balance(payment)
        if not payment.paid or not 0 < amount <= left:
            raise BillingRefusedError(_("There is not that much left of this payment to give back."))
        refund = Refund.objects.create(
            organisation_id=payment.organisation_id, payment=payment, amount=amount, note=note, by=by
        )
    try:
        settle_refund(refund=refund, provider=provider_named(payment.provider))
    except ProviderError as lost:
        logger.warning("Refund %s is not settled yet: %s", refund.pk, lost)
    refund.refresh_from_db()
    return refund


def settle_refunds(*, payment: Payment, provider: Provider, known_refunded: Decimal) -> None:
    """Bring a payment's refunds in line with its provider, which says that `known_refunded` went back in all; raises
    `AnswerLostError`."""
    for refund in payment.refunds.filter(state=RefundState.PENDING).select_related("payment"):
        settle_refund(refund=refund, provider=provider)
    if known_refunded > _refunded(payment):
        _take_over_foreign(payment, provider)


def settle_refund(*, refund: Refund, provider: Provider) -> None:
    """Ask for the refund, again with the same key; raises `AnswerLostError` and leaves it under way."""
    payment = refund.payment
    try:
        if timezone.now() - refund.created_at < KEY_LIVES:
            facts = provider.refund(
                payment.provider_id,
                amount=refund.amount,
                currency=payment.currency,
                key=str(refund.idempotency_key),
                note=refund.note,
            )
        else:
            facts = _looked_for(refund, provider)
    except RefusedError as refused:
        facts = RefundFacts("", "cancelled", refund.amount, refused.code)
    take_over_refund(refund_id=refund.pk, facts=facts)


def take_over_refund(*, refund_id: int, facts: RefundFacts) -> None:
    """Write down what the provider says of a refund; said again, it changes nothing."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        subscription, payment = _lock(payment_id)
        refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
        if refund.state != RefundState.PENDING:
            return
        refund.payment = payment
        refund.provider_id = facts.provider_id or refund.provider_id
        if facts.status == "pending":
            refund.save(update_fields=["provider_id"])
            return
        refund.state = RefundState.SUCCEEDED if facts.status == "succeeded" else RefundState.CANCELLED
        refund.settled_at = timezone.now()
        refund.note = ": ".join(filter(None, (refund.note, facts.reason)))[:200]
        refund.save(update_fields=["provider_id", "state", "settled_at", "note"])
        if refund.state == RefundState.SUCCEEDED:
            ledger.refunded(refund)
            _mark(payment)
            _end_unpaid_time(subscription, payment, refund.by)


def record_chargeback(*, payment_id: int, amount: Decimal, reference: str, note: str, by: User) -> LedgerEntry:
    """The bank took money back from us, whatever we had refunded before; the same `reference` counts once.

    Providers do not tell of it through their API: the operator writes down the bank's letter. Raises
    `BillingRefusedError` for a payment that never came and for more than it was.
    """
    with transaction.atomic():
        subscription, payment = _lock(payment_id)
        earlier = LedgerEntry.objects.filter(payment=payment, kind=LedgerKind.CHARGED_BACK)
        known: LedgerEntry | None = earlier.filter(reference=reference).first()
        if known:
            return known
        before = -(earlier.aggregate(total=Sum("amount"))["total"] or Decimal(0))
        if not payment.paid or not 0 < amount <= payment.amount - before:
            raise BillingRefusedError(_("A chargeback cannot be larger than the payment."))
        entry = ledger.charged_back(payment, amount, reference=reference, note=note, by=by)
        _end_unpaid_time(subscription, payment, by)
    return entry


def _lock(payment_id: int) -> tuple[Subscription, Payment]:
    subscription = lock(Payment.objects.values_list("invoice__subscription_id", flat=True).get(pk=payment_id))
    return subscription, Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)


def _under_way(payment: Payment) -> bool:
    return payment.refunds.filter(state=RefundState.PENDING).exists()


def _mark(payment: Payment) -> None:
    to = PaymentState.REFUNDED if _refunded(payment) >= payment.amount else PaymentState.PARTLY_REFUNDED
    if to in TRANSITIONS[PaymentState(payment.state)]:
        payment.state = to
        payment.save(update_fields=["state"])


def _end_unpaid_time(subscription: Subscription, payment: Payment, by: User | None) -> None:
    """A payment of which nothing is left pays for nothing; a surplus one never did."""
    if ledger.balance(payment) <= 0 and not payment.surplus:
        take_back(subscription=subscription, invoice=Invoice.objects.get(pk=payment.invoice_id), by=by)


def _refunded(payment: Payment) -> Decimal:
    total = payment.refunds.filter(state=RefundState.SUCCEEDED).aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


def _looked_for(refund: Refund, provider: Provider) -> RefundFacts:
    """Our refund among the provider's, once its key is forgotten there."""
    known = set(refund.payment.refunds.exclude(pk=refund.pk).values_list("provider_id", flat=True))
    for facts in provider.refunds(refund.payment.provider_id):
        if facts.provider_id == refund.provider_id:
            return facts
        if not refund.provider_id and facts.amount == refund.amount and facts.provider_id not in known:
            return facts
    return RefundFacts("", "cancelled", refund.amount, "never_made")


def _take_over_foreign(payment: Payment, provider: Provider) -> None:
    """Refunds made at the provider's own desk; raises `AnswerLostError` while one of ours is under way."""
    for facts in provider.refunds(payment.provider_id):
        if facts.status != "succeeded":
            continue
        with transaction.atomic():
            _lock(payment.pk)
            # Under the lock, since a refund of ours may have been made meanwhile: this may be it, and first comes its
            # own answer.
            if _under_way(payment):
                raise AnswerLostError("a refund of ours is under way")
            refund, _made = Refund.objects.get_or_create(
                payment=payment,
                provider_id=facts.provider_id,
                defaults={"organisation_id": payment.organisation_id, "amount": facts.amount},
            )
            take_over_refund(refund_id=refund.pk, facts=facts)
