"""A person's profile: one form at two doors, and one language everywhere they work."""

from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.shortcuts import redirect
from django.test import Client
from django.urls import URLPattern, path, reverse
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.profile.sign_in import ways
from menu_pages.models import PlacePage
from tests.factories.people import make_user, signed_in

ADMIN, PUBLIC = "/admin/account/", "/accounts/profile/"
PERSON = {"first_name": "Alice", "last_name": "Liddell", "phone": "+44 20 7946 0000", "language": "ru"}
LOOK = {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default", "locale-current_time_zone": ""}


def admin_form(**changes: str) -> dict[str, str]:
    return {**{f"person-{name}": text for name, text in {**PERSON, **changes}.items()}, **LOOK}


def speaks(client: Client, address: str) -> str:
    return client.get(address)["Content-Language"]


def test_it_is_kept_from_the_admin(alice: User, place_a: PlacePage) -> None:
    response = signed_in(alice).post(ADMIN, admin_form())

    assert (response.status_code, response["Location"]) == (302, ADMIN)
    alice.refresh_from_db()
    assert {name: getattr(alice, name) for name in PERSON} == PERSON
    assert UserProfile.objects.get(user=alice).theme == "dark"


def test_it_is_kept_from_the_page_of_waiters(charlie: User) -> None:
    response = signed_in(charlie).post(PUBLIC, PERSON)

    assert (response.status_code, response["Location"]) == (302, PUBLIC)
    charlie.refresh_from_db()
    assert {name: getattr(charlie, name) for name in PERSON} == PERSON


@pytest.mark.parametrize(("address", "prefix"), [(ADMIN, "person-"), (PUBLIC, "")])
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(
    alice: User, place_a: PlacePage, address: str, prefix: str
) -> None:
    form = admin_form(phone="call me") if prefix else {**PERSON, "phone": "call me"}

    response = signed_in(alice).post(address, form)

    assert response.status_code == 422
    body = response.content.decode()
    assert "Write the number with its code" in body
    assert f'name="{prefix}first_name" value="Alice"' in body
    assert f'name="{prefix}phone" value="call me"' in body
    alice.refresh_from_db()
    assert (alice.first_name, alice.phone) == ("", "")


def test_only_these_fields_can_be_sent(alice: User, place_a: PlacePage) -> None:
    extra = {"email": "evil@example.com", "person-email": "evil@example.com", "is_superuser": "on", "is_staff": "on"}

    signed_in(alice).post(ADMIN, admin_form() | extra)
    signed_in(alice).post(PUBLIC, PERSON | extra)

    alice.refresh_from_db()
    assert (alice.email, alice.is_superuser, alice.is_staff) == ("alice@example.com", False, False)


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    for address in (ADMIN, PUBLIC):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")


def test_waiters_do_not_enter_the_admins(charlie: User) -> None:
    assert signed_in(charlie).get(ADMIN).status_code == 404


def test_email_and_password_change_elsewhere_and_lead_back(alice: User, place_a: PlacePage) -> None:
    for address in (ADMIN, PUBLIC):
        body = signed_in(alice).get(address).content.decode()
        back = quote(address, safe="")
        assert f'href="{reverse("account_email")}?next={back}"' in body
        assert f'href="{reverse("account_change_password")}?next={back}"' in body
        assert "Upload a profile picture" not in body
        assert "Preferred language" not in body


ADDRESSES = (path("email", redirect, name="account_email"), path("password", redirect, name="account_change_password"))


@pytest.mark.parametrize(
    ("addresses", "titles"),
    [
        (ADDRESSES, ["E-mail", "Password"]),
        (
            (*ADDRESSES, path("two-step", redirect, name="mfa_index"), path("sign-ins", redirect, name="sign_ins")),
            ["E-mail", "Password", "Two-step sign-in", "Your browsers"],
        ),
    ],
)
def test_two_step_sign_in_is_offered_where_there_is_one(
    settings: LazySettings, addresses: tuple[URLPattern, ...], titles: list[str]
) -> None:
    settings.ROOT_URLCONF = addresses

    offered = ways(User(email="alice@example.com"), "/admin/account/")

    assert [way.title for way in offered] == titles
    assert all(way.url.endswith("?next=%2Fadmin%2Faccount%2F") for way in offered)


def test_the_language_chosen_holds_in_the_admin_and_on_any_device(alice: User, place_a: PlacePage) -> None:
    here, elsewhere = signed_in(alice), signed_in(alice)
    assert speaks(here, "/admin/") == "en"

    here.post(ADMIN, admin_form())

    assert speaks(here, "/admin/") == "ru"
    assert speaks(elsewhere, "/admin/") == "ru"
    assert speaks(elsewhere, PUBLIC) == "ru"
    # Guests' pages on this device follow it too; elsewhere they ask the device.
    assert speaks(here, "/teahouse/") == "ru"
    assert speaks(elsewhere, "/teahouse/") == "en"
    assert UserProfile.objects.get(user=alice).preferred_language == ""


def test_as_on_the_device_takes_the_choice_back(alice: User, place_a: PlacePage) -> None:
    client = signed_in(alice)
    client.post(ADMIN, admin_form(language="ru"))

    client.post(ADMIN, admin_form(language=""))

    assert speaks(client, "/admin/") == "en"
    assert speaks(client, "/teahouse/") == "en"


def test_the_switch_on_the_desk_is_ones_own_choice(charlie: User) -> None:
    client = signed_in(charlie)

    client.post("/i18n/setlang/", {"language": "ru", "next": "/staff/teahouse/"})

    charlie.refresh_from_db()
    assert charlie.language == "ru"
    assert speaks(signed_in(charlie), "/staff/teahouse/") == "ru"


def test_looking_at_the_menu_in_another_language_leaves_the_admin_alone(alice: User, place_a: PlacePage) -> None:
    client = signed_in(alice)
    client.post(ADMIN, admin_form(language="ru"))

    client.post("/i18n/setlang/", {"language": "en", "next": "/teahouse/"})

    assert (speaks(client, "/teahouse/"), speaks(client, "/admin/")) == ("en", "ru")


def test_a_guests_switch_changes_nobody(client: Client, place_a: PlacePage, alice: User) -> None:
    response = client.post(
        "/i18n/setlang/", {"language": "ru", "next": "/staff/teahouse/"}, headers={"origin": "http://testserver"}
    )

    assert (response.status_code, client.cookies["django_language"].value) == (302, "ru")
    alice.refresh_from_db()
    assert alice.language == ""


def test_a_language_nobody_speaks_is_refused(alice: User, place_a: PlacePage) -> None:
    client = signed_in(alice)

    response = client.post(PUBLIC, {**PERSON, "language": "xx"})
    client.post("/i18n/setlang/", {"language": "xx", "next": "/staff/"})

    assert list(response.context["form"].errors) == ["language"]
    alice.refresh_from_db()
    assert alice.language == ""


def test_saving_touches_nothing_else_of_the_account(alice: User, place_a: PlacePage) -> None:
    client = signed_in(alice)
    make_user("eve@example.com")

    client.post(PUBLIC, {**PERSON, "pk": "2", "id": "2"})

    assert User.objects.get(email="eve@example.com").first_name == ""
    assert client.get("/admin/").status_code == 200
