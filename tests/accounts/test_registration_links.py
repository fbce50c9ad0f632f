"""The link of the letter: once, in time, whole, one's own, in any browser; every other one says what to do."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.core.exceptions import ValidationError

from accounts.models import Organisation, User
from accounts.signals import organisation_activated
from tests.factories.letters import links, path_of
from tests.factories.people import make_user, signed_in
from tests.factories.registering import Post, browser, made, sign_in, text_of
from tests.factories.smtp import PostOffice

pytestmark = pytest.mark.django_db

SignUp = Callable[..., str]
SENT = "/accounts/confirm-email/"


@pytest.mark.parametrize("method", ["get", "head"])
def test_in_another_browser_opening_the_link_confirms_nothing(sign_up: SignUp, method: str) -> None:
    link = sign_up(browser())
    scanner = browser()

    response = getattr(scanner, method)(link)

    assert response.status_code == 200
    assert EmailAddress.objects.filter(verified=True).count() == 0
    assert made() == [0, 0, 0, 0, 0]
    assert "_auth_user_id" not in scanner.session


def test_in_another_browser_a_button_confirms_and_signing_in_follows(sign_up: SignUp) -> None:
    link = sign_up(browser())
    other = browser()
    assert "Yes, confirm" in text_of(other.get(link))

    response = other.post(link)

    assert response["Location"] == "/accounts/login/"
    assert made() == [1, 1, 1, 1, 3]
    assert "_auth_user_id" not in other.session
    assert sign_in(other)["Location"] == "/admin/"


def test_a_used_link_says_so_and_makes_nothing_more(sign_up: SignUp) -> None:
    link = sign_up(browser())
    browser().post(link)

    again = [browser().get(link), browser().post(link)]

    assert [response.status_code for response in again] == [410, 410]
    assert all("This e-mail is confirmed already" in text_of(response) for response in again)
    assert made() == [1, 1, 1, 1, 3]


def test_an_expired_link_offers_another_letter(
    sign_up: SignUp, post: Post, post_office: PostOffice, settings: LazySettings
) -> None:
    link = sign_up(browser())
    settings.EMAIL_CONFIRMATION_HOURS = 0
    late = browser()

    responses = [late.get(link), late.post(link)]

    assert [response.status_code for response in responses] == [410, 410]
    assert "The link’s time is over" in text_of(responses[0])
    assert 'value="dana@example.com"' in text_of(responses[0])
    assert made() == [0, 0, 0, 0, 0]
    settings.EMAIL_CONFIRMATION_HOURS = 48
    post(late, SENT, email="dana@example.com")
    browser().post(path_of(links(post_office.letters[-1])[0]))
    assert made() == [1, 1, 1, 1, 3]


@pytest.mark.parametrize("damage", ["{}x", "x{}", "abc"])
def test_an_altered_link_says_so(sign_up: SignUp, damage: str) -> None:
    key = sign_up(browser()).rstrip("/").rsplit("/", 1)[1]

    response = browser().post(f"/accounts/confirm-email/{damage.format(key)}/")

    assert response.status_code == 404
    assert "The link is not whole" in text_of(response)
    assert made() == [0, 0, 0, 0, 0]


def test_somebody_elses_link_asks_to_sign_out_first(sign_up: SignUp, bob: User) -> None:
    link = sign_up(browser())
    bobs = signed_in(bob)

    responses = [bobs.get(link), bobs.post(link)]

    assert [response.status_code for response in responses] == [409, 409]
    assert "bob@example.com" in text_of(responses[0])
    assert bobs.session["_auth_user_id"] == str(bob.pk)
    assert made() == [0, 0, 0, 0, 0]
    assert bobs.post("/accounts/logout/", {"next": link})["Location"] == link
    assert "Yes, confirm" in text_of(bobs.get(link))


def test_signing_up_again_makes_the_newest_letter_the_one_that_counts(sign_up: SignUp) -> None:
    first = sign_up(browser(), organisation="First")
    second = sign_up(browser(), organisation="Second")

    replaced = browser().post(first)
    browser().post(second)

    assert replaced.status_code == 410
    assert "A newer letter has taken its place" in text_of(replaced)
    assert [organisation.name for organisation in Organisation.objects.all()] == ["Second"]


def test_what_fails_is_undone_and_can_be_pressed_again(sign_up: SignUp, caplog: pytest.LogCaptureFixture) -> None:
    def fail(sender: Any, **news: Any) -> None:
        raise ValidationError("The accounts are away.")

    link, client = sign_up(browser()), browser()
    organisation_activated.connect(fail)
    try:
        with caplog.at_level(logging.CRITICAL):
            failed = client.post(link)
    finally:
        organisation_activated.disconnect(fail)

    assert failed.status_code == 503
    assert "Nothing is lost" in text_of(failed)
    assert made() == [0, 0, 0, 0, 0]
    assert EmailAddress.objects.get().verified is False
    assert client.post(link)["Location"] == "/accounts/login/"
    assert made() == [1, 1, 1, 1, 3]


def test_an_unconfirmed_sign_up_keeps_nobody_from_changing_to_the_address(sign_up: SignUp) -> None:
    squatter = sign_up(browser(), email="new@example.com")
    eve = make_user("eve@example.com")
    address = eve.emailaddress_set.create(email="new@example.com", verified=False)
    client = signed_in(eve)

    from allauth.account.models import EmailConfirmationHMAC

    response = client.post(f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/")

    assert response["Location"] == "/accounts/email/"
    assert User.objects.get(pk=eve.pk).email == "new@example.com"
    assert browser().post(squatter).status_code == 410
