"""Pages of a menu answered before anything else is looked up: one body for everyone, the guest's own parts filled in.

Three doors. Without a session: the shared body as it is. With a guest's visit: its session is read, and the table and
the basket are put where the body leaves room. Everything else, signed-in people, previews and any question after the
address (a table's link among them), passes by.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import ResponseHeaders
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.scope import everyone
from menu_pages.database_away import database_was_away, is_away
from menu_pages.guest_parts import cut
from menu_pages.models import PlacePage
from menu_pages.next_turn import next_turn
from menu_pages.shared_pages.encodings import best_encoding, encode
from menu_pages.shared_pages.known_places import KnownPlace, known_place, look_up
from menu_pages.shared_pages.store import (
    ReadyBody,
    SharedPage,
    keep_body,
    keep_page,
    kept_body,
    kept_page,
    one_at_a_time,
    page_key,
)
from menu_pages.slugs import RESERVED_CATEGORY_SLUGS, RESERVED_PLACE_SLUGS
from orders.guest_parts import DRAWN_FOR_ALL, Where, filled
from orders.guest_state import GuestState
from orders.page_views import log_view, what_is_seen
from orders.sessions import SessionStore

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponseBase]
MENU_PATH = re.compile(r"/([-a-zA-Z0-9_]+)/(?:([-a-zA-Z0-9_]+)/(?:[-a-zA-Z0-9_]+/){0,8})?", re.ASCII)


class SharedPagesMiddleware:
    """Stands before routing and sessions: what it answers costs neither, nor drawing, nor, outside visits, a query."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        slug = _place_asked_for(request) if settings.PAGES_KEPT else None
        if slug is None:
            return self.get_response(request)
        place = known_place(slug)
        if place is None:
            with everyone():
                place = look_up(slug)
        if place is None:
            return self.get_response(request)
        try:
            session = _session_of(request)
        except Error as error:
            if not is_away(error):
                raise
            return self._without_session(request, place)
        if session is not None and SESSION_KEY in session:
            return self.get_response(request)
        state = None if session is None else GuestState.of(session, place.place_id)
        # For whoever counts: no route is looked up for these.
        request.answered_as = "wagtail_serve"  # type: ignore[attr-defined]
        request.kept = "hit"  # type: ignore[attr-defined]
        if session is None or state is None:
            return self._shared(request, place)
        return self._own(request, place, session, state)

    def _shared(self, request: HttpRequest, place: KnownPlace) -> HttpResponseBase:
        """The same for everyone, compressed once."""
        key, now = _key(request, place), time.time()
        encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        ready = kept_body(key, encoding, now)
        if ready is None:
            page = self._page(request, key, now)
            if not isinstance(page, SharedPage):
                return page
            ready = _ready(key, page, encoding)
            keep_body(key, encoding, ready)
        if request.META.get("HTTP_IF_NONE_MATCH") == ready.etag:
            return HttpResponse(status=304, headers={"ETag": ready.etag, "Vary": ready.headers["Vary"]})
        response = HttpResponse(ready.body)
        # Set one by one they would take as long as all the rest.
        response.headers = ready.headers
        return response

    def _without_session(self, request: HttpRequest, place: KnownPlace) -> HttpResponseBase:
        """The menu without the guest's table and basket, for as long as their session cannot be read."""
        page = self._page(request, _key(request, place), time.time())
        if not isinstance(page, SharedPage):
            return page
        with translation.override(page.headers["Content-Language"]):
            body = filled(page.pieces, Where(**page.about["where"]), None).encode()
        own = {"Cache-Control": "private, no-store", "Content-Length": str(len(body))}
        return HttpResponse(body, headers=page.headers | own)

    def _own(
        self, request: HttpRequest, place: KnownPlace, session: SessionStore, state: GuestState
    ) -> HttpResponseBase:
        """The same body with this guest's table and basket; what they look at goes into their session's log."""
        page = self._page(request, _key(request, place), time.time())
        if not isinstance(page, SharedPage):
            return page
        with translation.override(page.headers["Content-Language"]), everyone():
            body = filled(page.pieces, Where(**page.about["where"]), state).encode()
            if "HTTP_SEC_PURPOSE" not in request.META:
                _log_view(session, place, page)
        encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""), on_the_fly=True)
        headers = _headers(page, encoding) | {"Cache-Control": "private, no-store"}
        packed = encode(body, encoding, on_the_fly=True)
        return HttpResponse(packed, headers={**headers, "Content-Length": str(len(packed))})

    def _page(self, request: HttpRequest, key: str, now: float) -> SharedPage | HttpResponseBase:
        """The page from where it is kept, else drawn; or the answer to an address that has no page to keep."""
        page = kept_page(key, now)
        if page is not None:
            return page
        with one_at_a_time(key):
            page = kept_page(key, now)
            if page is not None:
                return page
            request.kept = "miss"  # type: ignore[attr-defined]
            drawn = self._draw(request)
            if isinstance(drawn, SharedPage):
                keep_page(key, drawn)
                return drawn
            # A menu whose hour has passed is better than none.
            late = kept_page(key, 0) if database_was_away(request) else None
            return late or drawn

    def _draw(self, request: HttpRequest) -> SharedPage | HttpResponseBase:
        """Draw the page as for a stranger, whoever asks."""
        now = timezone.now()
        with _as_a_stranger(request):
            response = self.get_response(request)
        page = getattr(response, "guest_page", None)
        if page is None or response.status_code != 200 or not isinstance(response, HttpResponse) or response.cookies:
            return response
        place: PlacePage = page.place
        context = getattr(response, "context_data", None) or {}
        menu = context.get("menu")
        with everyone():
            until = next_turn(place, now, menu and [section.category for section in menu.sections])
        patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
        del response["Content-Length"]
        return SharedPage(
            pieces=cut(response.content.decode()),
            headers=dict(response.items()),
            until=until.timestamp(),
            about={
                "where": {"href": place.href, "currency": place.record.currency},
                "seen": what_is_seen(page, context),
            },
        )


