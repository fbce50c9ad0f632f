from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from accounts.attempts.counting import LockedError


def too_many(locked: LockedError) -> ValidationError:
    """What a locked try is told: nothing of whether the account exists, and the way out for its owner."""
    words = ngettext(
        "Too many wrong tries. Wait %(minutes)d minute, or ask for a letter to set a new password.",
        "Too many wrong tries. Wait %(minutes)d minutes, or ask for a letter to set a new password.",
        locked.minutes,
    )
    return ValidationError(words % {"minutes": locked.minutes}, code="too_many_login_attempts")


def too_many_codes(locked: LockedError) -> ValidationError:
    words = ngettext(
        "Too many wrong codes. Wait %(minutes)d minute and try again.",
        "Too many wrong codes. Wait %(minutes)d minutes and try again.",
        locked.minutes,
    )
    return ValidationError(words % {"minutes": locked.minutes}, code="too_many_login_attempts")
