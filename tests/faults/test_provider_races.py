"""Races with a provider that answers: notices, payments, refunds and renewals at once, each with its control."""

import datetime
import json
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.billing import payments, refunds, renewals, settling
from accounts.billing.models import Invoice, LedgerEntry, Payment, Plan, Refund, Subscription, WebhookEvent
from accounts.billing.providers.yookassa import YooKassa
from accounts.billing.refunds import refund_payment
from accounts.billing.renewals import follow_the_clock
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import settle_payment, start_payment
from accounts.models import User
from menu_pages.models import PlacePage
from tests.accounts.billing.acting import ledger, pay, put
from tests.factories.people import make_user
from tests.faults.at_once import WAIT_SECONDS, at_once
from tests.faults.without_locks import take_locks_away

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PRICE = Decimal("990.00")
NOTICES = 5


@pytest.fixture
def subscription(place_a: PlacePage) -> Subscription:
    """Alice's, in its trial, the monthly plan chosen."""
    Subscription.objects.update(plan=Plan.objects.get(code="monthly"))
    found: Subscription = place_a.record.organisation.subscription
    found.refresh_from_db()
    return found


@pytest.fixture
def operator(db: None) -> User:
    return make_user("operator@example.com", is_superuser=True)


def wait_for_each_other(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Two callers of the function go into it together."""
    both, real = threading.Barrier(2), getattr(module, name)

    def together(*arguments: Any, **named: Any) -> Any:
        both.wait(WAIT_SECONDS)
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, together)


# One notice, five deliveries at once


def delivering(sandbox: Sandbox, payment: Payment) -> Callable[[], int]:
    sandbox.switches["webhooks"] = "reversed"
    sandbox.shop.confirm(payment.provider_id, pay=True)
    body = json.dumps(sandbox.shop.notices[0])

    def deliver() -> int:
        return Client().post("/billing/webhook/sandbox/", body, content_type="application/json").status_code

    return deliver


def test_a_notice_delivered_five_times_at_once_counts_once(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    deliver = delivering(sandbox, payment)

    answers = at_once(*([deliver] * NOTICES))

    subscription.refresh_from_db()
    assert answers == [200] * NOTICES
    assert WebhookEvent.objects.get().deliveries == NOTICES
    assert ledger(payment) == [("charged", PRICE)]
    assert subscription.paid_until == Invoice.objects.get().period_end


def test_control_without_locks_the_database_alone_keeps_the_ledger(
    subscription: Subscription, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    deliver = delivering(sandbox, payment)
    take_locks_away(monkeypatch)
    both, waited, save = threading.Barrier(2), threading.local(), Payment.save

    def save_together(self: Payment, **options: Any) -> None:
        # Both have read the payment before either writes it.
        if not hasattr(waited, "done"):
            waited.done = both.wait(WAIT_SECONDS)
        save(self, **options)

    monkeypatch.setattr(Payment, "save", save_together)

    with pytest.raises(IntegrityError):
        at_once(deliver, deliver)


# Two payments of one invoice


@pytest.fixture
def two_paid(subscription: Subscription, sandbox: Sandbox) -> list[Payment]:
    """The first was given up by us, and the payer paid it after the second."""
    made = []
    for _time in range(2):
        payment = start_payment(subscription_id=subscription.pk)
        Payment.objects.filter(pk=payment.pk).update(state="cancelled")
        made.append(payment)
    assert made[0].invoice_id == made[1].invoice_id
    for payment in made:
        sandbox.shop.confirm(payment.provider_id, pay=True)
    return made


def settling_each(two_paid: list[Payment]) -> list[Callable[[], Payment]]:
    return [lambda pk=payment.pk: settle_payment(payment_id=pk) for payment in two_paid]  # type: ignore[misc]


def test_of_two_payments_at_once_one_pays_the_invoice(subscription: Subscription, two_paid: list[Payment]) -> None:
    at_once(*settling_each(two_paid))

    subscription.refresh_from_db()
    assert sorted(Payment.objects.values_list("state", "surplus")) == [("succeeded", False), ("succeeded", True)]
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == 2 * PRICE
    assert subscription.paid_until == Invoice.objects.get().period_end


def test_control_without_locks_both_are_taken_for_the_invoices(
    subscription: Subscription, two_paid: list[Payment], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_locks_away(monkeypatch)
    wait_for_each_other(monkeypatch, payments, "extend")

    at_once(*settling_each(two_paid))

    assert list(Payment.objects.values_list("surplus", flat=True)) == [False, False]


# A refund of ours while the provider is asked for all of them


def refund_while_settling(payment: Payment, operator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A settlement that has seen a refund of the provider's desk lists them all just after ours was made there, and
    takes them over before our answer arrives."""
    listing, made, settled = threading.Event(), threading.Event(), threading.Event()
    ask, listed = YooKassa.refund, YooKassa.refunds

    def answered_late(self: YooKassa, *arguments: Any, **named: Any) -> Any:
        answer = ask(self, *arguments, **named)
        made.set()
        assert settled.wait(WAIT_SECONDS)
        return answer

    def listed_late(self: YooKassa, provider_id: str) -> Any:
        listing.set()
        assert made.wait(WAIT_SECONDS)
        return listed(self, provider_id)

    monkeypatch.setattr(YooKassa, "refund", answered_late)
    monkeypatch.setattr(YooKassa, "refunds", listed_late)

    def refund() -> None:
        assert listing.wait(WAIT_SECONDS)
        refund_payment(payment_id=payment.pk, amount=Decimal("100.00"), note="", by=operator)

    def settle() -> None:
        try:
            settle_payment(payment_id=payment.pk)
        finally:
            settled.set()

    at_once(refund, settle)


@pytest.fixture
def refunded_at_the_desk(subscription: Subscription, sandbox: Sandbox) -> Payment:
    payment = pay(subscription, sandbox)
    sandbox.shop.refund({"payment_id": payment.provider_id, "amount": {"value": "50.00", "currency": "RUB"}})
    return payment


def test_a_refund_racing_a_settlement_is_written_once(
    refunded_at_the_desk: Payment, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund_while_settling(refunded_at_the_desk, operator, monkeypatch)
    settle_payment(payment_id=refunded_at_the_desk.pk)

    assert list(Refund.objects.values_list("state", flat=True)) == ["succeeded", "succeeded"]
    amounts = sorted(amount for _kind, amount in ledger(refunded_at_the_desk))
    assert amounts == [Decimal("-100.00"), Decimal("-50.00"), PRICE]


def test_control_without_the_look_ours_is_taken_for_the_desks_and_the_database_refuses(
    refunded_at_the_desk: Payment, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunds, "_under_way", lambda _payment: False)

    with pytest.raises(IntegrityError):
        refund_while_settling(refunded_at_the_desk, operator, monkeypatch)


# Two hourly tasks


def renew_twice(subscription: Subscription, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> int:
    """Both tasks find the subscription due; the second comes to it when the first has charged. How many charges."""
    pay(subscription, sandbox, save_method=True)
    put(subscription, "active", timezone.now() + datetime.timedelta(hours=1))
    both, charged = threading.Barrier(2), threading.Event()
    charge = renewals.charge_saved_method

    def one_after_the_other(*, subscription_id: int) -> None:
        if both.wait(WAIT_SECONDS):
            assert charged.wait(WAIT_SECONDS)
        charge(subscription_id=subscription_id)
        charged.set()

    monkeypatch.setattr(renewals, "charge_saved_method", one_after_the_other)

    at_once(follow_the_clock, follow_the_clock)

    return Payment.objects.exclude(method_id="").count()


def test_two_tasks_renew_once(subscription: Subscription, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert renew_twice(subscription, sandbox, monkeypatch) == 1


def test_control_without_the_look_under_the_lock_two_periods_are_charged(
    subscription: Subscription, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "is_charged", lambda _subscription, _now: True)

    assert renew_twice(subscription, sandbox, monkeypatch) == 2
