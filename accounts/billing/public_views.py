"""What comes from outside: a provider's notices, and payers on their way back."""

import logging
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from kombu.exceptions import OperationalError

from accounts.billing import webhooks
from accounts.billing.models import Payment, PaymentState
from accounts.billing.providers import provider_named
from accounts.billing.providers.base import RefusedError
from accounts.billing.settling import settle_payment
from accounts.billing.tasks import look_into_webhook
from accounts.permissions import may
from accounts.roles import Capability

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
@never_cache
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep a provider's notice and answer at once; what it is about is asked of the provider afterwards.

    404 for a provider this installation has none of, for a foreign address and for what cannot be read. One about a
    payment that is not ours is answered 200 all the same: sent again, it would not become ours.
    """
    if int(request.headers.get("Content-Length") or 0) > webhooks.LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        notice = provider_named(provider).parse_webhook(
            request.body, address=get_adapter(request).get_client_ip(request)
        )
    except (RefusedError, RequestDataTooBig) as refused:
        logger.warning("A webhook to %s was refused: %s", provider, refused)
        raise Http404 from refused
    event = webhooks.keep(provider=provider, notice=notice)
    if event is not None and event.processed_at is None:
        # Without the queue the reconciliation finds it within minutes.
        with suppress(OperationalError):
            look_into_webhook.delay(event.pk)
    return HttpResponse(status=200)


@require_GET
@never_cache
def back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a provider sends the payer: on to the subscription's page, once the provider was asked how it went.

    Someone signed out, or in another browser, is told where to look and learns nothing of the payment.
    """
    payment = Payment.objects.filter(public_id=public_id).select_related("organisation").first()
    if payment is None:
        raise Http404
    if not may(request.user, payment.organisation_id, Capability.ORGANISATION):
        return render(request, "accounts/billing/back.html")
    if payment.state == PaymentState.PENDING:
        settle_payment(payment_id=payment.pk)
    return redirect("organisation_billing:index", payment.organisation.slug)
