"""Notices of the provider: signs to ask it, however often and in whatever order they come."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from accounts.billing.models import LedgerEntry, Payment, Subscription, WebhookEvent
from accounts.billing.providers.base import RefusedError
from accounts.billing.providers.yookassa import YooKassa
from accounts.billing.refunds import refund_payment
from accounts.billing.renewals import settle_everything
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import start_payment
from accounts.models import User
from tests.accounts.billing.acting import ledger

URL = "/billing/webhook/sandbox/"


def deliver(notice: dict[str, Any], address: str = "127.0.0.1", url: str = URL) -> int:
    """As the provider posts it: no cookies, no token of ours."""
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)
    return client.post(url, json.dumps(notice), content_type="application/json").status_code


def notices(sandbox: Sandbox) -> list[dict[str, Any]]:
    return list(sandbox.shop.notices)


@pytest.fixture
def payment(subscription: Subscription, sandbox: Sandbox) -> Payment:
    """Under way; what happens at the provider waits in its notices until the test delivers them."""
    sandbox.switches["webhooks"] = "reversed"
    return start_payment(subscription_id=subscription.pk)


def test_a_notice_delivered_five_times_has_one_effect(
    payment: Payment, subscription: Subscription, sandbox: Sandbox
) -> None:
    sandbox.shop.confirm(payment.provider_id, pay=True)
    (notice,) = notices(sandbox)

    answers = [deliver(notice) for _time in range(5)]

    event = WebhookEvent.objects.get()
    subscription.refresh_from_db()
    payment.refresh_from_db()
    assert answers == [200] * 5
    assert (event.deliveries, event.processed_at is None, payment.state) == (5, False, "succeeded")
    assert len(ledger(payment)) == 1
    assert subscription.paid_until == payment.invoice.period_end


def test_notices_out_of_order_tell_the_truth(payment: Payment, sandbox: Sandbox, operator: User) -> None:
    sandbox.shop.confirm(payment.provider_id, pay=True)
    deliver(notices(sandbox)[0])
    refund_payment(payment_id=payment.pk, amount=payment.amount, note="", by=operator)
    paid, refunded = notices(sandbox)

    for notice in (refunded, paid, refunded, paid):
        deliver(notice)

    payment.refresh_from_db()
    assert (payment.state, [kind for kind, _amount in ledger(payment)]) == ("refunded", ["charged", "refunded"])


def test_a_notice_whose_payments_answer_was_lost_finds_it(subscription: Subscription, sandbox: Sandbox) -> None:
    sandbox.switches |= {"webhooks": "reversed", "lose_answers": 1}
    payment = start_payment(subscription_id=subscription.pk)
    (made,) = sandbox.shop.payments
    sandbox.shop.confirm(made, pay=True)

    deliver(notices(sandbox)[0])

    payment.refresh_from_db()
    assert (payment.provider_id, payment.state) == (made, "succeeded")


def test_what_a_notice_says_is_not_believed(payment: Payment, sandbox: Sandbox) -> None:
    lie = {
        "type": "notification",
        "event": "payment.succeeded",
        "object": {"id": payment.provider_id, "status": "succeeded", "amount": {"value": "990.00", "currency": "RUB"}},
    }

    assert deliver(lie) == 200

    payment.refresh_from_db()
    assert (payment.state, LedgerEntry.objects.count()) == ("pending", 0)


def test_a_notice_that_meets_a_silent_provider_waits(payment: Payment, sandbox: Sandbox) -> None:
    sandbox.shop.confirm(payment.provider_id, pay=True)
    sandbox.switches["fail"] = 1
    deliver(notices(sandbox)[0])
    waiting = WebhookEvent.objects.get().processed_at

    settle_everything()

    payment.refresh_from_db()
    assert (waiting, payment.state) == (None, "succeeded")
    assert WebhookEvent.objects.get().processed_at is not None


@pytest.mark.django_db(transaction=True)
def test_the_sandbox_tells_the_site_itself(
    subscription: Subscription, sandbox: Sandbox, live_server: LiveServer
) -> None:
    """Over the wire, each notice twice: both are answered 200, one counts."""
    sandbox.switches["webhooks"] = "twice"
    sandbox.webhook_url = f"{live_server.url}{URL}"
    payment = start_payment(subscription_id=subscription.pk)
    sandbox.shop.confirm(payment.provider_id, pay=True)

    accepted = sandbox.deliver(now=True)

    payment.refresh_from_db()
    assert (accepted, payment.state, len(ledger(payment))) == (2, "succeeded", 1)


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("185.71.76.0", True),
        ("185.71.76.31", True),
        ("185.71.76.32", False),
        ("185.71.77.31", True),
        ("77.75.153.127", True),
        ("77.75.153.128", False),
        ("77.75.154.128", True),
        ("77.75.154.127", False),
        ("77.75.156.11", True),
        ("77.75.156.12", False),
        ("77.75.156.35", True),
        ("2a02:5180::1", True),
        ("2a02:5181::1", False),
        ("::ffff:77.75.156.11", True),
        ("::ffff:77.75.156.12", False),
        ("unknown", False),
    ],
)
def test_notices_come_from_the_published_networks(address: str, theirs: bool) -> None:
    notice = json.dumps({"event": "payment.succeeded", "object": {"id": "p-1", "metadata": {"payment": "ours"}}})
    client = YooKassa(shop_id="1", secret_key="s")

    if theirs:
        assert client.parse_webhook(notice.encode(), address=address).payment_id == "p-1"
    else:
        with pytest.raises(RefusedError):
            client.parse_webhook(notice.encode(), address=address)


@pytest.mark.parametrize("address", ["10.0.0.1", "185.71.76.1", "2001:db8::1"])
def test_a_foreign_address_finds_nothing(payment: Payment, sandbox: Sandbox, address: str) -> None:
    sandbox.shop.confirm(payment.provider_id, pay=True)

    assert deliver(notices(sandbox)[0], address) == 404

    assert WebhookEvent.objects.count() == 0


@pytest.mark.parametrize("provider", ["manual", "yookassa", "unknown"])
def test_a_provider_that_is_not_ours_finds_nothing(payment: Payment, sandbox: Sandbox, provider: str) -> None:
    sandbox.shop.confirm(payment.provider_id, pay=True)

    assert deliver(notices(sandbox)[0], url=f"/billing/webhook/{provider}/") == 404


def test_a_payment_that_is_not_ours_is_answered_and_forgotten(sandbox: Sandbox, db: None) -> None:
    notice = {"event": "payment.succeeded", "object": {"id": "23d93cac-000f-5000-8000-126628f15141"}}

    assert deliver(notice) == 200

    assert WebhookEvent.objects.count() == 0


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"x"', '{"event": 1}', '{"event": "payment.x", "object": []}', "[" * 30_000]
)
def test_what_cannot_be_read_is_refused(sandbox: Sandbox, db: None, body: str) -> None:
    response = Client().post(URL, body, content_type="application/json")

    assert (response.status_code, WebhookEvent.objects.count()) == (404, 0)


def test_a_large_body_is_not_read(sandbox: Sandbox, db: None) -> None:
    response = Client().post(URL, "x" * 70_000, content_type="application/json")

    assert response.status_code == 413


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("185.71.76.0", True),
        ("185.71.76.31", True),
        ("185.71.76.32", False),
        ("185.71.77.5", True),
        ("77.75.153.127", True),
        ("77.75.153.128", False),
        ("77.75.154.128", True),
        ("77.75.154.127", False),
        ("77.75.156.11", True),
        ("77.75.156.12", False),
        ("77.75.156.35", True),
        ("2a02:5180::1", True),
        ("2a02:5181::1", False),
        ("127.0.0.1", False),
        ("unknown", False),
    ],
)
def test_yookassa_is_known_by_its_published_networks(address: str, theirs: bool) -> None:
    provider = YooKassa(shop_id="1", secret_key="test")
    body = json.dumps({"event": "payment.succeeded", "object": {"id": "a"}}).encode()

    if theirs:
        assert provider.parse_webhook(body, address=address).payment_id == "a"
    else:
        with pytest.raises(RefusedError):
            provider.parse_webhook(body, address=address)


def test_a_refunds_notice_is_about_its_payment() -> None:
    body = json.dumps({"event": "refund.succeeded", "object": {"id": "r", "payment_id": "p"}}).encode()

    notice = YooKassa(shop_id="1", secret_key="test").parse_webhook(body, address="185.71.76.1")

    assert (notice.object_id, notice.payment_id) == ("r", "p")
