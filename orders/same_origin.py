"""Guests' forms carry no token, so that their pages can be shared; the browser says where a POST comes from."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


def from_own_pages(view: View) -> View:
    """Refuse a request that another site made, or that does not say where it comes from; reading is free."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") or is_own(request):
            return view(request, *args, **kwargs)
        message = gettext("This form came from another site, so nothing was done. Open the menu and try again.")
        template = "orders/_problem.html" if "X-Fragment" in request.headers else "orders/refused.html"
        return render(request, template, {"message": message}, status=403)

    return guarded


def split_address(text: str) -> SplitResult | None:
    """The parts of an address from a header; None for what is none, such as `http://[x`."""
    try:
        return urlsplit(text)
    except ValueError:
        return None


def is_own(request: HttpRequest) -> bool:
    """By `Sec-Fetch-Site`, else `Origin`, else `Referer`; none of the three is not ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if not source:
        return False
    parts = split_address(source)
    return parts is not None and (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
