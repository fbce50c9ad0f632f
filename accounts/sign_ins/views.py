from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import LogoutView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.sign_ins import listing


class SignedInRequest(HttpRequest):
    user: User


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def sign_ins(request: SignedInRequest) -> HttpResponse:
    """Where one is signed in; the form ends one sign-in (`name`) or all the others, once the password was given."""
    here = request.session.session_key or ""
    if request.method == "GET":
        context = {"sign_ins": listing.sign_ins_of(request.user, this_one=here)}
        return render(request, "accounts/sign_ins.html", context)
    name = request.POST.get("name", "")
    ended = listing.end_one(request.user, name=name) if name else listing.end_others(request.user, apart_from=here)
    if ended:
        words = ngettext("%(count)d browser is signed out.", "%(count)d browsers are signed out.", ended)
        messages.success(request, words % {"count": ended})
    else:
        messages.info(request, gettext("Nobody was signed in there any more."))
    return redirect("sign_ins")


class SignOut(LogoutView):
    """allauth's, which also has the browser forget what it kept of the pages: the next at this tablet finds nothing."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class NewKey:
    """Giving the password or a code again moves the session to a key that nobody had before."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session.cycle_key()
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response


class Reauthenticate(NewKey, ReauthenticateView):
    """With the password."""


class ReauthenticateByCode(NewKey, CodeView):
    """With a code of the second step."""
