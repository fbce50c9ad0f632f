"""Signing up, the letter once more, and the link in it."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.account.views import SignupView
from allauth.decorators import rate_limit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.attempts import browsers
from accounts.registration import registering
from accounts.registration.forms import SendAgainForm
from accounts.registration.links import Link, State, read_link

logger = logging.getLogger(__name__)

# The session of the browser that signed up: with which address, and as whom.
EMAIL_KEY = "registration_email"
USER_KEY = "registration_user"

STATUSES = {
    State.OPEN: 200,
    State.USED: 410,
    State.EXPIRED: 410,
    State.REPLACED: 410,
    State.ALTERED: 404,
    State.FOREIGN: 409,
    State.TAKEN: 409,
}


class SignUp(SignupView):
    """The form; what it makes waits for the letter."""

    def form_valid(self, form: Any) -> HttpResponse:
        form.hash_password()
        # The account, what was asked for and the letter: all or nothing.
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
        self.request.session[EMAIL_KEY] = form.cleaned_data["email"]
        self.request.session[USER_KEY] = self.user.pk if self.user else None
        return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="send_again")
def letter_sent(request: HttpRequest) -> HttpResponse:
    """Where signing up leads: what happens next, and the letter once more."""
    email = request.session.get(EMAIL_KEY, "")
    form = SendAgainForm(request.POST or None, initial={"email": request.GET.get("email") or email})
    if request.method == "POST" and form.is_valid():
        email = request.session[EMAIL_KEY] = form.cleaned_data["email"]
        if registering.send_again(request=request, email=email):
            messages.success(request, _("The letter is sent again. It may take a few minutes."))
        else:
            messages.info(request, _("A letter went to this address less than a minute ago. Look in the spam folder."))
        return redirect("account_email_verification_sent")
    status = 422 if form.errors else 200
    return render(request, "account/verification_sent.html", {"email": email, "form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    """The link of a letter. A button stands between, so that a mail scanner confirms nothing; the browser that signed
    up needs none, since no scanner has its session."""
    link = read_link(key, request)
    if link.state is State.OPEN and link.address and (request.method == "POST" or _signed_up_here(request, link)):
        return _confirm(request, link.address)
    context = {"state": link.state.value, "email": link.address.email if link.address else "", "form": SendAgainForm()}
    if link.state is State.EXPIRED:
        context["form"] = SendAgainForm(initial={"email": context["email"]})
    return render(request, "account/email_confirm.html", context, status=STATUSES[link.state])


def _signed_up_here(request: HttpRequest, link: Link) -> bool:
    return bool(link.address) and request.session.get(USER_KEY) == link.address.user_id  # type: ignore[union-attr]


def _confirm(request: HttpRequest, address: EmailAddress) -> HttpResponse:
    user = address.user
    try:
        confirmed = get_adapter(request).confirm_email(request, address)
    except (ValidationError, DatabaseError):
        # Nothing is half-made: the whole of it was one transaction.
        logger.exception("Registration of user %s could not be completed", user.pk)
        return render(request, "account/email_confirm.html", {"state": "unfinished"}, status=503)
    if not confirmed:
        state = State.TAKEN if EmailAddress.objects.filter(pk=address.pk).exists() else State.REPLACED
        context = {"state": state.value, "email": address.email, "form": SendAgainForm()}
        return render(request, "account/email_confirm.html", context, status=STATUSES[state])
    response: HttpResponse
    if request.user.is_authenticated:
        response = redirect("account_email")
        # The browser is known to the account by its new address too.
        browsers.remember(request, response, address.email)
        return response
    here = request.session.pop(USER_KEY, None) == user.pk
    request.session.pop(EMAIL_KEY, None)
    if here:
        user.refresh_from_db()
        response = perform_login(request, user, signup=True)
    else:
        response = redirect("account_login")
    return response
