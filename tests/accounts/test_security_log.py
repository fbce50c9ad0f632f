"""What the log says of doors and keys, and what it never says."""

import logging
from typing import Any

import pytest

from accounts.attempts.counting import FREE_TRIES, account_key
from accounts.models import User
from menu_pages.models import PlacePage
from tests.factories.people import PASSWORD, signed_in
from tests.factories.registering import Post, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "accounts.security_log")
    return caplog


def said(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.name == "accounts.security_log"]


def sign_in(email: str, password: str) -> Any:
    return browser().post("/accounts/login/", {"login": email, "password": password})


def test_signing_in_right_and_wrong_is_written_down_without_a_name(alice: User, log: pytest.LogCaptureFixture) -> None:
    sign_in(alice.email, PASSWORD)
    for _ in range(FREE_TRIES + 1):
        sign_in(alice.email, "not-the-password")
    sign_in("nobody@example.com", "hunter2hunter2")

    key = account_key(alice.email)[:12]
    assert said(log) == [
        f"signed in: user {alice.pk}",
        *[f"wrong password: account {key}"] * FREE_TRIES,
        f"no try is taken: account {key}",
        f"wrong password: account {account_key('nobody@example.com')[:12]}",
    ]
    assert not [word for word in ("alice", "nobody@", "hunter2", "not-the-password") if word in log.text]


def test_changes_of_how_one_signs_in_are_written_down(alice: User, post: Post, log: pytest.LogCaptureFixture) -> None:
    client = signed_in(alice)
    new = "an-even-longer-password"

    post(client, "/accounts/password/change/", oldpassword=PASSWORD, password1=new, password2=new)
    post(client, "/accounts/logout/")

    assert said(log)[1:] == [f"password changed: user {alice.pk}", f"signed out: user {alice.pk}"]


def test_who_is_refused_is_written_down_on_one_line(
    charlie: User, place_b: PlacePage, log: pytest.LogCaptureFixture
) -> None:
    client = signed_in(charlie)

    client.get(f"/staff/{place_b.slug}/")
    client.get("/staff/a/b/c/%0a2026-01-01 INFO forged/")

    assert said(log)[1:] == [
        f"404: user {charlie.pk}, desk:board",
        f"404: user {charlie.pk}, no route",
    ]


def test_a_form_from_another_site_is_written_down(place_a: PlacePage, log: pytest.LogCaptureFixture) -> None:
    browser().post(f"/{place_a.slug}/call/", {"kind": "come"}, headers={"origin": "https://evil.example"})

    assert said(log) == ["a form from elsewhere: call"]
