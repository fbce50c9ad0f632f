"""The owner's pages, the banner, who finds none of them, and what guests find."""

import datetime
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from accounts.billing.invoices import invoice_to_pay
from accounts.billing.models import Invoice, Payment, Plan, Subscription
from accounts.billing.payments import mark_paid
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import start_payment
from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage
from menu_pages.provisioning import create_place
from orders.models import Order
from tests.accounts.billing.acting import pay, put
from tests.factories.guests import Guest
from tests.factories.people import make_member, signed_in

PAGE_QUERIES = 22


@pytest.fixture
def owner(alice: User, subscription: Subscription) -> Client:
    return signed_in(alice)


@pytest.fixture
def page(organisation_a: Organisation) -> str:
    return f"/admin/organisations/{organisation_a.slug}/billing/"


def words_of(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in pdf)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_owner_sees_plan_state_and_days_left(owner: Client, page: str) -> None:
    body = text(owner.get(page))

    assert "14 days left" in body
    assert ("Monthly" in body, "Yearly" in body, "No invoices yet." in body) == (True, True, True)


def test_a_plan_is_chosen_for_as_many_places_as_there_are(
    owner: Client, page: str, organisation_a: Organisation, subscription: Subscription
) -> None:
    create_place(organisation=organisation_a, title="Second")

    few = owner.post(f"{page}plan/", {"plan": "yearly", "places": "1"})
    enough = owner.post(f"{page}plan/", {"plan": "yearly", "places": "2"})

    subscription.refresh_from_db()
    assert (few.status_code, enough.status_code) == (422, 302)
    assert (subscription.plan.code, subscription.places) == ("yearly", 2)


@pytest.mark.parametrize(
    "said", [{"plan": "trial", "places": "1"}, {"plan": "none", "places": "1"}, {"plan": "yearly", "places": "0"}, {}]
)
def test_a_plan_that_is_not_offered_is_refused(
    owner: Client, page: str, subscription: Subscription, said: dict[str, str]
) -> None:
    response = owner.post(f"{page}plan/", said)

    subscription.refresh_from_db()
    assert (response.status_code, subscription.plan.code) == (422, "monthly")


def test_paying_leads_to_the_provider_and_back(
    owner: Client, page: str, subscription: Subscription, sandbox: Sandbox
) -> None:
    to_provider = owner.post(f"{page}pay/", {"save_method": "on"})
    payment = Payment.objects.get()
    sandbox.shop.confirm(payment.provider_id, pay=True)
    back = owner.get(f"/billing/back/{payment.public_id}/")

    subscription.refresh_from_db()
    assert to_provider["Location"] == f"{sandbox.url}/pay/{payment.provider_id}"
    assert (back["Location"], subscription.state) == (page, "active")
    assert "Bank card *4444" in text(owner.get(page))


def test_a_silent_provider_is_told_of(owner: Client, page: str, sandbox: Sandbox) -> None:
    sandbox.switches["fail"] = 1

    response = owner.post(f"{page}pay/", follow=True)

    assert "The payment service does not answer." in text(response)


def test_a_page_open_since_before_the_payment_begins_no_other(
    owner: Client, page: str, subscription: Subscription, operator: User
) -> None:
    put(subscription, "active", timezone.now() + datetime.timedelta(days=40))

    response = owner.post(f"{page}pay/", follow=True)

    assert "Access is paid for a long time ahead." in text(response)
    assert Invoice.objects.count() == 0


def test_a_transfer_gets_an_invoice(owner: Client, page: str) -> None:
    response = owner.post(f"{page}pay/", follow=True)

    assert Invoice.objects.get().number in text(response)


def test_the_owner_cancels_goes_on_and_forgets(
    owner: Client, page: str, subscription: Subscription, sandbox: Sandbox
) -> None:
    pay(subscription, sandbox, save_method=True)

    owner.post(f"{page}renewal/", {"renews": "no"})
    subscription.refresh_from_db()
    cancelled = subscription.renews
    owner.post(f"{page}renewal/", {"renews": "yes"})
    owner.post(f"{page}method/forget/")

    subscription.refresh_from_db()
    assert (cancelled, subscription.renews, subscription.method_id) == (False, True, "")


def test_the_invoice_as_pdf_says_what_was_written_down(
    owner: Client, page: str, subscription: Subscription, organisation_a: Organisation, operator: User
) -> None:
    Organisation.objects.filter(pk=organisation_a.pk).update(legal_name="ООО «Чайная»", tax_number="7728168971")
    subscription.places = 3
    subscription.save()
    invoice = invoice_to_pay(subscription_id=subscription.pk)
    Organisation.objects.filter(pk=organisation_a.pk).update(legal_name="Another name")
    Plan.objects.update(price=Decimal(1))

    response = owner.get(f"{page}invoices/{invoice.public_id}.pdf")

    words = words_of(response.content)
    assert response["Content-Disposition"] == f'attachment; filename="menusite-{invoice.number}.pdf"'
    for expected in (invoice.number, "ООО «Меню»", "7707083893", "ООО «Чайная»", "7728168971"):
        assert expected in words
    assert "2 370,00 ₽" in words or "2,370.00 ₽" in words


