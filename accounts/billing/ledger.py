"""Writing the ledger, and what it sums up to."""

from decimal import Decimal

from django.db.models import Sum

from accounts.billing.models import LedgerEntry, LedgerKind, Payment, Refund
from accounts.models import User


def charged(payment: Payment, *, by: User | None = None) -> LedgerEntry:
    return _write(payment, LedgerKind.CHARGED, payment.amount, by=by)


def refunded(refund: Refund) -> LedgerEntry:
    return _write(refund.payment, LedgerKind.REFUNDED, -refund.amount, refund=refund, note=refund.note, by=refund.by)


def charged_back(payment: Payment, amount: Decimal, *, reference: str, note: str, by: User | None) -> LedgerEntry:
    return _write(payment, LedgerKind.CHARGED_BACK, -amount, reference=reference, note=note, by=by)


def balance(payment: Payment) -> Decimal:
    """What is left of a payment with us: charged, less refunds and chargebacks. One query."""
    total: Decimal | None = LedgerEntry.objects.filter(payment=payment).aggregate(total=Sum("amount"))["total"]
    return total if total is not None else Decimal(0)


def _write(payment: Payment, kind: LedgerKind, amount: Decimal, *, by: User | None, **fields: object) -> LedgerEntry:
    entry: LedgerEntry = LedgerEntry.objects.create(
        organisation_id=payment.organisation_id,
        payment=payment,
        kind=kind,
        amount=amount,
        currency=payment.currency,
        by=by,
        **fields,
    )
    return entry
