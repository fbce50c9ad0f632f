"""Guests' forms carry no token, so that their pages can be shared; the browser says where a POST comes from."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import security_log
from orders.places import published_place_or_404

View = Callable[..., HttpResponseBase]


def from_own_pages(view: View) -> View:
    """Refuse a request that another site made, or that does not say where it comes from; reading is free."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") or is_own(request):
            return view(request, *args, **kwargs)
        security_log.foreign_form(request)
        message = gettext("This form came from another site, so nothing was done. Open the menu and try again.")
        template = "orders/_problem.html" if "X-Fragment" in request.headers else "orders/refused.html"
        return render(request, template, {"message": message}, status=403)

    return guarded


def posts_only(view: View | None = None, *, back: str = "basket/") -> Any:
    """What is asked for with GET here was typed, or is the address of a refusal that was reloaded: `back` to a page of
    the place."""
    if view is None:
        return partial(posts_only, back=back)

    @wraps(view)
    def checked(request: HttpRequest, place_slug: str, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            response = HttpResponse(status=303)
            response["Location"] = f"{published_place_or_404(place_slug).href}{back}"
            patch_cache_control(response, private=True, no_store=True)
            return response
        return require_POST(view)(request, place_slug, **kwargs)

    return checked


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
