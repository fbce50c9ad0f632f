"""The sessions in which somebody is signed in, and ending them.

The table is that of the session engine, which keeps beside each session whose it is (its column `user`). Sessions are
named by a keyed hash: their keys, which open them, leave the database for nobody.
"""

import datetime
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.sign_ins.age import BEGUN_AT, BROWSER, is_over


@dataclass(frozen=True)
class SignIn:
    name: str
    browser: str
    begun_at: datetime.datetime | None
    is_this_one: bool


def sign_ins_of(user: User, *, this_one: str) -> list[SignIn]:
    """Where the user is signed in, the browser with the session key `this_one` first. One query."""
    found = []
    for row in _rows(user):
        data = row.get_decoded()
        # The column follows what the session says; the session itself has the last word.
        if data.get(SESSION_KEY) != str(user.pk) or is_over(data):
            continue
        begun_at = data.get(BEGUN_AT)
        found.append(
            SignIn(
                name=_name(row.pk),
                browser=data.get(BROWSER, ""),
                begun_at=begun_at and datetime.datetime.fromtimestamp(begun_at, tz=datetime.UTC),
                is_this_one=row.pk == this_one,
            )
        )
    longest_ago = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return sorted(found, key=lambda one: (one.is_this_one, one.begun_at or longest_ago), reverse=True)


def end_one(user: User, *, name: str) -> int:
    """End the user's sign-in of that name; returns how many ended, which is none for a name that is not theirs."""
    keys = [row.pk for row in _rows(user) if _name(row.pk) == name]
    return _end(_rows(user).filter(pk__in=keys))


def end_others(user: User, *, apart_from: str) -> int:
    """End all of the user's sign-ins but the one with that session key; returns how many."""
    return _end(_rows(user).exclude(pk=apart_from))


def end_all(user: User | None = None) -> int:
    """End every sign-in of the user, or everybody's; returns how many. Guests' sessions stay."""
    return _end(_rows(user))


def _rows(user: User | None) -> QuerySet[Any]:
    model: Any = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    rows: QuerySet[Any] = model.objects.filter(expire_date__gt=timezone.now())
    return rows.exclude(user=None) if user is None else rows.filter(user=user)


def _end(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]


def _name(session_key: str) -> str:
    return salted_hmac("accounts.sign_ins", session_key, algorithm="sha256").hexdigest()[:32]
