"""Counting wrong passwords: five are free, then each one more locks for twice as long, up to an hour.

A try is counted before its password is looked at and taken back when it was right, so that a hundred tries at once are
a hundred tries. What is counted is the address typed, so an address without an account locks just the same.
"""

import datetime
from dataclasses import dataclass
from math import ceil

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.attempts.models import SignInAttempts

FREE_TRIES = 5
FIRST_LOCK = datetime.timedelta(minutes=1)
LONGEST_LOCK = datetime.timedelta(hours=1)
FORGOTTEN_AFTER = datetime.timedelta(days=1)


class LockedError(Exception):
    """No try is taken before `until`."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(until)
        self.minutes = max(1, ceil((until - timezone.now()).total_seconds() / 60))


@dataclass(frozen=True)
class Try:
    """A try that was counted; `lock` is the one it would leave behind."""

    row_id: int
    browser: str
    lock: datetime.datetime | None


def account_key(name: str) -> str:
    """What stands for an account in the table and in cookies; without the secret key nobody can read it back."""
    return salted_hmac("accounts.attempts", name.strip().lower(), algorithm="sha256").hexdigest()


def begin(*, account: str, browser: str) -> Try:
    """Count a try that is about to be made; raises `LockedError` instead while the lock lasts. One transaction."""
    now = timezone.now()
    with transaction.atomic():
        row, _new = SignInAttempts.objects.select_for_update().get_or_create(
            account=account, browser=browser, defaults={"last_at": now}
        )
        if row.locked_until and row.locked_until > now:
            raise LockedError(row.locked_until)
        row.failures = row.failures + 1 if now - row.last_at < FORGOTTEN_AFTER else 1
        row.locked_until = now + lock_after(row.failures) if row.failures >= FREE_TRIES else None
        row.last_at = now
        row.save()
    return Try(row.pk, browser, row.locked_until)


def forgive(attempt: Try) -> None:
    """The try was right: a known browser starts afresh.

    Strangers' count loses this one try only, or somebody who guesses would get a clean slate with each of the owner's
    own sign-ins.
    """
    rows = SignInAttempts.objects.filter(pk=attempt.row_id)
    if attempt.browser:
        rows.delete()
        return
    if attempt.lock:
        rows.filter(locked_until=attempt.lock).update(locked_until=None)
    rows.filter(failures__gt=0).update(failures=F("failures") - 1)


def lock_after(failures: int) -> datetime.timedelta:
    return min(FIRST_LOCK * 2 ** min(failures - FREE_TRIES, 16), LONGEST_LOCK)


def forget_old() -> int:
    """Delete counts nothing was added to for a day; returns how many."""
    return SignInAttempts.objects.filter(last_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]
