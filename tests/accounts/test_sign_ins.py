"""How long a sign-in lasts, where one is signed in, and ending it from elsewhere."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.sign_ins.age import BEGUN_AT
from accounts.sign_ins.browsers import describe_browser
from accounts.sign_ins.listing import end_all
from menu_pages.models import PlacePage
from tests.factories.people import PASSWORD, signed_in
from tests.factories.registering import browser

pytestmark = pytest.mark.django_db

PAGE = "/accounts/sign-ins/"
MONTH = 30 * 24 * 3600
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


def older(client: Client, seconds: int) -> None:
    """Let the client's sign-in have begun so much earlier."""
    session = client.session
    session[BEGUN_AT] -= seconds
    session.save()


def is_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def sign_in(user: User, agent: str = "") -> Client:
    client = browser()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}, headers={"user-agent": agent})
    return client


def confirm_who(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def listed(client: Client) -> list[Any]:
    response: Any = client.get(PAGE)
    return list(response.context["sign_ins"])


def test_a_sign_in_lasts_a_month_however_busy_it_is(alice: User) -> None:
    client = signed_in(alice)

    older(client, MONTH - 60)
    assert is_in(client)
    older(client, 61)
    assert not is_in(client)

    assert "_auth_user_id" not in client.session


def test_a_desk_ends_with_it(charlie: User, place_a: PlacePage) -> None:
    client = signed_in(charlie)
    pulse = f"/staff/{place_a.slug}/pulse/"
    assert client.get(pulse).status_code == 200

    older(client, MONTH + 1)

    assert client.get(pulse).status_code == 404
    assert client.get(f"/staff/{place_a.slug}/")["Location"].startswith("/accounts/login/")


def test_a_session_from_before_gets_its_month_from_now(alice: User) -> None:
    client = signed_in(alice)
    session = client.session
    del session[BEGUN_AT]
    session.save()

    assert is_in(client)

    assert BEGUN_AT in client.session


def test_an_unused_session_ends_after_two_weeks(alice: User) -> None:
    assert signed_in(alice).session.get_expiry_age() == MONTH * 14 / 30


def test_one_sees_ones_own_browsers_alone(alice: User, bob: User) -> None:
    here, _there, _bobs = sign_in(alice, FIREFOX), sign_in(alice, IPHONE), sign_in(bob, FIREFOX)

    found = listed(here)

    assert [(one.browser, one.is_this_one) for one in found] == [("Firefox, Windows", True), ("Safari, iPhone", False)]
    page = here.get(PAGE).content.decode()
    assert page.count("Sign out there") == 1
    assert here.session.session_key not in page


def test_one_browser_is_signed_out_from_another(alice: User, bob: User) -> None:
    here, there, third, bobs = sign_in(alice), sign_in(alice, IPHONE), sign_in(alice), sign_in(bob)
    (name,) = [one.name for one in listed(here) if one.browser == "Safari, iPhone"]

    for client in (here, bobs):
        confirm_who(client)

    bobs.post(PAGE, {"name": name})
    assert is_in(there)
    here.post(PAGE, {"name": name})

    assert [is_in(client) for client in (here, there, third, bobs)] == [True, False, True, True]


def test_all_others_are_signed_out_at_once(alice: User, bob: User) -> None:
    here, there, third, bobs = sign_in(alice), signed_in(alice), signed_in(alice), signed_in(bob)

    confirm_who(here)

    response = here.post(PAGE, follow=True)

    assert "2 browsers are signed out." in response.content.decode()
    assert [is_in(client) for client in (here, there, third, bobs)] == [True, False, False, True]


def test_ending_a_sign_in_asks_for_the_password(alice: User) -> None:
    here, there = signed_in(alice), signed_in(alice)

    assert here.post(PAGE)["Location"].startswith("/accounts/reauthenticate/")
    assert is_in(there)

    confirm_who(here)
    here.post(PAGE)
    assert not is_in(there)


def test_the_operator_ends_sign_ins_of_one_and_of_all(alice: User, bob: User, guest: Any) -> None:
    alices, bobs, said = signed_in(alice), signed_in(bob), StringIO()
    guests = guest.client.session.session_key

    call_command("end_sign_ins", "Alice@Example.com", stdout=said)
    assert [is_in(client) for client in (alices, bobs)] == [False, True]
    call_command("end_sign_ins", "--everybody", stdout=said)

    assert said.getvalue() == "Sign-ins ended: 1\nSign-ins ended: 1\n"
    assert not is_in(bobs)
    assert guest.client.session.session_key == guests
    assert guest.client.session.exists(guests)
    with pytest.raises(CommandError, match="no account"):
        call_command("end_sign_ins", "nobody@example.com")
    assert end_all() == 0


def test_signing_out_has_the_browser_forget_the_pages(alice: User) -> None:
    response = signed_in(alice).post("/accounts/logout/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_browsers_have_names() -> None:
    yandex = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 YaBrowser/24.10 Mobile Safari/537.36"

    assert [describe_browser(agent) for agent in (FIREFOX, IPHONE, yandex, "curl/8.0", "")] == [
        "Firefox, Windows",
        "Safari, iPhone",
        "Yandex Browser, Android",
        "",
        "",
    ]