def test_a_paid_invoice_says_so(owner: Client, page: str, subscription: Subscription, operator: User) -> None:
    Invoice.objects.update(language="en")
    payment = start_payment(subscription_id=subscription.pk)
    Invoice.objects.update(language="en")
    mark_paid(invoice_id=payment.invoice_id, by=operator)

    words = words_of(owner.get(f"{page}invoices/{payment.invoice.public_id}.pdf").content)

    assert "Paid on" in words
    assert "Pays for the time from" in words


def test_bob_finds_nothing_of_alices(
    bob: User, place_b: PlacePage, page: str, subscription: Subscription, operator: User
) -> None:
    invoice = start_payment(subscription_id=subscription.pk).invoice
    stranger, own = signed_in(bob), f"/admin/organisations/{place_b.record.organisation.slug}/billing/"

    answers = [
        stranger.get(page),
        stranger.get(f"{page}invoices/{invoice.public_id}.pdf"),
        # Her invoice under his own address.
        stranger.get(f"{own}invoices/{invoice.public_id}.pdf"),
        stranger.post(f"{page}plan/", {"plan": "yearly", "places": "9"}),
        stranger.post(f"{page}pay/"),
        stranger.post(f"{page}renewal/", {"renews": "no"}),
        stranger.post(f"{page}method/forget/"),
    ]

    subscription.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 7
    assert (subscription.plan.code, subscription.renews) == ("monthly", True)
    assert invoice.number not in text(stranger.get(own)).replace("2026-000002", "")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MANAGER, Role.WAITER, Role.KITCHEN, Role.ANALYST])
def test_only_owners_find_the_page(page: str, organisation_a: Organisation, role: Role) -> None:
    member = make_member("member@example.com", organisation_a, role)

    assert signed_in(member).get(page).status_code == 404


def test_a_stranger_on_the_way_back_learns_nothing(
    subscription: Subscription, sandbox: Sandbox, bob: User, place_b: PlacePage
) -> None:
    payment = start_payment(subscription_id=subscription.pk)
    asked = len(sandbox.requests_seen)

    for client in (Client(), signed_in(bob)):
        response = client.get(f"/billing/back/{payment.public_id}/")
        assert (response.status_code, payment.invoice.number in text(response)) == (200, False)
    assert len(sandbox.requests_seen) == asked


@pytest.mark.parametrize(
    ("state", "banner"),
    [
        ("trial", ""),
        ("active", ""),
        ("past_due", "Payment for “Teahouse Ltd” is due."),
        ("resting", "Ordering rests in"),
    ],
)
def test_the_banner_stands_where_payment_is_due(
    owner: Client, subscription: Subscription, organisation_a: Organisation, state: str, banner: str
) -> None:
    put(subscription, state)
    editor = make_member("editor@example.com", organisation_a, Role.EDITOR)

    assert ("billing-banner" in text(owner.get("/admin/"))) is bool(banner)
    assert banner in text(owner.get("/admin/"))
    assert "billing-banner" not in text(signed_in(editor).get("/admin/"))


def test_invoices_cost_the_same_however_many(
    owner: Client, page: str, subscription: Subscription, django_assert_num_queries: Any
) -> None:
    first = invoice_to_pay(subscription_id=subscription.pk)
    owner.get(page)
    counts = []
    for more in (0, 2):
        for serial in range(more):
            Invoice.objects.create(
                **{
                    field.attname: getattr(first, field.attname)
                    for field in Invoice._meta.concrete_fields
                    if field.attname not in ("id", "public_id", "serial", "state", "void_at")
                },
                serial=first.serial + serial + 1,
                state="void",
            )
        with django_assert_num_queries(PAGE_QUERIES) as queries:
            owner.get(page)
        counts.append(len(queries))
    assert counts == [PAGE_QUERIES] * 2


# Guests


@pytest.mark.parametrize("state", ["trial", "active", "past_due"])
def test_guests_order_while_it_is_paid_or_in_grace(
    guest: Guest, subscription: Subscription, borshch: DishPage, state: str
) -> None:
    put(subscription, state)
    guest.add(borshch)

    guest.send()

    assert Order.objects.count() == 1


@pytest.mark.parametrize("state", ["resting", "cancelled"])
def test_at_rest_the_menu_is_readable_and_nothing_is_sent(
    guest: Guest, subscription: Subscription, borshch: DishPage, state: str
) -> None:
    guest.add(borshch)
    put(subscription, state)

    menu = Client().get("/teahouse/").content.decode()
    refused = guest.send()

    assert ("Borshch" in menu, "basket/add/" in menu) == (True, False)
    assert (refused.status_code, Order.objects.count()) == (403, 0)
    assert "This place is not taking orders here now." in refused.content.decode()


def test_at_rest_the_menu_can_be_exported(owner: Client, subscription: Subscription, borshch: DishPage) -> None:
    put(subscription, "resting")

    response = owner.get("/admin/places/teahouse/files/menu.csv")

    assert (response.status_code, "Borshch" in response.content.decode()) == (200, True)