@contextmanager
def _as_a_stranger(request: HttpRequest) -> Iterator[None]:
    """Nothing of the request tells who asks, but for the language."""
    cookies, meta = request.COOKIES, request.META
    language = cookies.get(settings.LANGUAGE_COOKIE_NAME)
    request.COOKIES = {} if language is None else {settings.LANGUAGE_COOKIE_NAME: language}
    personal = ("HTTP_COOKIE", "HTTP_ACCEPT_ENCODING")
    request.META = {name: value for name, value in meta.items() if name not in personal} | {DRAWN_FOR_ALL: True}
    try:
        yield
    finally:
        request.COOKIES, request.META = cookies, meta


def _place_asked_for(request: HttpRequest) -> str | None:
    """The slug of the place whose menu page is asked for, if this is all that is asked."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    path = MENU_PATH.fullmatch(request.path_info)
    if path is None or path[1] in RESERVED_PLACE_SLUGS or path[2] in RESERVED_CATEGORY_SLUGS:
        return None
    if getattr(request, "is_dummy", False) or (settings.SECURE_SSL_REDIRECT and not request.is_secure()):
        return None
    return path[1] if _is_our_host(request) else None


# Hosts that were found ours, and languages by what a browser said: both are the same for many guests.
_hosts: set[str] = set()
_languages: dict[tuple[str, str], str] = {}
MOST_REMEMBERED = 2000


def _is_our_host(request: HttpRequest) -> bool:
    said = request.META.get("HTTP_HOST", "")
    if said in _hosts:
        return True
    try:
        request.get_host()
    except DisallowedHost:
        return False
    if len(_hosts) < MOST_REMEMBERED:
        _hosts.add(said)
    return True


def _language_of(request: HttpRequest) -> str:
    said = (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    language = _languages.get(said)
    if language is None:
        if len(_languages) >= MOST_REMEMBERED:
            _languages.clear()
        language = _languages[said] = translation.get_language_from_request(request)
    return language


def _session_of(request: HttpRequest) -> SessionStore | None:
    """The session the browser names, read; one that is gone is none. One query, none without the cookie."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if key is None:
        return None
    session = SessionStore(key)
    return None if session.is_empty() or not session.keys() else session


def _log_view(session: SessionStore, place: KnownPlace, page: SharedPage) -> None:
    """What the guest looks at, written down if the database is there; the page is ready either way."""
    try:
        log_view(session, place.place_id, page.about["seen"])
    except Error as error:
        if not is_away(error):
            raise
        logger.warning("A view of %s was not written down: %s", place.place_id, error)


def _key(request: HttpRequest, place: KnownPlace) -> str:
    return page_key(
        place_id=place.place_id,
        version=place.version,
        language=_language_of(request),
        path=request.path_info,
    )


def _headers(page: SharedPage, encoding: str) -> dict[str, str]:
    return page.headers if encoding == "identity" else page.headers | {"Content-Encoding": encoding}


def _ready(key: str, page: SharedPage, encoding: str) -> ReadyBody:
    with translation.override(page.headers["Content-Language"]):
        body = filled(page.pieces, Where(**page.about["where"]), None)
    etag = f'"{key.removeprefix("page:")}-{encoding}"'
    packed = encode(body.encode(), encoding)
    own = {"Cache-Control": "no-cache", "ETag": etag, "Content-Length": str(len(packed))}
    return ReadyBody(packed, ResponseHeaders(_headers(page, encoding) | own), etag, page.until)
