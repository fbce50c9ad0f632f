"""How long a sign-in lasts: a session knows when it was begun, and after `SIGN_IN_LASTS` the password is asked again.

A session nobody uses ends sooner, with `SESSION_COOKIE_AGE`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from accounts.sign_ins.browsers import describe_browser

BEGUN_AT = "signed_in_at"
BROWSER = "signed_in_with"
# Where somebody who is signed in sees or does more than a guest.
AREAS = ("/admin/", "/staff/", "/accounts/", "/billing/")


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    """Write into the session when it was signed in, and with which browser, for its owner to recognise it by."""
    request.session[BEGUN_AT] = int(time())
    request.session[BROWSER] = describe_browser(request.headers.get("User-Agent", ""))


def is_over(session: Mapping[str, Any]) -> bool:
    """Whether a session has been signed in for longer than a sign-in lasts."""
    longest: timedelta = settings.SIGN_IN_LASTS
    begun_at = session.get(BEGUN_AT)
    return begun_at is not None and time() - begun_at > longest.total_seconds()


class SignInAgeMiddleware:
    """End a sign-in that has lasted long enough. Before the one that looks at who is asking for their organisations."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(AREAS) and SESSION_KEY in request.session:
            if BEGUN_AT not in request.session:
                # Signed in before this was written down: the time runs from now.
                note_sign_in(request)
            elif is_over(request.session):
                logout(request)
        return self.get_response(request)
