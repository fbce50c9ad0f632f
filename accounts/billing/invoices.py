"""Making invoices, withdrawing them, and what they say."""

import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.billing.models import Invoice, InvoiceCounter, InvoiceState, PaymentState, PlanCode, Subscription
from accounts.billing.periods import local
from accounts.billing.places import count_places
from accounts.billing.providers.base import MANUAL
from accounts.billing.reminders import owners_of
from accounts.billing.states import lock
from accounts.billing.subscriptions import BillingRefusedError
from accounts.models import Organisation

DAYS_TO_PAY = 7


def invoice_to_pay(*, subscription_id: int, now: datetime.datetime | None = None) -> Invoice:
    """The live invoice of the subscription's next period: the one there is while it fits, else a new one.

    An invoice made for another plan or number of places is withdrawn, unless it is just being paid: that, and a plan
    not chosen yet, raise `BillingRefusedError`. Takes the subscription's lock and the year's counter.
    """
    now = now or timezone.now()
    with transaction.atomic():
        subscription = lock(subscription_id)
        plan = subscription.plan
        if plan.code == PlanCode.TRIAL:
            raise BillingRefusedError(_("Choose a plan first."))
        places = max(subscription.places, count_places(subscription.organisation_id))
        total = plan.total(places)
        live = Invoice.objects.filter(subscription=subscription, state=InvoiceState.OPEN).select_for_update()
        for invoice in live:
            fits = (invoice.plan_id, invoice.places, invoice.total) == (plan.pk, places, total)
            if fits and invoice.follows == subscription.paid_until:
                return invoice
            withdraw(invoice=invoice)
        return _issue(subscription, places, now)


def withdraw(*, invoice: Invoice) -> None:
    """Void an open invoice; it keeps its number. Raises `BillingRefusedError` while a payment of it is under way."""
    with transaction.atomic():
        found = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
        if found.state == InvoiceState.VOID:
            return
        if found.state == InvoiceState.PAID:
            raise BillingRefusedError(_("A paid invoice is not withdrawn: its payment is refunded."))
        under_way = found.payments.filter(state=PaymentState.PENDING)
        # Nobody's money is on its way until the operator has seen it arrive.
        under_way.filter(provider=MANUAL).update(
            state=PaymentState.CANCELLED, reason="invoice_withdrawn", settled_at=timezone.now()
        )
        if under_way.exists():
            raise BillingRefusedError(_("A payment of the invoice before is under way. Try again a little later."))
        found.state, found.void_at = InvoiceState.VOID, timezone.now()
        found.save(update_fields=["state", "void_at"])


def next_serial(year: int) -> int:
    """The next number of the year, within the transaction that uses it: rolled back, it is given out again."""
    counter, _made = InvoiceCounter.objects.select_for_update().get_or_create(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _issue(subscription: Subscription, places: int, now: datetime.datetime) -> Invoice:
    organisation, plan = subscription.organisation, subscription.plan
    language = language_of(organisation)
    year = local(now).year
    with translation.override(language):
        lines = [_line(_title(subscription), 1, plan.price)]
        if places > 1:
            lines.append(_line(_("Further places, the same time"), places - 1, plan.price_of_more))
    invoice: Invoice = Invoice.objects.create(
        year=year,
        serial=next_serial(year),
        organisation=organisation,
        subscription=subscription,
        plan=plan,
        places=places,
        follows=subscription.paid_until,
        language=language,
        lines=lines,
        seller=dict(settings.SELLER),
        buyer={
            "name": organisation.legal_name or organisation.name,
            "tax_number": organisation.tax_number,
            "address": organisation.address,
        },
        total=plan.total(places),
        currency=plan.currency,
        issued_at=now,
        due_at=max(now + datetime.timedelta(days=DAYS_TO_PAY), subscription.paid_until),
    )
    return invoice


def language_of(organisation: Organisation) -> str:
    """The language of the organisation's first owner; their own choice, else the service's."""
    owners = owners_of(organisation.pk)
    return (owners[0].language if owners else "") or settings.LANGUAGE_CODE


def _title(subscription: Subscription) -> str:
    months = subscription.plan.months
    return ngettext(
        "Access to menusite for one place, %(count)d month",
        "Access to menusite for one place, %(count)d months",
        months,
    ) % {"count": months}


def _line(title: str, quantity: int, price: Decimal) -> dict[str, object]:
    return {"title": title, "quantity": quantity, "price": str(price), "total": str(price * quantity)}
