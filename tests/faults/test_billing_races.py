"""Races for money and numbers; each protection has a control that goes red without it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.billing import invoices, payments
from accounts.billing.models import Invoice, InvoiceCounter, LedgerEntry, Payment, Plan, Subscription
from accounts.billing.refunds import refund_payment
from accounts.billing.settling import start_payment
from accounts.billing.subscriptions import BillingRefusedError, start_trial
from accounts.models import Organisation, User
from menu_pages.models import PlacePage
from tests.factories.people import make_user
from tests.faults.at_once import at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

AT_ONCE = 8


@pytest.fixture(autouse=True)
def by_transfer(settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "manual"


@pytest.fixture
def subscriptions(db: None) -> list[Subscription]:
    """Of so many organisations, each about to get an invoice."""
    plan = Plan.objects.get(code="monthly")
    made = [start_trial(organisation=Organisation.objects.create(name=f"No. {n}")) for n in range(AT_ONCE)]
    Subscription.objects.update(plan=plan)
    return made


def issue(subscription: Subscription) -> Callable[[], Any]:
    return lambda: invoices.invoice_to_pay(subscription_id=subscription.pk)


def test_numbers_given_out_at_once_have_no_gap(subscriptions: list[Subscription]) -> None:
    at_once(*(issue(subscription) for subscription in subscriptions))

    assert sorted(Invoice.objects.values_list("serial", flat=True)) == list(range(1, AT_ONCE + 1))


def test_a_number_of_an_invoice_that_failed_is_given_out_again(subscriptions: list[Subscription]) -> None:
    first, second = subscriptions[:2]
    with transaction.atomic():
        invoices.invoice_to_pay(subscription_id=first.pk)
        transaction.set_rollback(True)

    invoices.invoice_to_pay(subscription_id=second.pk)

    assert list(Invoice.objects.values_list("serial", flat=True)) == [1]


def test_without_the_counters_lock_numbers_collide(
    subscriptions: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: counted without a lock, two invoices want one number, and the database refuses one of them."""
    InvoiceCounter.objects.create(year=2026)
    together = threading.Barrier(2)

    def unlocked(year: int) -> int:
        last = Invoice.objects.filter(year=year).count()
        together.wait(10)
        return last + 1

    monkeypatch.setattr(invoices, "next_serial", unlocked)

    with pytest.raises(IntegrityError):
        at_once(*(issue(subscription) for subscription in subscriptions[:2]))


def test_paying_at_once_makes_one_payment(subscriptions: list[Subscription]) -> None:
    subscription = subscriptions[0]

    made = at_once(*(lambda: start_payment(subscription_id=subscription.pk) for _time in range(AT_ONCE)))

    assert len({payment.pk for payment in made}) == 1
    assert (Invoice.objects.count(), Payment.objects.count()) == (1, 1)


def test_an_answer_taken_over_at_once_is_charged_once(subscriptions: list[Subscription]) -> None:
    payment = start_payment(subscription_id=subscriptions[0].pk)
    facts = payments.PaymentFacts("p-1", "succeeded", "succeeded", payment.amount, payment.currency)

    at_once(*(lambda: payments.take_over(payment_id=payment.pk, facts=facts) for _time in range(AT_ONCE)))

    subscription = Subscription.objects.get(pk=subscriptions[0].pk)
    assert LedgerEntry.objects.count() == 1
    assert subscription.paid_until == Invoice.objects.get().period_end


def refund_all_at_once(payment: Payment, operator: User) -> list[str]:
    def job() -> str:
        try:
            return refund_payment(payment_id=payment.pk, amount=payment.amount, note="", by=operator).state
        except BillingRefusedError:
            return "refused"

    return sorted(at_once(*([job] * AT_ONCE)))


def test_refunds_at_once_give_back_no_more_than_was_paid(subscriptions: list[Subscription]) -> None:
    operator = make_user("operator@example.com", is_superuser=True)
    payment = start_payment(subscription_id=subscriptions[0].pk)
    payments.mark_paid(invoice_id=payment.invoice_id, by=operator)

    outcomes = refund_all_at_once(payment, operator)

    assert outcomes == ["refused"] * (AT_ONCE - 1) + ["succeeded"]
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == 0


def test_trials_begun_at_once_are_one(place_a: PlacePage) -> None:
    organisation = place_a.record.organisation
    Subscription.objects.all().delete()

    at_once(*(lambda: start_trial(organisation=organisation).pk for _time in range(AT_ONCE)))

    assert Subscription.objects.count() == 1
