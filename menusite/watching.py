"""Around every request, outside of all other middleware: its id, and how long it took."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.response import ResponseHeaders

from menusite.metrics import METHODS, count_request
from menusite.request_id import HEADER, accepted, begin, end

_KEY = HEADER.lower()
Handler = Callable[[HttpRequest], HttpResponseBase]


class WatchMiddleware:
    """Adds some microseconds, also to pages that are answered from where they are kept."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        own = accepted(request.META.get("HTTP_X_REQUEST_ID"))
        # Django logs answers of 400 and more after all middleware.
        request.request_id = own  # type: ignore[attr-defined]
        token = begin(own)
        try:
            response = self.get_response(request)
        finally:
            end(token)
        response.headers = _with_id(response.headers, own)
        method = request.method if request.method in METHODS else "other"
        count_request(
            _route_of(request), method, response.status_code, time.perf_counter() - began, getattr(request, "kept", "")
        )
        return response


def _with_id(headers: ResponseHeaders, own: str) -> ResponseHeaders:
    """A copy: a kept page's headers are one object for everyone who asks at this moment."""
    copied = ResponseHeaders.__new__(ResponseHeaders)
    copied._store = {**headers._store, _KEY: (HEADER, own)}
    return copied


def _route_of(request: HttpRequest) -> str:
    """The route's name; of answers given before there is one, what gave them."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    early = getattr(request, "answered_as", "")
    if early:
        return early
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
