"""Passwords as they are typed, and sessions that change their key when somebody is let in and die when they leave."""

import datetime
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.letters.writing import write
from accounts.models import User
from tests.factories.people import PASSWORD, make_user, signed_in
from tests.factories.registering import Post, browser

pytestmark = pytest.mark.django_db

COOKIE = "sessionid"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> bool:
    client.post("/accounts/login/", {"login": email, "password": password})
    return is_in(client)


def is_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def key_of(client: Client) -> str:
    return client.cookies[COOKIE].value


def test_nobody_has_an_account_at_first() -> None:
    """What migrations leave behind: no operator with a password that everybody knows."""
    assert list(User.objects.all()) == []


def test_a_new_password_needs_the_old_one(alice: User, post: Post) -> None:
    client, new = signed_in(alice), "an-even-longer-password"

    for old in ("", "wrong-password"):
        response = post(client, "/accounts/password/change/", oldpassword=old, password1=new, password2=new)
        assert response.status_code == 200

    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_password_counts_as_it_was_typed(db: None) -> None:
    long = "  Каша from a Very long sentence – with every sign there is, and 🍵, beyond a hundred characters in all  "
    user = make_user("dana@example.com")
    user.set_password(long)
    user.save()

    assert len(long) > 100
    for other in (long.strip(), long.lower(), long[:-3], long[:72]):
        assert not sign_in(browser(), user.email, other)
    assert sign_in(browser(), user.email, long)


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/accounts/password/change/"])
def test_password_fields_hide_what_is_typed_and_let_managers_fill_them(alice: User, address: str) -> None:
    client = signed_in(alice) if "change" in address else browser()
    page = client.get(address).content.decode()

    fields = re.findall(r"<input[^>]*name=\"(?:old)?password\d?\"[^>]*>", page)

    assert fields
    assert all('type="password"' in field for field in fields)
    assert all(re.search(r'autocomplete="(current|new)-password"', field) for field in fields)
    assert not [field for field in fields if re.search(r"onpaste|readonly|maxlength|autocomplete=\"off\"", field)]


def test_a_password_of_ten_years_ago_is_good(alice: User) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=3650)
    User.objects.filter(pk=alice.pk).update(date_joined=long_ago, last_login=long_ago)

    assert sign_in(browser(), alice.email)


def test_no_word_adds_a_header_to_a_letter() -> None:
    context = {"organisation": {"name": "Tea\r\nBcc: all@example.com"}, "url": "https://menu.example/"}

    letter = write("accounts/people/letter.html", "en", context)

    assert letter.subject == "Invitation to Tea Bcc: all@example.com"


def test_the_list_of_passwords_of_breaches_is_long() -> None:
    """Three thousand and more of those that are long enough to be chosen here."""
    assert sum(len(password) >= 8 for password in CommonPasswordValidator().passwords) > 3000


def test_signing_in_moves_to_a_key_nobody_planted(alice: User, guest: Any) -> None:
    client = guest.client
    planted = key_of(client)
    thief = Client()
    thief.cookies[COOKIE] = planted

    assert sign_in(client, alice.email)

    assert key_of(client) != planted
    assert not is_in(thief)


def test_giving_the_password_again_moves_to_another(alice: User) -> None:
    client = signed_in(alice)
    before = key_of(client)
    thief = Client()
    thief.cookies[COOKIE] = before
    assert is_in(thief)

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert key_of(client) != before
    assert is_in(client)
    assert not is_in(thief)


def test_a_session_that_was_left_opens_nothing(alice: User) -> None:
    client, kept = signed_in(alice), Client()
    kept.cookies[COOKIE] = key_of(client)
    assert is_in(kept)

    client.post("/accounts/logout/")

    assert not is_in(kept)


def test_keys_of_sessions_are_long_and_differ(alice: User) -> None:
    keys = {key_of(signed_in(alice)) for _ in range(20)}

    assert len(keys) == 20
    # 36 letters and figures, 32 times: 165 bits.
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys)


def test_a_new_key_of_the_service_keeps_what_the_old_one_signed(settings: LazySettings) -> None:
    signed = signing.dumps("a link", salt="a letter")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]

    assert signing.loads(signed, salt="a letter") == "a link"

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(signing.BadSignature):
        signing.loads(signed, salt="a letter")
