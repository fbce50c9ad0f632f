"""The operator's screens: every organisation's subscription, invoices, payments. Nobody else finds them."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from accounts.billing import payments as paying
from accounts.billing import refunds, settling
from accounts.billing.forms import AccessForm, ChargebackForm, PriceForm, RefundForm, SearchForm
from accounts.billing.ledger import balance
from accounts.billing.models import (
    Invoice,
    InvoiceState,
    LedgerEntry,
    Payment,
    PaymentState,
    Plan,
    RefundState,
    Subscription,
    SubscriptionState,
)
from accounts.billing.periods import zone
from accounts.billing.subscriptions import BillingRefusedError, give_access
from accounts.billing.views import pdf_response
from accounts.models import User

ON_PAGE = 50


class OperatorRequest(HttpRequest):
    """A request of the service's operator."""

    user: User


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For everybody but superusers there is no such page."""

    @wraps(view)
    def checked(request: OperatorRequest, **arguments: Any) -> HttpResponse:
        if not (request.user.is_active and request.user.is_superuser):
            raise Http404
        with timezone.override(zone()):
            return view(request, **arguments)

    return checked


@require_GET
@never_cache
@operators_only
def subscriptions(request: OperatorRequest) -> HttpResponse:
    form = SearchForm(request.GET, states=SubscriptionState.choices)
    words, state = form.found()
    found = Subscription.objects.select_related("organisation", "plan")
    if words:
        found = found.filter(
            Q(organisation__name__icontains=words)
            | Q(organisation__legal_name__icontains=words)
            | Q(organisation__tax_number__startswith=words)
        )
    return _list(request, form, found.filter(state=state) if state else found, "subscriptions")


@require_http_methods(["GET", "POST"])
@never_cache
@operators_only
def subscription(request: OperatorRequest, slug: str) -> HttpResponse:
    """One organisation's subscription; the operator may give it access without a payment."""
    found = Subscription.objects.select_related("organisation", "plan").filter(organisation__slug=slug).first()
    if found is None:
        raise Http404
    form = AccessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        until = datetime.datetime.combine(form.cleaned_data["until"], datetime.time(), zone())
        give_access(organisation=found.organisation, until=until, by=request.user)
        messages.success(request, gettext("Access is given."))
        return redirect("billing_operator:subscription", slug)
    ledger = LedgerEntry.objects.filter(organisation=found.organisation)
    sums = ledger.order_by("currency").values("currency").annotate(total=Sum("amount"))
    context = {
        "subscription": found,
        "form": form,
        "sums": list(sums),
        "ledger": ledger.order_by("-at", "-pk").select_related("payment__invoice", "by")[:ON_PAGE],
    }
    return render(request, "accounts/billing/operator/subscription.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
@operators_only
def invoices(request: OperatorRequest) -> HttpResponse:
    form = SearchForm(request.GET, states=InvoiceState.choices)
    words, state = form.found()
    found = Invoice.objects.select_related("organisation", "plan")
    if words:
        found = found.filter(_number(words) | Q(organisation__name__icontains=words))
    return _list(request, form, found.filter(state=state) if state else found, "invoices")


@require_GET
@never_cache
@operators_only
def invoice_pdf(request: OperatorRequest, public_id: str) -> HttpResponse:
    return pdf_response(_invoice_or_404(public_id))


@require_POST
@operators_only
def mark_paid(request: OperatorRequest, public_id: str) -> HttpResponse:
    """A bank transfer has arrived."""
    invoice = _invoice_or_404(public_id)
    try:
        payment = paying.mark_paid(invoice_id=invoice.pk, by=request.user)
    except BillingRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("billing_operator:invoices")
    messages.success(request, gettext("Invoice %(number)s is paid.") % {"number": invoice.number})
    return redirect("billing_operator:payment", payment.public_id)


@require_GET
@never_cache
@operators_only
def payments(request: OperatorRequest) -> HttpResponse:
    form = SearchForm(request.GET, states=PaymentState.choices)
    words, state = form.found()
    found = Payment.objects.select_related("organisation", "invoice")
    if words:
        found = found.filter(
            _number(words, "invoice__")
            | Q(organisation__name__icontains=words)
            | Q(provider_id=words)
            | Q(public_id=words)
        )
    return _list(request, form, found.filter(state=state) if state else found, "payments")


@require_GET
@never_cache
@operators_only
def payment(request: OperatorRequest, public_id: str) -> HttpResponse:
    return _payment_page(request, _payment_or_404(public_id))


@require_POST
@operators_only
def fetch(request: OperatorRequest, public_id: str) -> HttpResponse:
    """Ask the provider now."""
    found = _payment_or_404(public_id)
    settling.settle_payment(payment_id=found.pk)
    return redirect("billing_operator:payment", public_id)


@require_POST
@operators_only
def give_up(request: OperatorRequest, public_id: str) -> HttpResponse:
    found = _payment_or_404(public_id)
    try:
        settling.give_up(payment_id=found.pk)
    except BillingRefusedError as refused:
        messages.error(request, str(refused))
    return redirect("billing_operator:payment", public_id)


@require_POST
@operators_only
def refund(request: OperatorRequest, public_id: str) -> HttpResponse:
    found = _payment_or_404(public_id)
    form = RefundForm(request.POST, prefix="refund")
    if not form.is_valid():
        return _payment_page(request, found, refund_form=form)
    try:
        made = refunds.refund_payment(payment_id=found.pk, by=request.user, **form.cleaned_data)
    except BillingRefusedError as refused:
        form.add_error("amount", str(refused))
        return _payment_page(request, found, refund_form=form)
    if made.state == RefundState.SUCCEEDED:
        messages.success(request, gettext("The money is on its way back."))
    elif made.state == RefundState.PENDING:
        messages.warning(request, gettext("The provider has not answered yet. The refund is settled by itself."))
    else:
        messages.error(request, gettext("The provider refused the refund: %(reason)s") % {"reason": made.note})
    return redirect("billing_operator:payment", public_id)


@require_POST
@operators_only
def chargeback(request: OperatorRequest, public_id: str) -> HttpResponse:
    """Write down what the bank took back."""
    found = _payment_or_404(public_id)
    form = ChargebackForm(request.POST, prefix="chargeback")
    if not form.is_valid():
        return _payment_page(request, found, chargeback_form=form)
    try:
        refunds.record_chargeback(payment_id=found.pk, by=request.user, **form.cleaned_data)
    except BillingRefusedError as refused:
        form.add_error("amount", str(refused))
        return _payment_page(request, found, chargeback_form=form)
    messages.success(request, gettext("The chargeback is in the ledger."))
    return redirect("billing_operator:payment", public_id)


@require_http_methods(["GET", "POST"])
@never_cache
@operators_only
def plans(request: OperatorRequest) -> HttpResponse:
    """Prices; invoices already issued keep theirs."""
    data = request.POST if request.method == "POST" else None
    forms = [PriceForm(data, instance=plan) for plan in Plan.objects.exclude(months=0)]
    if data is not None and [form.is_valid() for form in forms].count(False) == 0:
        for form in forms:
            form.save()
        messages.success(request, gettext("The prices are saved. Invoices already issued keep theirs."))
        return redirect("billing_operator:plans")
    context = {"forms": forms, "here": "plans"}
    return render(request, "accounts/billing/operator/plans.html", context, status=200 if data is None else 422)


def _list(request: OperatorRequest, form: SearchForm, found: QuerySet[Any], name: str) -> HttpResponse:
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "form": form,
        "page": Paginator(found, ON_PAGE).get_page(request.GET.get("p")),
        "here": name,
        "query": query.urlencode(),
    }
    return render(request, f"accounts/billing/operator/{name}.html", context)


