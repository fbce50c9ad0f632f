"""The second step's codes are counted like passwords: six figures are guessed sooner."""

from typing import Any

from allauth.core import context
from allauth.mfa.base import forms

from accounts.attempts.browsers import browser_of
from accounts.attempts.counting import LockedError, account_key, begin, forgive
from accounts.attempts.words import too_many_codes


class CountedCode:
    """A form's `clean_code` that takes no more tries than a password gets."""

    user: Any

    def clean_code(self) -> str:
        browser = browser_of(context.request, self.user.email)
        try:
            attempt = begin(account=account_key(f"second step of {self.user.pk}"), browser=browser)
        except LockedError as locked:
            raise too_many_codes(locked) from locked
        code: str = super().clean_code()  # type: ignore[misc]
        forgive(attempt)
        return code


class AuthenticateForm(CountedCode, forms.AuthenticateForm):
    """Signing in."""


class ReauthenticateForm(CountedCode, forms.ReauthenticateForm):
    """Confirming who one is before changing how one signs in."""
