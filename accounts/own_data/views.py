"""A person's own data: a copy to take along, and leaving for good."""

from email.utils import parseaddr
from typing import cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.own_data.erasing import OnlyOwnerError, erase_person, only_owner_of
from accounts.own_data.exporting import data_of

FILE_NAME = "menusite-my-data.json"


@login_required
@never_cache
@require_GET
def own_data(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@reauthentication_required
@never_cache
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(
        data_of(_person(request)), DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@login_required
@never_cache
def erase(request: HttpRequest) -> HttpResponse:
    """Who comes here by hand, or back from confirming their password, is shown the page: nothing is erased by a
    link."""
    return _erase(request) if request.method == "POST" else redirect("own_data")


@reauthentication_required
@require_POST
def _erase(request: HttpRequest) -> HttpResponse:
    if not request.POST.get("sure"):
        return _page(request, unsure=True)
    try:
        erase_person(user=User.objects.get(pk=_person(request).pk))
    except OnlyOwnerError:
        # Another owner left while the page was open.
        return _page(request, status=409)
    logout(request)
    return render(request, "accounts/own_data/erased.html")


def _page(request: HttpRequest, *, unsure: bool = False, status: int = 200) -> HttpResponse:
    context = {
        "only_owner_of": only_owner_of(_person(request)),
        "unsure": unsure,
        "support_email": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }
    return render(request, "accounts/own_data/page.html", context, status=422 if unsure else status)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
