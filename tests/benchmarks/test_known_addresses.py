"""What an answer's time tells of an address: known and unknown ones asked in turn, with the real password hash.
Nothing here fails for being slow."""

import time

import pytest
from django.conf import LazySettings
from django.conf.global_settings import PASSWORD_HASHERS
from django.core.cache import cache
from django.test import Client

from accounts.models import SignInAttempts, User
from tests.benchmarks.table import Table
from tests.benchmarks.targets import Target
from tests.factories.people import PASSWORD, make_user
from tests.factories.registering import FORM, browser

TIMES = 30


def ask(client: Client, way: str, email: str) -> None:
    if way == "sign up":
        client.post("/accounts/signup/", {**FORM, "email": email})
    elif way == "sign in":
        client.post("/accounts/login/", {"login": email, "password": "wrong"})
    elif way == "new password":
        client.post("/accounts/password/reset/", {"email": email})
    else:
        client.post("/accounts/confirm-email/", {"email": email})


def milliseconds(way: str, email: str) -> float:
    # No limit and no lock is reached, and nobody waits for a letter's way.
    cache.clear()
    SignInAttempts.objects.all().delete()
    client = browser()
    start = time.perf_counter()
    ask(client, way, email)
    return (time.perf_counter() - start) * 1000


@pytest.mark.parametrize("way", ["sign up", "sign in", "new password", "letter again"])
def test_known_and_unknown(db: None, settings: LazySettings, way: str, table: Table) -> None:
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    make_user("known@example.com")
    milliseconds(way, "known@example.com")
    taken: dict[str, list[float]] = {"known": [], "unknown": []}

    for number in range(TIMES):
        taken["known"].append(milliseconds(way, "known@example.com"))
        taken["unknown"].append(milliseconds(way, f"nobody-{number}@example.com"))

    assert User.objects.get(email="known@example.com").check_password(PASSWORD)
    known, unknown = (sorted(taken[kind])[TIMES // 2] for kind in ("known", "unknown"))
    spread = sorted(taken["unknown"])[TIMES * 9 // 10] - sorted(taken["unknown"])[TIMES // 10]
    table.add(
        Target.OTHER,
        f"what an answer’s time tells of an address: {way}",
        f"known {known:.1f} ms",
        reference=f"unknown {unknown:.1f} ms, four fifths of them within {spread:.1f} ms",
        ratio=known / unknown,
        wanted="nearer than the spread",
        holds=abs(known - unknown) <= spread,
    )
