"""What happened at the doors, a line each in the log named as this module: who came in, who was refused, what was
changed about signing in.

People are numbers and addresses typed are keyed hashes here: a log is read by more people than the table of users.
What was asked for is named by its route, in which nothing stands that a visitor wrote.
"""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as two_step
from django.contrib.auth import user_logged_in, user_logged_out
from django.dispatch import Signal
from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

CHANGES: dict[str, Signal] = {
    "password changed": account.password_changed,
    "password set": account.password_set,
    "password set by letter": account.password_reset,
    "address changed": account.email_changed,
    "address confirmed": account.email_confirmed,
    "second step added": two_step.authenticator_added,
    "second step removed": two_step.authenticator_removed,
    "recovery codes made anew": two_step.authenticator_reset,
    "wrong second step": two_step.authentication_failed,
    "second step taken": two_step.authenticator_used,
    "signed in": user_logged_in,
    "signed out": user_logged_out,
}
REFUSALS = (403, 404)


def say(event: str) -> Any:
    """A receiver that writes the event down, with the user's number."""

    def written(sender: Any, **kwargs: Any) -> None:
        user = kwargs.get("user") or getattr(kwargs.get("email_address"), "user", None)
        logger.info("%s: user %s", event, getattr(user, "pk", None))

    return written


for event, signal in CHANGES.items():
    signal.connect(say(event), weak=False, dispatch_uid=f"security log: {event}")


def wrong_password(account_key: str) -> None:
    """A password that was not the account's, or of no account."""
    logger.info("wrong password: account %s", account_key[:12])


def locked(account_key: str) -> None:
    """A try while none is taken."""
    logger.warning("no try is taken: account %s", account_key[:12])


def refused(request: HttpRequest, response: HttpResponseBase) -> None:
    """Somebody signed in who asked for what they may not, or for what is not there: the answers are the same."""
    if response.status_code in REFUSALS and request.user.is_authenticated:
        logger.info("%s: user %s, %s", response.status_code, request.user.pk, _route(request))


def foreign_form(request: HttpRequest) -> None:
    """A form that came from another site, or does not say from where."""
    logger.info("a form from elsewhere: %s", _route(request))


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "no route"
