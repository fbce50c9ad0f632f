import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from menu_pages.addresses import moved_to

SLUG = re.compile(r"[-a-zA-Z0-9_]+")


class OldAddressMiddleware:
    """A place that changed its address is still found under the old one, query and all: printed codes carry it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        slug, _slash, rest = request.path_info.lstrip("/").partition("/")
        # Other characters were never in an address, and PostgreSQL refuses some of them (NUL) in a query.
        today = moved_to(slug) if SLUG.fullmatch(slug) else None
        if today is None:
            return response
        query = request.META.get("QUERY_STRING", "")
        moved = HttpResponseRedirect(f"/{today}/{rest}" + (f"?{query}" if query else ""))
        if request.method not in ("GET", "HEAD"):
            moved.status_code = 307  # a guest who is already inside goes on adding
        return moved
