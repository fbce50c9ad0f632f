import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from menu_pages.models import PlacePage
from menu_pages.themes.links import within
from orders.guest_parts import DRAWN_FOR_ALL, fill, state_of
from orders.page_views import log_view, what_is_seen
from orders.places import find_place
from orders.sessions import session_of
from orders.visits import open_table_link

Handler = Callable[[HttpRequest], HttpResponseBase]
PLACE_PATH = re.compile(r"\A/([-a-zA-Z0-9_]+)/\Z")
NUMBER = re.compile(r"[0-9]{1,5}", re.ASCII)


class TableLinkMiddleware:
    """`/<place>/?table=7&key=…`, what a table's code holds: check it, seat the guest, lead to the clean address."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = PLACE_PATH.match(request.path_info)
        if path is None or request.method != "GET" or "table" not in request.GET or "key" not in request.GET:
            return self.get_response(request)
        place = find_place(path[1])
        if place is None:
            return self.get_response(request)
        number, key = request.GET["table"], request.GET["key"][:64]
        visit = None
        if NUMBER.fullmatch(number):
            visit = open_table_link(session=session_of(request), place=place, number=int(number), key=key)
        response = HttpResponse(status=303)
        response["Location"] = place.href if visit else f"{place.href}?code=unknown"
        patch_cache_control(response, private=True, no_store=True)
        return response


class GuestPartsMiddleware:
    """Fill a shared page's placeholders with the guest's own table and basket."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        page = getattr(response, "guest_page", None)
        if page is None or not isinstance(response, HttpResponse) or DRAWN_FOR_ALL in request.META:
            return response
        place: PlacePage = page.place
        # A preview shows the page as a guest who has just come would see it.
        state = None if getattr(request, "is_preview", False) else state_of(request, place)
        with within(getattr(request, "theme_preview", None)):
            response.content = fill(response.content.decode(), place, state).encode()
        if state is not None:
            patch_cache_control(response, private=True, no_store=True)
            if _looked_at(request, response):
                seen = what_is_seen(page, getattr(response, "context_data", None) or {})
                log_view(session_of(request), place.pk, seen)
        return response


def _looked_at(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a guest is reading the page: not an owner's walk through a theme, nor what a browser fetches ahead."""
    aside = hasattr(request, "theme_preview") or "Sec-Purpose" in request.headers
    return request.method == "GET" and response.status_code == 200 and not aside
