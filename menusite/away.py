"""What a reader gets when the database or the disk fails the request: a page that says so and tries again.

The answer is 503 (507 without room on the disk), made without asking anyone anything. Whatever the request had begun
was undone with its transaction, so sending it again is safe: an order carries its own key.
"""

import errno
import logging
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from menu_pages.database_away import database_was_away, is_away, mark_database_away

logger = logging.getLogger(__name__)

NO_ROOM_MARK = "_there_was_no_room"
# Full, over the quota, larger than a file may be, mounted for reading only.
NO_ROOM_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
RETRY_SECONDS = 2
# What is sent here may hold a password, which no page repeats.
NEVER_REPEATED = ("/accounts/", "/admin/", "/billing/")


class AwayMiddleware:
    """Stands around all that ask the database: whichever of them failed for want of it, the reader gets the same
    page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        got_request_exception.connect(note_what_was_away, dispatch_uid="menusite.away")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 500:
            return response
        if database_was_away(request):
            return away(request, 503)
        if hasattr(request, NO_ROOM_MARK):
            return away(request, 507)
        return response


def note_what_was_away(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Write down in the request why it fails; the errors themselves are logged by Django."""
    error = sys.exception()
    if request is None:
        return
    if is_away(error):
        mark_database_away(request)
    elif isinstance(error, OSError) and error.errno in NO_ROOM_ERRORS:
        setattr(request, NO_ROOM_MARK, True)


def away(request: HttpRequest, status: int) -> HttpResponse:
    """The page, or the fragment a page's script asked for, in the reader's language."""
    with translation.override(translation.get_language_from_request(request)):
        if status == 503:
            message = gettext("The service cannot reach its data at this moment. Nothing is lost: try again.")
        else:
            message = gettext("There is no room left for files. Nothing was changed; everything else works.")
        if "X-Fragment" in request.headers:
            text = render_to_string("orders/_problem.html", {"message": message})
        else:
            text = render_to_string(
                "away.html",
                {"message": message, "again": _again(request), "fields": _fields(request)},
            )
        response = HttpResponse(text, status=status, headers={"Retry-After": str(RETRY_SECONDS)})
        response["Content-Language"] = translation.get_language() or ""
        response["Content-Length"] = str(len(response.content))
    add_never_cache_headers(response)
    return response


def _again(request: HttpRequest) -> str:
    """Where “try again” leads: to the same address, or back to the form when its data are not to be repeated."""
    if request.method in ("GET", "HEAD") or _repeats(request):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.META.get("HTTP_HOST") else "/"


def _fields(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What was sent, to be sent again; None when the address alone is enough."""
    if not _repeats(request):
        return None
    return [(name, value) for name, values in request.POST.lists() for value in values]


def _repeats(request: HttpRequest) -> bool:
    return (
        request.method == "POST"
        and request.content_type == "application/x-www-form-urlencoded"
        and not request.path_info.startswith(NEVER_REPEATED)
    )