def _payment_page(request: OperatorRequest, found: Payment, **forms: Any) -> HttpResponse:
    left = balance(found)
    context = {
        "payment": found,
        "refunds": found.refunds.select_related("by"),
        "ledger": LedgerEntry.objects.filter(payment=found).select_related("by"),
        "left": left,
        "pending": found.state == PaymentState.PENDING,
        "refund_form": RefundForm(prefix="refund", initial={"amount": max(left, Decimal(0))}),
        "chargeback_form": ChargebackForm(prefix="chargeback", initial={"amount": found.amount}),
        "here": "payments",
        **forms,
    }
    return render(request, "accounts/billing/operator/payment.html", context, status=422 if forms else 200)


def _invoice_or_404(public_id: str) -> Invoice:
    found = Invoice.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _payment_or_404(public_id: str) -> Payment:
    found: Payment | None = (
        Payment.objects.select_related("organisation", "invoice").filter(public_id=public_id).first()
    )
    if found is None:
        raise Http404
    return found


def _number(words: str, prefix: str = "") -> Q:
    """An invoice by its number, 2026-000123; nothing for other words."""
    year, _dash, serial = words.partition("-")
    if not (words.isascii() and year.isdigit() and serial.isdigit() and len(year) == 4 and len(serial) <= 9):
        return Q(pk__in=[])
    return Q(**{f"{prefix}year": int(year), f"{prefix}serial": int(serial)})
