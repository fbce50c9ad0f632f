"""A code from one's phone beside the password."""

import re
import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.attempts.counting import FREE_TRIES
from accounts.models import Organisation, User
from menu_pages.models import PlacePage
from tests.factories.people import PASSWORD, signed_in
from tests.factories.registering import Committing, Post, browser
from tests.factories.smtp import PostOffice

pytestmark = pytest.mark.django_db

ACTIVATE = "/accounts/2fa/totp/activate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"


def code_of(secret: str, ahead: int = 0) -> str:
    """What the app on the phone shows, or will in some half-minutes."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def sign_in(client: Client, email: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD})


def set_up(user: User, post: Post) -> str:
    """Switch two-step sign-in on, as a person does; returns the app's secret."""
    client = signed_in(user)
    post(client, "/accounts/reauthenticate/", password=PASSWORD)
    page = client.get(ACTIVATE).content.decode()
    secret = re.search(r'<code class="key">([A-Z2-7]+)</code>', page)
    assert secret
    response = post(client, ACTIVATE, code=code_of(secret[1]))
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    return secret[1]


def recovery_codes(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def test_setting_it_up_asks_for_the_password_and_draws_the_code_itself(
    alice: User, post: Post, post_office: PostOffice
) -> None:
    client = signed_in(alice)
    assert client.get(ACTIVATE)["Location"].startswith("/accounts/reauthenticate/")
    post(client, "/accounts/reauthenticate/", password=PASSWORD)

    page = client.get(ACTIVATE).content.decode()

    drawing = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert drawing
    assert "style=" not in page
    assert "<img" not in page.split("<main>")[1]


def test_signing_in_then_takes_the_code(alice: User, post: Post, post_office: PostOffice) -> None:
    secret = set_up(alice, post)
    client = browser()

    assert sign_in(client, alice.email)["Location"] == AUTHENTICATE
    assert "_auth_user_id" not in client.session
    assert client.post(AUTHENTICATE, {"code": "000000"}).status_code == 200
    assert client.post(AUTHENTICATE, {"code": code_of(secret)})["Location"] == "/"

    assert client.session["_auth_user_id"] == str(alice.pk)
    assert [letter["Subject"] for letter in post_office.letters] == ["Two-step sign-in is on"]


def test_a_code_serves_once(alice: User, post: Post, post_office: PostOffice) -> None:
    secret = set_up(alice, post)
    first, second = browser(), browser()
    for client in (first, second):
        sign_in(client, alice.email)
    code = code_of(secret)

    answers = [client.post(AUTHENTICATE, {"code": code}).status_code for client in (first, second)]

    assert answers == [302, 200]


def test_a_recovery_code_serves_once_when_the_phone_is_away(alice: User, post: Post, post_office: PostOffice) -> None:
    set_up(alice, post)
    code = recovery_codes(alice)[0]
    first, second = browser(), browser()
    for client in (first, second):
        sign_in(client, alice.email)

    answers = [client.post(AUTHENTICATE, {"code": code}).status_code for client in (first, second)]

    assert answers == [302, 200]
    assert len(recovery_codes(alice)) == 9


def test_guessing_codes_locks(alice: User, post: Post, post_office: PostOffice) -> None:
    secret = set_up(alice, post)
    for _ in range(FREE_TRIES):
        client = browser()
        sign_in(client, alice.email)
        client.post(AUTHENTICATE, {"code": "000000"})

    response = client.post(AUTHENTICATE, {"code": code_of(secret)})

    assert response.context["form"].errors["code"] == ["Too many wrong codes. Wait 1 minute and try again."]


def test_recovery_codes_are_shown_and_saved_as_a_file(alice: User, post: Post, post_office: PostOffice) -> None:
    client = signed_in(alice)
    set_up(alice, post)
    post(client, "/accounts/reauthenticate/", password=PASSWORD)

    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    saved = client.get("/accounts/2fa/recovery-codes/download/")

    assert re.findall(r"<li><code>(\d+)</code>", page) == recovery_codes(alice)
    assert saved.content.decode().split() == recovery_codes(alice)
    assert saved["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'


def test_making_new_codes_ends_the_old_ones_and_is_told(alice: User, post: Post, post_office: PostOffice) -> None:
    set_up(alice, post)
    before = recovery_codes(alice)
    client = signed_in(alice)
    post(client, "/accounts/reauthenticate/", password=PASSWORD)

    post(client, "/accounts/2fa/recovery-codes/generate/")

    assert set(before).isdisjoint(recovery_codes(alice))
    assert post_office.letters[-1]["Subject"] == "New recovery codes"


def test_switching_it_off_is_told(alice: User, post: Post, post_office: PostOffice) -> None:
    set_up(alice, post)
    client = signed_in(alice)
    post(client, "/accounts/reauthenticate/", password=PASSWORD)

    response = post(client, "/accounts/2fa/totp/deactivate/")

    assert response["Location"] == "/accounts/2fa/"
    assert Authenticator.objects.count() == 0
    assert post_office.letters[-1]["Subject"] == "Two-step sign-in is off"


def test_the_operator_takes_a_lost_second_step_away(
    alice: User, post: Post, post_office: PostOffice, django_capture_on_commit_callbacks: Committing
) -> None:
    set_up(alice, post)
    elsewhere = signed_in(alice)

    with django_capture_on_commit_callbacks(execute=True):
        call_command("take_second_step_away", "Alice@Example.com", stdout=StringIO())

    assert not Authenticator.objects.exists()
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert sign_in(browser(), alice.email)["Location"] == "/"
    assert (post_office.letters[-1]["To"], post_office.letters[-1]["Subject"]) == (
        "alice@example.com",
        "Two-step sign-in is off",
    )
    with pytest.raises(CommandError, match="does not sign in in two steps"):
        call_command("take_second_step_away", alice.email)


@pytest.fixture
def demanding(organisation_a: Organisation) -> Organisation:
    organisation_a.two_step_required = True
    organisation_a.save()
    return organisation_a


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/staff/", "/staff/teahouse/"])
def test_an_organisation_that_asks_for_it_leads_there_first(
    alice: User, demanding: Organisation, address: str, post: Post, post_office: PostOffice
) -> None:
    client = signed_in(alice)

    led = client.get(address)
    assert led["Location"] == "/accounts/2fa/?demanded"
    assert "Your organisation asks its people" in client.get(led["Location"]).content.decode()
    assert client.post(address).status_code == 302
    script = client.get(address, headers={"sec-fetch-mode": "cors"})
    assert script.status_code == 403
    set_up(alice, post)

    assert client.get(address, follow=True).status_code == 200


def test_others_are_not_asked(
    alice: User, bob: User, charlie: User, place_b: PlacePage, demanding: Organisation
) -> None:
    assert signed_in(bob).get("/admin/").status_code == 200
    assert signed_in(charlie).get("/staff/teahouse/")["Location"] == "/accounts/2fa/?demanded"
    assert signed_in(alice).get("/teahouse/").status_code == 200


def test_recovery_codes_alone_are_not_two_steps(alice: User, demanding: Organisation) -> None:
    Authenticator.objects.create(user=alice, type="recovery_codes", data={"seed": "a", "used_mask": 0})

    assert signed_in(alice).get("/admin/")["Location"] == "/accounts/2fa/?demanded"


def test_what_the_organisation_asks_for_cannot_be_switched_off(
    alice: User, demanding: Organisation, post: Post, post_office: PostOffice
) -> None:
    set_up(alice, post)
    client = signed_in(alice)
    post(client, "/accounts/reauthenticate/", password=PASSWORD)

    response = post(client, "/accounts/2fa/totp/deactivate/")

    assert "so it stays on" in response.content.decode()
    assert Authenticator.objects.filter(type="totp").count() == 1


@pytest.mark.parametrize(
    "name", ["mfa_list_webauthn", "mfa_trust", "account_signup_by_passkey", "account_request_login_code"]
)
def test_what_is_not_used_is_not_routed(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
