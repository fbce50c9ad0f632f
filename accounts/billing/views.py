"""The owner's page of the subscription: its state, plan, invoices, saved method."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from accounts.billing import settling, subscriptions
from accounts.billing.forms import PlanForm
from accounts.billing.invoice_pdf import draw_invoice, file_name
from accounts.billing.models import (
    Invoice,
    InvoiceState,
    Payment,
    PaymentState,
    PlanCode,
    Subscription,
    SubscriptionState,
)
from accounts.billing.periods import zone
from accounts.billing.providers.base import MANUAL
from accounts.billing.subscriptions import BillingRefusedError
from accounts.models import Organisation, User
from accounts.organisation_admin import tabs
from accounts.permissions import organisation_or_404

INVOICES_ON_PAGE = 20
# A next period is offered for payment when the one before comes to its end.
OFFERED_DAYS_BEFORE = 31


class OwnerRequest(HttpRequest):
    """A request that Wagtail's admin has let through."""

    user: User


@require_GET
@never_cache
def index(request: OwnerRequest, slug: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    subscription = _subscription(organisation)
    return _page(request, subscription, PlanForm(subscription=subscription))


@require_POST
def plan(request: OwnerRequest, slug: str) -> HttpResponse:
    """Choose what the next invoice is for."""
    organisation = organisation_or_404(request.user, slug)
    subscription = _subscription(organisation)
    form = PlanForm(request.POST, subscription=subscription)
    if not form.is_valid():
        return _page(request, subscription, form, status=422)
    try:
        subscriptions.choose_plan(subscription_id=subscription.pk, by=request.user, **form.cleaned_data)
    except BillingRefusedError as refused:
        form.add_error("places", str(refused))
        return _page(request, subscription, form, status=422)
    messages.success(request, gettext("The plan is chosen. It holds from the next payment on."))
    return redirect("organisation_billing:index", slug)


@require_POST
def pay(request: OwnerRequest, slug: str) -> HttpResponse:
    """Begin to pay: on to the provider's page, or, for a bank transfer, an invoice to pay by."""
    organisation = organisation_or_404(request.user, slug)
    subscription = _subscription(organisation)
    if subscription.plan.code != PlanCode.TRIAL and not _payable(subscription):
        # A page that was open since before the last payment.
        messages.info(
            request,
            gettext("Access is paid for a long time ahead. The next payment is offered nearer to its end."),
        )
        return redirect("organisation_billing:index", slug)
    try:
        payment = settling.start_payment(subscription_id=subscription.pk, save_method="save_method" in request.POST)
    except BillingRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("organisation_billing:index", slug)
    if payment.confirmation_url:
        return redirect(payment.confirmation_url)
    if payment.provider == MANUAL:
        messages.success(request, gettext("The invoice is below. Access goes on once the transfer has arrived."))
    elif payment.state == PaymentState.PENDING:
        messages.warning(
            request, gettext("The payment service does not answer. Try again in a minute: nothing is lost.")
        )
    elif payment.state == PaymentState.CANCELLED:
        messages.error(request, gettext("The payment service did not take the payment. Try again."))
    return redirect("organisation_billing:index", slug)


@require_POST
def renewal(request: OwnerRequest, slug: str) -> HttpResponse:
    """Cancel at the end of the paid time, or go on after all."""
    organisation = organisation_or_404(request.user, slug)
    renews = request.POST.get("renews") == "yes"
    subscriptions.set_renewal(subscription_id=_subscription(organisation).pk, renews=renews, by=request.user)
    if renews:
        messages.success(request, gettext("The subscription goes on."))
    else:
        messages.success(request, gettext("The subscription ends when the paid time does. Nothing is deleted."))
    return redirect("organisation_billing:index", slug)


@require_POST
def forget(request: OwnerRequest, slug: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    subscriptions.forget_method(subscription_id=_subscription(organisation).pk, by=request.user)
    messages.success(request, gettext("The payment method is forgotten. Nothing is charged by itself any more."))
    return redirect("organisation_billing:index", slug)


@require_GET
@never_cache
def invoice_pdf(request: OwnerRequest, slug: str, public_id: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    invoice = Invoice.objects.filter(organisation=organisation, public_id=public_id).first()
    if invoice is None:
        raise Http404
    return pdf_response(invoice)


def pdf_response(invoice: Invoice) -> HttpResponse:
    response = HttpResponse(draw_invoice(invoice), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(invoice)}"'
    return response


def _subscription(organisation: Organisation) -> Subscription:
    found = Subscription.objects.filter(organisation=organisation).select_related("plan", "organisation").first()
    return found or subscriptions.start_trial(organisation=organisation)


def _page(request: OwnerRequest, subscription: Subscription, form: PlanForm, *, status: int = 200) -> HttpResponse:
    organisation = subscription.organisation
    invoices = Paginator(Invoice.objects.filter(organisation=organisation), INVOICES_ON_PAGE)
    under_way = Payment.objects.filter(organisation=organisation, state=PaymentState.PENDING).select_related("invoice")
    context: dict[str, Any] = {
        "organisation": organisation,
        "subscription": subscription,
        "tabs": tabs("billing", organisation),
        "form": form,
        "plans": [(found, found.total(form.initial["places"])) for found in form.fields["plan"].queryset],  # type: ignore[attr-defined]
        "days_left": subscription.days_left(),
        "chosen": subscription.plan.code != PlanCode.TRIAL,
        "next_total": subscription.plan.total(max(subscription.places, form.initial["places"])),
        "payable": _payable(subscription),
        "by_transfer": settings.PAYMENT_PROVIDER == MANUAL,
        "under_way": under_way.first(),
        "invoices": invoices.get_page(request.GET.get("p")),
        "open_state": InvoiceState.OPEN,
    }
    with timezone.override(zone()):
        return render(request, "accounts/billing/index.html", context, status=status)


def _payable(subscription: Subscription) -> bool:
    if subscription.plan.code == PlanCode.TRIAL:
        return False
    return subscription.state != SubscriptionState.ACTIVE or subscription.days_left() <= OFFERED_DAYS_BEFORE
