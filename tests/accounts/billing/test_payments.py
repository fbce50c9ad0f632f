"""Paying through the sandbox: the money, the ledger and the paid time in every turn it may take."""

import datetime
from decimal import Decimal

import pytest
import requests
from django.db import connection
from django.utils import timezone

from accounts.billing.models import (
    Invoice,
    LedgerEntry,
    Payment,
    PaymentState,
    Plan,
    Subscription,
)
from accounts.billing.payments import mark_paid, take_over
from accounts.billing.providers.base import PaymentFacts
from accounts.billing.refunds import refund_payment
from accounts.billing.renewals import settle_everything
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import charge_saved_method, give_up, settle_payment, start_payment
from accounts.billing.subscriptions import BillingRefusedError, choose_plan
from accounts.models import User
from accounts.models.audit import AppendOnlyError
from tests.accounts.billing.acting import ledger, pay, put
from tests.accounts.billing.conftest import moment

PRICE = Decimal("990.00")


def test_a_payment_opens_the_paid_time(subscription: Subscription, sandbox: Sandbox) -> None:
    trial_end = subscription.paid_until

    payment = pay(subscription, sandbox)

    subscription.refresh_from_db()
    invoice = payment.invoice
    assert (payment.state, payment.amount, invoice.state) == ("succeeded", PRICE, "paid")
    assert (subscription.state, subscription.paid_until) == ("active", invoice.period_end)
    assert invoice.period_start == trial_end
    assert ledger(payment) == [("charged", PRICE)]


def test_paying_twice_goes_on_with_the_payment_under_way(subscription: Subscription, sandbox: Sandbox) -> None:
    first = start_payment(subscription_id=subscription.pk)
    second = start_payment(subscription_id=subscription.pk)

    assert (second.pk, second.confirmation_url) == (first.pk, f"{sandbox.url}/pay/{first.provider_id}")
    assert len(sandbox.shop.payments) == 1


def test_a_lost_answer_makes_no_second_payment(subscription: Subscription, sandbox: Sandbox) -> None:
    sandbox.switches["lose_answers"] = 1
    lost = start_payment(subscription_id=subscription.pk)

    found = settle_payment(payment_id=lost.pk)

    assert (lost.state, lost.provider_id) == ("pending", "")
    assert list(sandbox.shop.payments) == [found.provider_id]


def test_a_lost_answer_without_our_key_would_make_two(subscription: Subscription, sandbox: Sandbox) -> None:
    """The control: it is the stored key that keeps it at one."""
    sandbox.switches["lose_answers"] = 1
    lost = start_payment(subscription_id=subscription.pk)
    Payment.objects.filter(pk=lost.pk).update(idempotency_key="11111111-1111-4111-8111-111111111111")

    settle_payment(payment_id=lost.pk)

    assert len(sandbox.shop.payments) == 2


