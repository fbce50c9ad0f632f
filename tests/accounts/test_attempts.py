"""Thousands of wrong passwords lock those who guess, not the owner."""

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import Morsel
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.attempts import counting
from accounts.attempts.browsers import SALT
from accounts.attempts.counting import FREE_TRIES, LockedError, account_key, begin, forgive, lock_after
from accounts.models import SignInAttempts, User
from tests.factories.hashing import count_hashings
from tests.factories.people import PASSWORD
from tests.factories.registering import browser

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
COOKIE = "known-browser"
TOO_MANY = "Too many wrong tries. Wait 1 minute, or ask for a letter to set a new password."


def try_password(client: Client, email: str, password: str = "wrong", address: str = "198.51.100.7") -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def errors(response: Any) -> list[str]:
    return list(response.context["form"].non_field_errors())


def known_browser_of(user: User) -> Client:
    """A browser that signed in once and signed out again."""
    client = browser()
    assert try_password(client, user.email, PASSWORD).status_code == 302
    client.post("/accounts/logout/")
    return client


def addresses() -> Iterator[str]:
    for number in range(10_000):
        yield f"203.0.{number // 250}.{number % 250}"


def test_a_thousand_wrong_passwords_lock_the_attacker_and_not_the_owner(alice: User, settings: LazySettings) -> None:
    home = known_browser_of(alice)
    ip = addresses()

    with count_hashings(settings) as hashings:
        answers = [try_password(Client(), alice.email, f"guess {n}", next(ip)) for n in range(1000)]

    # Two backends look at each password that is looked at.
    assert len(hashings) == 2 * FREE_TRIES
    assert {answer.status_code for answer in answers} == {200}
    right = try_password(Client(headers={"accept-language": "en"}), alice.email, PASSWORD, next(ip))
    assert errors(right) == [TOO_MANY]
    assert try_password(home, alice.email, PASSWORD)["Location"] == "/"


def test_an_address_without_an_account_locks_with_the_same_words(alice: User) -> None:
    told = {}
    for email in (alice.email, "nobody@example.com"):
        told[email] = [errors(try_password(browser(), email)) for _ in range(FREE_TRIES + 1)]

    wrong = ["The email address and/or password you specified are not correct."]
    assert told[alice.email] == [wrong] * FREE_TRIES + [[TOO_MANY]]
    assert told["nobody@example.com"] == told[alice.email]


def test_an_address_is_the_same_in_any_case_and_with_spaces(alice: User) -> None:
    for email in (
        "alice@example.com",
        "ALICE@example.com",
        " Alice@Example.com ",
        "alice@EXAMPLE.COM",
        "aLICE@example.com",
    ):
        try_password(browser(), email)

    assert errors(try_password(browser(), alice.email, PASSWORD)) == [TOO_MANY]


@pytest.mark.parametrize("spelling", ["al\u0131ce@example.com", "AL\u0131CE@EXAMPLE.COM"])
def test_a_letter_that_looks_alike_is_another_address(alice: User, spelling: str) -> None:
    """To PostgreSQL `ı` is an `i` in capitals: each spelling would have tries of its own, and tell the right password
    by its answer."""
    right, wrong = try_password(browser(), spelling, PASSWORD), try_password(browser(), spelling)

    assert (right.status_code, errors(right)) == (wrong.status_code, errors(wrong)) == (200, errors(wrong))
    assert try_password(browser(), alice.email.upper(), PASSWORD).status_code == 302


def test_signing_in_hashes_as_often_for_an_address_without_an_account(alice: User, settings: LazySettings) -> None:
    counts = {}
    for email in (alice.email, "nobody@example.com"):
        alice.set_password(PASSWORD)
        with count_hashings(settings) as hashings:
            User.objects.filter(pk=alice.pk).update(password=alice.password)
            try_password(browser(), email)
        counts[email] = len(hashings)

    assert counts["nobody@example.com"] == counts[alice.email] == 2


def test_a_known_browser_has_a_count_of_its_own_and_locks_too(alice: User) -> None:
    home = known_browser_of(alice)
    for _ in range(FREE_TRIES):
        try_password(home, alice.email)

    assert errors(try_password(home, alice.email, PASSWORD)) == [TOO_MANY]
    assert try_password(browser(), alice.email, PASSWORD).status_code == 302


def test_a_browser_known_to_one_account_is_a_stranger_to_another(alice: User, bob: User) -> None:
    bobs = known_browser_of(bob)
    for _ in range(FREE_TRIES):
        try_password(browser(), alice.email)

    assert errors(try_password(bobs, alice.email, PASSWORD)) == [TOO_MANY]


