"""A desk's question of each second: has anything changed, and may this browser still look?

It is answered before any other middleware and in one query, since it is asked by every desk all day long.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare

from accounts.models import Membership, User
from accounts.prepared import Prepared
from accounts.roles import Capability, roles_with
from accounts.scope import everyone
from accounts.sign_ins.age import is_over
from menu_pages.models import PlaceRecord
from orders.models import Session
from orders.sessions import SessionStore, signed_in_user

if TYPE_CHECKING:
    from django.db.models import QuerySet

PULSE_PATH = re.compile(r"\A/staff/([-a-zA-Z0-9_]+)/pulse/\Z")


class DeskPulseMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = PULSE_PATH.match(request.path_info)
        if not asked:
            return self.get_response(request)
        # For whoever counts: no route is looked up for this.
        request.answered_as = "desk:pulse"  # type: ignore[attr-defined]
        return pulse(request, asked[1])


def pulse(request: HttpRequest, place_slug: str) -> HttpResponse:
    """204 while the desk's version, `since`, is the place's; else 200 with the version it has now.

    404 when the place is not there or this browser may not (any longer) see its desk: signed out, the password
    changed, the account closed, the role taken away. One query.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    version = _version_for(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), place_slug)
    if version is None:
        response = HttpResponse(status=404)
    elif request.GET.get("since") == str(version):
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(str(version), content_type="text/plain")
    add_never_cache_headers(response)
    return response


def _version_for(session_key: str, place_slug: str) -> int | None:
    """The version of the place's desk; None for a browser that may not see it."""
    if not session_key or "\0" in session_key:
        return None
    with everyone():
        row = _look(session_key, place_slug)
    if row is None or row["place"] is None:
        return None
    data = SessionStore().decode(row["session_data"])
    user_id = signed_in_user(data)
    if user_id is None or is_over(data):
        return None
    if row["user_id"] is None:
        # A session from before its row said whose it is: from the next time on it does.
        Session.objects.filter(pk=session_key).update(user_id=user_id)
        return -1
    welcome = row["user__is_active"] and (row["works_here"] or row["user__is_superuser"])
    if not welcome or user_id != row["user_id"] or not _same_password(data, row["user__password"]):
        return None
    return row["version"] or 0


COLUMNS = (
    "session_data",
    "user_id",
    "user__password",
    "user__is_active",
    "user__is_superuser",
    "place",
    "version",
    "works_here",
)


def _look(session_key: str, place_slug: str) -> Mapping[str, Any] | None:
    row = _desk.first(session_key=session_key, place_slug=place_slug, now=timezone.now())
    return None if row is None else dict(zip(COLUMNS, row, strict=True))


def _seen_from(session_key: str, place_slug: str, now: datetime) -> "QuerySet[Any]":
    """The session, whose it is, and what it may see of the place at this address."""
    records = PlaceRecord.base_objects.filter(place__slug=place_slug)
    memberships = Membership.objects.filter(
        user=OuterRef("user"),
        organisation__places__place__slug=place_slug,
        role__in=roles_with(Capability.ORDERS),
    )
    sessions = Session.objects.filter(pk=session_key, expire_date__gt=now).annotate(
        place=Subquery(records.values("pk")[:1]),
        version=Subquery(records.values("place__desk_state__version")[:1]),
        works_here=Exists(memberships),
    )
    return sessions.values_list(*COLUMNS)


_desk = Prepared(_seen_from)


def _same_password(data: Mapping[str, Any], password: str) -> bool:
    """Whether the session was begun with the password the user has now, as Django's own sign-in checks it."""
    user, begun_with = User(password=password), data.get(HASH_SESSION_KEY, "")
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(begun_with, known) for known in hashes)
