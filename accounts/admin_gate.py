"""The gate of /admin/: for an organisation's people only what is declared exists there, and only their own ids.

Wagtail's screens are made for people who trust each other: some list everything there is, some name what they refuse.
So each floor declares in its `admin_routes` what its people may open; everything else, whatever an upgrade or a package
adds, answers 404. The ids a request carries – in its path, its query, its body – are looked at before any view runs:
one that is not theirs is answered like one that does not exist. The service's operator passes.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.admin.auth import reject_request

from accounts.models import User

WAYS_THROUGH = ("/admin/login/", "/admin/logout/")

# Given the request and the arguments of its view, answers with the page to go to instead, or with none to go on;
# raises `Http404` where an id is not the user's.
Check = Callable[[HttpRequest, Mapping[str, Any]], HttpResponseBase | None]

_names: set[str] = set()
_namespaces: set[str] = set()
_checks: list[Check] = []


def allow(names: Iterable[str] = (), *, namespaces: Iterable[str] = ()) -> None:
    """Declare routes that an organisation's people may open: by view name, or every route of a namespace.

    What a declared view shows stays its own affair: it comes through `place_or_404` or `organisation_or_404`, or reads
    through the scoped managers.
    """
    _names.update(names)
    _namespaces.update(namespaces)


def check_ids(check: Check) -> Check:
    """Have every request of an organisation's people looked at before its view runs."""
    _checks.append(check)
    return check


def is_allowed(view_name: str) -> bool:
    namespace, _colon, _name = view_name.rpartition(":")
    return view_name in _names or namespace in _namespaces


class AdminGateMiddleware:
    """Strangers are asked to sign in; waiters and kitchen have their desk and find no admin at all; moderators find
    what is declared."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        inside = request.path_info.startswith("/admin/") and not request.path_info.startswith(WAYS_THROUGH)
        return gate(request, request.user, kwargs) if inside else None


def gate(request: HttpRequest, user: User | AnonymousUser, kwargs: Mapping[str, Any]) -> HttpResponseBase | None:
    if not user.is_authenticated:
        return reject_request(request)
    if user.is_superuser:
        return None
    # Wagtail would send those who may not enter to sign in, and signing in would send them back.
    if not user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    if request.resolver_match is None or not is_allowed(request.resolver_match.view_name):
        raise Http404
    for check in _checks:
        instead = check(request, kwargs)
        if instead is not None:
            return instead
    return None
