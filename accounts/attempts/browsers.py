"""Browsers that have signed in before: a signed cookie names the accounts, and gives the browser counts of its own.

After OWASP's device cookies: thousands of wrong passwords from elsewhere lock everybody else out of an account, not the
browsers its owner uses. The cookie opens nothing; it only says whose count a wrong password adds to.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from accounts.attempts.counting import account_key

SALT = "accounts.attempts.browsers"
# As long as browsers keep a cookie at all.
KEPT_FOR = timedelta(days=400)
# A tablet on the bar serves a whole shift.
MOST_ACCOUNTS = 30


def browser_of(request: HttpRequest, email: str) -> str:
    """The browser's own id if it has signed in to this account before; else empty. No query."""
    known = _read(request)
    return known["id"] if account_key(email) in known["accounts"] else ""


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Let the response say that this browser has signed in to the account."""
    known = _read(request)
    key = account_key(email)
    accounts = [account for account in known["accounts"] if account != key]
    value = {"id": known["id"], "accounts": [*accounts, key][-MOST_ACCOUNTS:]}
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE,
        signing.dumps(value, salt=SALT, compress=True),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    fresh = {"id": secrets.token_hex(16), "accounts": []}
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, "")
    try:
        known: dict[str, Any] = signing.loads(cookie, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return fresh
    return known
