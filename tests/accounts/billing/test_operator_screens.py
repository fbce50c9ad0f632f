"""The operator's pages: every organisation's subscription, invoices, payments; nobody else finds them."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.billing.models import Plan, Subscription
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import start_payment
from accounts.billing.subscriptions import start_trial
from accounts.models import AuditAction, AuditEntry, Organisation, User
from menu_pages.models import PlacePage
from tests.accounts.billing.acting import ledger, pay
from tests.factories.people import signed_in

PAGES = ["", "invoices/", "payments/", "plans/"]
LIST_QUERIES = 11


@pytest.fixture
def owner(alice: User, subscription: Subscription) -> Client:
    return signed_in(alice)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", PAGES)
def test_the_operators_pages_are_the_operators(
    owner: Client, operator: User, subscription: Subscription, sandbox: Sandbox, name: str
) -> None:
    pay(subscription, sandbox)

    response = signed_in(operator).get(f"/admin/billing/{name}")

    assert response.status_code == 200
    assert ("Teahouse" in text(response)) is (name != "plans/")
    assert owner.get(f"/admin/billing/{name}").status_code == 404


def test_no_deed_of_the_operators_is_open_to_others(
    owner: Client, subscription: Subscription, sandbox: Sandbox
) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    ways = [
        f"invoices/{payment.invoice.public_id}/paid/",
        *(f"payments/{payment.public_id}/{deed}/" for deed in ("fetch", "give-up", "refund", "chargeback")),
    ]

    assert [owner.post(f"/admin/billing/{way}").status_code for way in ways] == [404] * 5
    assert ledger(payment) == []


def test_the_operator_marks_refunds_and_writes_a_chargeback_down(operator: User, subscription: Subscription) -> None:
    desk = signed_in(operator)
    payment = start_payment(subscription_id=subscription.pk)
    desk.post(f"/admin/billing/invoices/{payment.invoice.public_id}/paid/")
    way = f"/admin/billing/payments/{payment.public_id}/"

    desk.post(f"{way}refund/", {"refund-amount": "100.00", "refund-note": "Sorry"})
    desk.post(
        f"{way}chargeback/",
        {"chargeback-amount": "500.00", "chargeback-reference": "CB-1", "chargeback-note": "", "chargeback-x": "1"},
    )
    too_much = desk.post(f"{way}refund/", {"refund-amount": "400.00"})

    assert ledger(payment) == [
        ("charged", Decimal("990.00")),
        ("refunded", Decimal("-100.00")),
        ("charged_back", Decimal("-500.00")),
    ]
    assert (too_much.status_code, "There is not that much left" in text(too_much)) == (422, True)


def test_the_operator_finds_by_name_number_and_state(
    operator: User, subscription: Subscription, place_b: PlacePage
) -> None:
    desk = signed_in(operator)
    invoice = start_payment(subscription_id=subscription.pk).invoice

    by_name = text(desk.get("/admin/billing/", {"q": "teahouse"}))
    by_state = text(desk.get("/admin/billing/", {"state": "resting"}))
    by_number = text(desk.get("/admin/billing/invoices/", {"q": invoice.number}))
    by_nonsense = text(desk.get("/admin/billing/payments/", {"q": "9999-999999999", "state": "nonsense", "p": "-7"}))

    assert ("Teahouse" in by_name, "Pizzeria" in by_name, "Nothing found." in by_state) == (True, False, True)
    assert (invoice.public_id in by_number, "Nothing found." in by_nonsense) == (True, True)


def test_the_operator_gives_access_and_changes_prices(operator: User, subscription: Subscription) -> None:
    desk = signed_in(operator)

    desk.post(f"/admin/billing/subscriptions/{subscription.organisation.slug}/", {"until": "2031-05-01"})
    saved = desk.post(
        "/admin/billing/plans/",
        {
            "monthly-price": "1200.00",
            "monthly-price_of_more": "800.00",
            "monthly-offered": "on",
            "yearly-price": "12000.00",
            "yearly-price_of_more": "8000.00",
        },
    )

    subscription.refresh_from_db()
    assert (subscription.state, timezone.localtime(subscription.paid_until).year) == ("active", 2031)
    assert saved.status_code == 302
    assert list(Plan.objects.exclude(months=0).values_list("price", "offered")) == [
        (Decimal("1200.00"), True),
        (Decimal("12000.00"), False),
    ]


@pytest.mark.parametrize("name", ["", "invoices/", "payments/"])
@pytest.mark.parametrize("others", [0, 2])
def test_a_list_costs_the_same_however_long(
    operator: User, subscription: Subscription, name: str, others: int, django_assert_num_queries: Any
) -> None:
    start_payment(subscription_id=subscription.pk)
    for number in range(others):
        another = start_trial(organisation=Organisation.objects.create(name=f"Teahouse {number}"))
        Subscription.objects.filter(pk=another.pk).update(plan=subscription.plan)
        start_payment(subscription_id=another.pk)
    desk = signed_in(operator)
    desk.get(f"/admin/billing/{name}")

    with django_assert_num_queries(LIST_QUERIES):
        body = text(desk.get(f"/admin/billing/{name}", {"q": "teahouse"}))

    assert body.count("Teahouse ") >= 1 + others


def test_access_given_is_in_the_audit_log(operator: User, subscription: Subscription) -> None:
    signed_in(operator).post(f"/admin/billing/subscriptions/{subscription.organisation.slug}/", {"until": "2031-05-01"})
    signed_in(operator).post(f"/admin/billing/subscriptions/{subscription.organisation.slug}/", {"until": "2032-05-01"})

    entries = AuditEntry.objects.filter(action=AuditAction.PLAN_CHANGED, details__has_key="before").order_by("pk")
    until = [entry.details["after"]["paid_until"][:10] for entry in entries if isinstance(entry.details["after"], dict)]
    assert until == ["2031-05-01", "2032-05-01"]
    assert {entry.by for entry in entries} == {operator}


def test_a_plan_is_not_sold_for_nothing(operator: User, subscription: Subscription) -> None:
    prices = {"monthly-price": "0", "monthly-price_of_more": "0", "yearly-price": "1", "yearly-price_of_more": "0"}

    response = signed_in(operator).post("/admin/billing/plans/", prices)

    assert response.status_code == 422
    assert "More than nothing." in text(response)
    assert Plan.objects.get(code="monthly").price == Decimal("990.00")