def test_an_answer_that_takes_too_long_is_settled_later(
    subscription: Subscription, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.billing.providers.SANDBOX_TIMEOUT", (0.2, 0.2))
    sandbox.switches["delay"] = 30
    late = start_payment(subscription_id=subscription.pk)
    sandbox.wake.set()
    sandbox.switches["delay"] = 0

    settle_everything()

    assert late.provider_id == ""
    assert list(sandbox.shop.payments) == [Payment.objects.get(pk=late.pk).provider_id]


def test_an_error_of_the_provider_leaves_the_payment_to_the_reconciliation(
    subscription: Subscription, sandbox: Sandbox
) -> None:
    sandbox.switches["fail"] = 1
    start_payment(subscription_id=subscription.pk)

    settle_everything()

    payment = Payment.objects.get()
    assert (payment.state, payment.confirmation_url) == ("pending", f"{sandbox.url}/pay/{payment.provider_id}")


def test_after_a_day_the_payment_is_looked_for_not_made_again(subscription: Subscription, sandbox: Sandbox) -> None:
    sandbox.switches["lose_answers"] = 1
    payment = start_payment(subscription_id=subscription.pk)
    yesterday = timezone.now() - datetime.timedelta(hours=25)
    Payment.objects.filter(pk=payment.pk).update(created_at=yesterday)
    for made in sandbox.shop.payments.values():
        sandbox.shop.keys.clear()
        made["created_at"] = yesterday.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    settle_payment(payment_id=payment.pk)

    payment.refresh_from_db()
    assert list(sandbox.shop.payments) == [payment.provider_id]


def test_a_payment_never_made_is_given_up_after_a_day(subscription: Subscription, sandbox: Sandbox) -> None:
    sandbox.switches["fail"] = 1
    payment = start_payment(subscription_id=subscription.pk)
    Payment.objects.filter(pk=payment.pk).update(created_at=timezone.now() - datetime.timedelta(hours=25))

    settle_everything()

    payment.refresh_from_db()
    assert (payment.state, payment.reason) == ("cancelled", "never_made")
    assert sandbox.shop.payments == {}


def test_a_refused_payment_charges_nothing_and_may_be_tried_again(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    sandbox.shop.confirm(payment.provider_id, pay=False)
    refused = settle_payment(payment_id=payment.pk)

    again = pay(subscription, sandbox)

    assert (refused.state, refused.reason, ledger(refused)) == ("cancelled", "insufficient_funds", [])
    assert (again.state, again.invoice_id) == ("succeeded", payment.invoice_id)


def test_another_sum_is_not_believed(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    sandbox.shop.confirm(payment.provider_id, pay=True)
    sandbox.shop.payments[payment.provider_id]["amount"]["value"] = "1.00"

    settled = settle_payment(payment_id=payment.pk)

    assert (settled.state, settled.raw_status, ledger(payment)) == ("pending", "another_sum", [])


def test_settling_any_number_of_times_changes_nothing_more(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = pay(subscription, sandbox)
    subscription.refresh_from_db()
    until = subscription.paid_until

    for _time in range(3):
        settle_payment(payment_id=payment.pk)
    settle_everything()

    subscription.refresh_from_db()
    assert (subscription.paid_until, ledger(payment)) == (until, [("charged", PRICE)])


def test_a_second_payment_of_an_invoice_pays_for_nothing_more(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    Payment.objects.filter(pk=payment.pk).update(state=PaymentState.CANCELLED)
    mark_paid(invoice_id=payment.invoice_id, by=operator)
    subscription.refresh_from_db()
    until = subscription.paid_until
    sandbox.shop.confirm(payment.provider_id, pay=True)

    late = settle_payment(payment_id=payment.pk)

    subscription.refresh_from_db()
    assert (late.state, late.surplus, ledger(late)) == ("succeeded", True, [("charged", PRICE)])
    assert subscription.paid_until == until


@pytest.mark.django_db(transaction=True)
def test_no_provider_is_asked_within_a_transaction(
    subscription: Subscription, sandbox: Sandbox, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    within: list[bool] = []
    send = requests.request

    def watched(*arguments: object, **named: object) -> object:
        within.append(connection.in_atomic_block)
        return send(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(requests, "request", watched)

    payment = pay(subscription, sandbox)
    refund_payment(payment_id=payment.pk, amount=PRICE, note="", by=operator)

    assert (len(within), any(within)) == (3, False)


def test_the_ledger_and_invoices_are_never_rewritten(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = pay(subscription, sandbox)
    entry = LedgerEntry.objects.get()

    for attempt in (entry.save, entry.delete, LedgerEntry.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            attempt()
    with pytest.raises(AppendOnlyError):
        LedgerEntry.objects.update(amount=1)
    with pytest.raises(TypeError):
        payment.invoice.delete()


def test_a_transfer_marked_by_the_operator_pays(subscription: Subscription, operator: User) -> None:
    put(subscription, "resting", moment("2026-01-10 12:00"))
    waiting = start_payment(subscription_id=subscription.pk)

    paid = mark_paid(invoice_id=waiting.invoice_id, by=operator)

    subscription.refresh_from_db()
    assert (waiting.state, waiting.confirmation_url, paid.pk, paid.state) == ("pending", "", waiting.pk, "succeeded")
    assert (subscription.state, subscription.paid_until > timezone.now()) == ("active", True)
    assert LedgerEntry.objects.get().by == operator
    with pytest.raises(BillingRefusedError):
        mark_paid(invoice_id=waiting.invoice_id, by=operator)


def test_another_plan_withdraws_the_invoice_and_keeps_its_number(
    subscription: Subscription, alice: User, operator: User
) -> None:
    first = start_payment(subscription_id=subscription.pk).invoice

    choose_plan(subscription_id=subscription.pk, plan=Plan.objects.get(code="yearly"), places=3, by=alice)
    second = start_payment(subscription_id=subscription.pk).invoice

    states = list(Invoice.objects.order_by("serial").values_list("serial", "state", "total"))
    assert states == [(1, "void", Decimal("990.00")), (2, "open", Decimal("23700.00"))]
    assert (first.pk == second.pk, first.payments.get().state) == (False, "cancelled")


def test_a_payment_online_under_way_keeps_the_plan_it_is_for(
    subscription: Subscription, sandbox: Sandbox, alice: User
) -> None:
    start_payment(subscription_id=subscription.pk)
    choose_plan(subscription_id=subscription.pk, plan=Plan.objects.get(code="yearly"), places=1, by=alice)

    with pytest.raises(BillingRefusedError):
        start_payment(subscription_id=subscription.pk)

    assert Invoice.objects.get().state == "open"


def test_a_payment_the_provider_has_forgotten_can_be_given_up(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    with pytest.raises(BillingRefusedError):
        give_up(payment_id=payment.pk)
    sandbox.shop.payments.clear()

    assert give_up(payment_id=payment.pk).state == "cancelled"


@pytest.mark.parametrize("by_saved_method", [False, True])
def test_what_was_made_and_not_answered_is_not_given_up_unseen(
    subscription: Subscription, sandbox: Sandbox, by_saved_method: bool
) -> None:
    if by_saved_method:
        pay(subscription, sandbox, save_method=True)
        subscription.refresh_from_db()
        put(subscription, "active", timezone.now())
    sandbox.switches["lose_answers"] = 1
    if by_saved_method:
        lost = charge_saved_method(subscription_id=subscription.pk)
    else:
        lost = start_payment(subscription_id=subscription.pk)
        sandbox.shop.confirm(next(iter(sandbox.shop.payments)), pay=True)
    assert lost is not None
    assert (lost.state, lost.provider_id) == ("pending", "")

    found = give_up(payment_id=lost.pk)

    assert (found.state, ledger(found)) == ("succeeded", [("charged", PRICE)])


def test_a_payment_never_made_is_given_up_at_once(subscription: Subscription, sandbox: Sandbox) -> None:
    sandbox.switches["fail"] = 1
    payment = start_payment(subscription_id=subscription.pk)

    assert give_up(payment_id=payment.pk).state == "cancelled"
    assert sandbox.shop.payments == {}


def test_a_payment_that_came_while_it_was_given_up_stays_paid(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = pay(subscription, sandbox)
    late = PaymentFacts(payment.provider_id, "cancelled", "not_found", payment.amount, payment.currency)

    take_over(payment_id=payment.pk, facts=late)

    payment.refresh_from_db()
    assert (payment.state, payment.raw_status, ledger(payment)) == ("succeeded", "succeeded", [("charged", PRICE)])


def test_a_plan_chosen_while_the_one_before_was_paid_stays_chosen(
    subscription: Subscription, sandbox: Sandbox, alice: User
) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    choose_plan(subscription_id=subscription.pk, plan=Plan.objects.get(code="yearly"), places=2, by=alice)
    sandbox.shop.confirm(payment.provider_id, pay=True)

    settle_payment(payment_id=payment.pk)

    subscription.refresh_from_db()
    assert (subscription.state, subscription.plan.code, subscription.places) == ("active", "yearly", 2)
    assert subscription.paid_until == Invoice.objects.get().period_end
