"""Money on its way back: refunds of ours and of the provider's desk, chargebacks, and what comes between."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.billing import refunds
from accounts.billing.models import Invoice, LedgerEntry, Refund, Reminder, Subscription
from accounts.billing.payments import mark_paid
from accounts.billing.providers.base import AnswerLostError
from accounts.billing.providers.yookassa import YooKassa
from accounts.billing.refunds import record_chargeback, refund_payment
from accounts.billing.renewals import settle_everything
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import read_payment, settle_payment, start_payment
from accounts.billing.subscriptions import BillingRefusedError, move_by_time
from accounts.models import User
from tests.accounts.billing.acting import ledger, pay, put

PRICE = Decimal("990.00")
DAY = datetime.timedelta(days=1)


def test_a_refund_in_parts_and_the_rest(subscription: Subscription, sandbox: Sandbox, operator: User) -> None:
    put(subscription, "trial", timezone.now())
    payment = pay(subscription, sandbox)

    refund_payment(payment_id=payment.pk, amount=Decimal("90.00"), note="Sorry", by=operator)
    payment.refresh_from_db()
    in_part = payment.state
    refund_payment(payment_id=payment.pk, amount=Decimal("900.00"), note="", by=operator)

    payment.refresh_from_db()
    subscription.refresh_from_db()
    assert (in_part, payment.state) == ("partly_refunded", "refunded")
    assert ledger(payment) == [("charged", PRICE), ("refunded", Decimal("-90.00")), ("refunded", Decimal("-900.00"))]
    assert (subscription.state, subscription.renews) == ("past_due", False)


def test_a_refund_whose_answer_is_lost_is_made_once(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    payment = pay(subscription, sandbox)
    sandbox.switches["lose_answers"] = 1
    refund_payment(payment_id=payment.pk, amount=Decimal("100.00"), note="", by=operator)

    settle_everything()
    settle_everything()

    assert [refund.state for refund in Refund.objects.all()] == ["succeeded"]
    assert len(sandbox.shop.refunds) == 1
    assert ledger(payment) == [("charged", PRICE), ("refunded", Decimal("-100.00"))]


def test_more_than_is_left_is_not_refunded(subscription: Subscription, sandbox: Sandbox, operator: User) -> None:
    payment = pay(subscription, sandbox)

    with pytest.raises(BillingRefusedError):
        refund_payment(payment_id=payment.pk, amount=PRICE + Decimal("0.01"), note="", by=operator)

    assert (Refund.objects.count(), len(sandbox.shop.refunds)) == (0, 0)


def test_a_refund_made_at_the_providers_desk_is_found(subscription: Subscription, sandbox: Sandbox) -> None:
    payment = pay(subscription, sandbox)
    sandbox.shop.refund({"payment_id": payment.provider_id, "amount": {"value": "50.00", "currency": "RUB"}})

    settle_payment(payment_id=payment.pk)
    settle_payment(payment_id=payment.pk)

    assert ledger(payment) == [("charged", PRICE), ("refunded", Decimal("-50.00"))]


def test_a_chargeback_after_a_refund_is_in_the_ledger_once(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    payment = pay(subscription, sandbox)
    refund_payment(payment_id=payment.pk, amount=Decimal("400.00"), note="", by=operator)

    for _time in range(2):
        record_chargeback(payment_id=payment.pk, amount=PRICE, reference="CB-1", note="", by=operator)

    assert ledger(payment) == [("charged", PRICE), ("refunded", Decimal("-400.00")), ("charged_back", -PRICE)]
    assert sum(amount for _kind, amount in ledger(payment)) == Decimal("-400.00")


def test_after_a_chargeback_nothing_is_left_to_refund(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    put(subscription, "trial", timezone.now())
    payment = pay(subscription, sandbox)
    record_chargeback(payment_id=payment.pk, amount=PRICE, reference="CB-1", note="", by=operator)

    with pytest.raises(BillingRefusedError):
        refund_payment(payment_id=payment.pk, amount=Decimal("1.00"), note="", by=operator)

    subscription.refresh_from_db()
    assert (subscription.state, len(sandbox.shop.refunds)) == ("past_due", 0)


def test_a_refund_at_the_providers_desk_after_a_chargeback_is_told_as_it_is(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    payment = pay(subscription, sandbox)
    record_chargeback(payment_id=payment.pk, amount=PRICE, reference="CB-1", note="", by=operator)
    sandbox.shop.refund({"payment_id": payment.provider_id, "amount": {"value": "990.00", "currency": "RUB"}})

    settle_payment(payment_id=payment.pk)

    assert ledger(payment) == [("charged", PRICE), ("charged_back", -PRICE), ("refunded", -PRICE)]


def test_a_chargeback_is_no_larger_than_the_payment(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    payment = pay(subscription, sandbox)
    record_chargeback(payment_id=payment.pk, amount=Decimal("900.00"), reference="CB-1", note="", by=operator)

    with pytest.raises(BillingRefusedError):
        record_chargeback(payment_id=payment.pk, amount=Decimal("90.01"), reference="CB-2", note="", by=operator)

    assert LedgerEntry.objects.count() == 2


@pytest.mark.parametrize("how", ["refund", "chargeback"])
def test_money_back_for_a_period_to_come_leaves_the_one_that_runs(
    subscription: Subscription, sandbox: Sandbox, operator: User, how: str
) -> None:
    running_until = timezone.now() + 9 * DAY
    put(subscription, "active", running_until)
    payment = pay(subscription, sandbox)

    if how == "refund":
        refund_payment(payment_id=payment.pk, amount=PRICE, note="", by=operator)
    else:
        record_chargeback(payment_id=payment.pk, amount=PRICE, reference="CB-1", note="", by=operator)

    subscription.refresh_from_db()
    assert abs(subscription.paid_until - running_until) < datetime.timedelta(seconds=1)
    assert (subscription.state, subscription.renews) == ("active", False)
    assert move_by_time(subscription_id=subscription.pk, now=subscription.paid_until).state == "cancelled"


def test_a_period_given_back_can_be_paid_again(subscription: Subscription, sandbox: Sandbox, operator: User) -> None:
    put(subscription, "active", timezone.now() + 9 * DAY)
    first = pay(subscription, sandbox)
    refund_payment(payment_id=first.pk, amount=PRICE, note="", by=operator)

    second = pay(subscription, sandbox)

    subscription.refresh_from_db()
    assert (second.state, second.surplus, second.invoice_id == first.invoice_id) == ("succeeded", False, False)
    assert subscription.paid_until == second.invoice.period_end
    assert Reminder.objects.filter(subscription=subscription, kind="paid").count() == 2


def test_a_refund_of_a_transfer_that_was_cut_short_is_written_down(subscription: Subscription, operator: User) -> None:
    payment = mark_paid(invoice_id=start_payment(subscription_id=subscription.pk).invoice_id, by=operator)
    Refund.objects.create(organisation=payment.organisation, payment=payment, amount=Decimal("90.00"), by=operator)

    settle_everything()

    assert Refund.objects.get().state == "succeeded"
    assert ledger(payment) == [("charged", PRICE), ("refunded", Decimal("-90.00"))]


def test_a_refund_of_ours_made_while_others_are_listed_is_not_taken_for_a_foreign_one(
    subscription: Subscription, sandbox: Sandbox, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = pay(subscription, sandbox)
    sandbox.shop.refund({"payment_id": payment.provider_id, "amount": {"value": "50.00", "currency": "RUB"}})
    listed = YooKassa.refunds

    def ours_is_made_meanwhile(self: YooKassa, provider_id: str) -> object:
        monkeypatch.setattr(YooKassa, "refunds", listed)
        sandbox.switches["lose_answers"] = 1
        refund_payment(payment_id=payment.pk, amount=Decimal("100.00"), note="", by=operator)
        return listed(self, provider_id)

    monkeypatch.setattr(YooKassa, "refunds", ours_is_made_meanwhile)
    with pytest.raises(AnswerLostError):
        read_payment(payment_id=payment.pk)
    settle_payment(payment_id=payment.pk)

    assert [refund.state for refund in Refund.objects.all()] == ["succeeded", "succeeded"]
    assert sorted(amount for _kind, amount in ledger(payment)) == [Decimal("-100.00"), Decimal("-50.00"), PRICE]


def test_why_the_provider_refused_is_kept_beside_our_own_reason(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    payment = pay(subscription, sandbox)
    sandbox.shop.refund({"payment_id": payment.provider_id, "amount": {"value": "990.00", "currency": "RUB"}})

    refused = refund_payment(payment_id=payment.pk, amount=PRICE, note="Sorry", by=operator)

    assert (refused.state, refused.note) == ("cancelled", "Sorry: invalid_request")
    assert ledger(payment) == [("charged", PRICE)]


def test_the_ledger_sums_up_to_what_the_provider_says(
    subscription: Subscription, sandbox: Sandbox, operator: User
) -> None:
    payment = pay(subscription, sandbox)
    refund_payment(payment_id=payment.pk, amount=Decimal("100.00"), note="", by=operator)
    sandbox.shop.refund({"payment_id": payment.provider_id, "amount": {"value": "50.00", "currency": "RUB"}})
    sandbox.switches["lose_answers"] = 1
    refund_payment(payment_id=payment.pk, amount=Decimal("200.00"), note="", by=operator)

    settle_payment(payment_id=payment.pk)

    theirs = sandbox.shop.payments[payment.provider_id]
    kept = Decimal(theirs["amount"]["value"]) - Decimal(theirs["refunded_amount"]["value"])
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == kept == Decimal("640.00")
    assert refunds.ledger.balance(payment) == kept
    assert Invoice.objects.get().state == "paid"
