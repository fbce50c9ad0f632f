"""A forgotten password, a changed one, a changed e-mail: always by letter, always told."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.attempts.counting import FREE_TRIES
from accounts.models import User
from tests.factories.hashing import count_hashings
from tests.factories.letters import html, links, path_of, plain
from tests.factories.people import PASSWORD, signed_in
from tests.factories.registering import Post, browser
from tests.factories.smtp import PostOffice

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
NEW = "an-even-longer-password"


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def ask(post: Post, post_office: PostOffice, email: str) -> str:
    """Ask for the letter; returns the address of its link."""
    post(browser(), RESET, email=email)
    return path_of(links(post_office.letters[-1])[0])


def confirm_who(client: Client, post: Post) -> None:
    """Give the password again, as is asked before a change of how one signs in."""
    post(client, "/accounts/reauthenticate/", password=PASSWORD)


def test_a_forgotten_password_is_set_anew_by_letter(alice: User, post: Post, post_office: PostOffice) -> None:
    link = ask(post, post_office, alice.email)
    client = browser()

    form = client.get(link)
    assert form["Location"].endswith("-set-password/")
    saved = post(client, form["Location"], password1=NEW, password2=NEW)

    assert saved["Location"] == "/accounts/password/reset/key/done/"
    assert 'href="/accounts/login/"' in client.get(saved["Location"]).content.decode()
    assert "_auth_user_id" not in client.session
    assert [letter["Subject"] for letter in post_office.letters] == ["A new password", "Your password was changed"]
    assert sign_in(browser(), alice.email, PASSWORD).status_code == 200
    assert sign_in(client, alice.email, NEW).status_code == 302


def test_the_new_password_is_typed_twice_alike(alice: User, post: Post, post_office: PostOffice) -> None:
    client = browser()
    address = client.get(ask(post, post_office, alice.email))["Location"]

    response: Any = post(client, address, password1=NEW, password2="another")

    assert list(response.context["form"].errors) == ["password2"]
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


def test_a_link_works_once(alice: User, post: Post, post_office: PostOffice) -> None:
    link = ask(post, post_office, alice.email)
    client = browser()
    post(client, client.get(link)["Location"], password1=NEW, password2=NEW)

    again = browser().get(link)

    assert "This link works no more" in again.content.decode()
    assert 'href="/accounts/password/reset/"' in again.content.decode()


def test_a_link_dies_of_age(alice: User, post: Post, post_office: PostOffice, settings: LazySettings) -> None:
    link = ask(post, post_office, alice.email)
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "This link works no more" in browser().get(link).content.decode()


def test_an_unknown_address_gets_the_same_words_and_a_letter_of_its_own(
    alice: User, post: Post, post_office: PostOffice, settings: LazySettings
) -> None:
    answers, hashings = [], []
    for email in (alice.email, "nobody@example.com"):
        client = browser()
        with count_hashings(settings) as counted:
            response = post(client, RESET, email=email)
        hashings.append(len(counted))
        answers.append((response.status_code, response["Location"], client.get(response["Location"]).content))

    assert answers[0] == answers[1]
    assert hashings == [0, 0]
    assert [(letter["To"], letter["Subject"]) for letter in post_office.letters] == [
        ("alice@example.com", "A new password"),
        ("nobody@example.com", "This address has no account"),
    ]


def test_letters_to_one_address_are_limited_known_or_not(alice: User, post: Post, post_office: PostOffice) -> None:
    statuses = {
        email: [post(browser(), RESET, email=email).status_code for _ in range(6)]
        for email in (alice.email, "nobody@example.com")
    }

    assert statuses[alice.email] == [302] * 5 + [429]
    assert statuses["nobody@example.com"] == statuses[alice.email]
    assert len(post_office.letters) == 10


def test_who_reads_the_letter_gets_in_while_others_guess(alice: User, post: Post, post_office: PostOffice) -> None:
    for _ in range(FREE_TRIES):
        sign_in(browser(), alice.email, "wrong")
    client = browser()

    post(client, client.get(ask(post, post_office, alice.email))["Location"], password1=NEW, password2=NEW)

    assert sign_in(browser(), alice.email, NEW).status_code == 200
    assert sign_in(client, alice.email, NEW).status_code == 302


def test_the_letter_speaks_its_readers_language(alice: User, post: Post, post_office: PostOffice) -> None:
    User.objects.filter(pk=alice.pk).update(language="ru")

    post(browser("en"), RESET, email=alice.email)

    assert '<html lang="ru">' in html(post_office.letters[0])


def test_a_changed_password_is_told_and_signs_other_browsers_out(
    alice: User, post: Post, post_office: PostOffice
) -> None:
    here, elsewhere = browser(), browser()
    for client in (here, elsewhere):
        sign_in(client, alice.email, PASSWORD)

    post(here, "/accounts/password/change/", oldpassword=PASSWORD, password1=NEW, password2=NEW)

    (letter,) = post_office.letters
    assert (letter["To"], letter["Subject"]) == ("alice@example.com", "Your password was changed")
    assert path_of(links(letter)[0]) == RESET
    assert here.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_a_new_address_is_confirmed_there_and_told_to_the_old_one(
    alice: User, post: Post, post_office: PostOffice
) -> None:
    client = signed_in(alice)
    confirm_who(client, post)

    post(client, "/accounts/email/", email="alice@new.example", action_add="")
    assert User.objects.get(pk=alice.pk).email == "alice@example.com"
    link = path_of(links(post_office.letters[-1])[0])
    assert post_office.letters[-1]["Subject"] == "Confirm your new e-mail"
    post(client, link)

    assert User.objects.get(pk=alice.pk).email == "alice@new.example"
    assert [letter["To"] for letter in post_office.letters] == ["alice@new.example", "alice@example.com"]
    assert post_office.letters[1]["Subject"] == "Your e-mail was changed"
    assert "you sign in with alice@new.example now" in plain(post_office.letters[1])
    assert sign_in(browser(), "alice@example.com", PASSWORD).status_code == 200
    assert sign_in(browser(), "alice@new.example", PASSWORD).status_code == 302


def test_changing_the_address_asks_for_the_password_first(alice: User, post: Post, post_office: PostOffice) -> None:
    response = post(signed_in(alice), "/accounts/email/", email="alice@new.example", action_add="")

    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert post_office.letters == []


def test_somebody_elses_address_cannot_be_taken(alice: User, bob: User, post: Post, post_office: PostOffice) -> None:
    client = signed_in(alice)
    confirm_who(client, post)
    post(client, "/accounts/email/", email=bob.email, action_add="")

    response = post(client, path_of(links(post_office.letters[-1])[0]))

    assert response.status_code == 409
    assert "The address belongs to another account" in response.content.decode()
    assert sorted(User.objects.values_list("email", flat=True)) == ["alice@example.com", "bob@example.com"]


def test_the_browser_that_changed_the_address_is_known_by_the_new_one(
    alice: User, post: Post, post_office: PostOffice
) -> None:
    client = signed_in(alice)
    confirm_who(client, post)
    post(client, "/accounts/email/", email="alice@new.example", action_add="")
    post(client, path_of(links(post_office.letters[-1])[0]))
    client.post("/accounts/logout/")

    for _ in range(FREE_TRIES):
        sign_in(browser(), "alice@new.example", "wrong")

    assert sign_in(browser(), "alice@new.example", PASSWORD).status_code == 200
    assert sign_in(client, "alice@new.example", PASSWORD).status_code == 302