def test_a_tablet_on_the_bar_is_known_to_everybody_who_signed_in_on_it(alice: User, bob: User) -> None:
    tablet = known_browser_of(alice)
    assert try_password(tablet, bob.email, PASSWORD).status_code == 302
    tablet.post("/accounts/logout/")
    for user in (alice, bob):
        for _ in range(FREE_TRIES):
            try_password(browser(), user.email)

    for user in (alice, bob):
        assert try_password(tablet, user.email, PASSWORD).status_code == 302
        tablet.post("/accounts/logout/")


@pytest.mark.parametrize("forgery", ["", "x", '{"id": "a", "accounts": []}'])
def test_a_made_up_cookie_is_a_strangers(alice: User, forgery: str) -> None:
    client = browser()
    client.cookies[COOKIE] = forgery
    for _ in range(FREE_TRIES):
        try_password(client, alice.email)

    assert SignInAttempts.objects.get().browser == ""
    assert errors(try_password(browser(), alice.email, PASSWORD)) == [TOO_MANY]


def test_a_cookie_signed_for_something_else_is_a_strangers(alice: User) -> None:
    client = browser()
    value = {"id": "a", "accounts": [account_key(alice.email)]}
    client.cookies[COOKIE] = signing.dumps(value, salt="another purpose")

    try_password(client, alice.email)

    assert SignInAttempts.objects.get().browser == ""


def test_the_cookie_names_nobody_and_is_out_of_scripts_reach(alice: User) -> None:
    morsel: Morsel[str] = known_browser_of(alice).cookies[COOKIE]

    assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]) == (True, "Lax", "/", "")
    value = signing.loads(morsel.value, salt=SALT)
    assert list(value) == ["id", "accounts"]
    assert alice.email not in str(value)


def test_signing_in_clears_a_known_browsers_own_count_only(alice: User) -> None:
    home = known_browser_of(alice)
    stranger = browser()
    for client in (home, stranger):
        for _ in range(3):
            try_password(client, alice.email)

    try_password(home, alice.email, PASSWORD)

    assert [(row.browser, row.failures) for row in SignInAttempts.objects.all()] == [("", 3)]


def test_the_right_password_at_the_last_free_try_locks_nobody(alice: User) -> None:
    for _ in range(FREE_TRIES - 1):
        try_password(browser(), alice.email)

    assert try_password(browser(), alice.email, PASSWORD).status_code == 302

    row = SignInAttempts.objects.get(browser="")
    assert (row.failures, row.locked_until) == (FREE_TRIES - 1, None)


def test_locks_grow_to_an_hour() -> None:
    minutes = [lock_after(failures) / timedelta(minutes=1) for failures in range(FREE_TRIES, FREE_TRIES + 9)]

    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert lock_after(100_000) == timedelta(hours=1)


def test_a_lock_ends_by_itself_and_is_not_drawn_out_by_hammering() -> None:
    for _ in range(FREE_TRIES):
        begin(account="a", browser="")
    locked_until = SignInAttempts.objects.get().locked_until
    for _ in range(10):
        with pytest.raises(LockedError):
            begin(account="a", browser="")
    assert SignInAttempts.objects.get().locked_until == locked_until

    SignInAttempts.objects.update(locked_until=timezone.now())

    forgive(begin(account="a", browser=""))


def test_a_day_without_tries_forgets_the_ones_before() -> None:
    for _ in range(FREE_TRIES):
        begin(account="a", browser="")
    SignInAttempts.objects.update(last_at=timezone.now() - timedelta(days=1, minutes=1), locked_until=None)

    begin(account="a", browser="")

    assert SignInAttempts.objects.get().failures == 1


def test_old_counts_are_cleared_away() -> None:
    begin(account="old", browser="")
    SignInAttempts.objects.update(last_at=timezone.now() - timedelta(days=2))
    begin(account="new", browser="")

    assert counting.forget_old() == 1
    assert SignInAttempts.objects.get().account == "new"


def test_a_whole_hotel_signs_in_from_one_address(alice: User) -> None:
    answers = {try_password(browser(), alice.email, PASSWORD, "192.0.2.1").status_code for _ in range(150)}

    assert answers == {302}


def test_the_address_a_guesser_claims_to_have_is_not_believed(alice: User) -> None:
    for n in range(FREE_TRIES):
        browser().post(LOGIN, {"login": alice.email, "password": "x"}, headers={"x-forwarded-for": f"192.0.2.{n}"})

    assert errors(try_password(browser(), alice.email, PASSWORD)) == [TOO_MANY]
