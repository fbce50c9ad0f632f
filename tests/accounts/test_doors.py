"""Who lands where after signing in, and what each area shows to whom."""

import pytest
from django.test import Client

from accounts.memberships import set_role
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.scope import ScopeNotSetError, no_scope
from menu_pages.models import PlacePage, Table
from menu_pages.provisioning import create_place
from tests.factories.people import PASSWORD, make_member, make_user, signed_in


def sign_in(email: str, **data: str) -> str:
    """Where the sign-in form leads."""
    response = Client().post("/accounts/login/", {"login": email, "password": PASSWORD, **data})
    assert response.status_code == 302
    return response["Location"]


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.OWNER, "/admin/"),
        (Role.EDITOR, "/admin/"),
        (Role.MANAGER, "/admin/"),
        (Role.ANALYST, "/admin/"),
        (Role.WAITER, "/staff/"),
        (Role.KITCHEN, "/staff/"),
    ],
)
def test_signing_in_leads_to_ones_work(organisation_a: Organisation, role: Role, address: str) -> None:
    make_member("dana@example.com", organisation_a, role)

    assert sign_in("dana@example.com") == address


def test_a_user_without_an_organisation_lands_on_the_front_page(db: None) -> None:
    make_user("dana@example.com")

    assert sign_in("Dana@Example.com") == "/"


def test_signing_in_leads_back_to_the_page_that_asked(charlie: User, place_a: PlacePage) -> None:
    assert sign_in(charlie.email, next="/staff/teahouse/") == "/staff/teahouse/"


def test_signing_in_never_leads_to_another_site(charlie: User) -> None:
    assert sign_in(charlie.email, next="https://evil.example/") == "/staff/"


def test_a_wrong_password_signs_nobody_in(charlie: User) -> None:
    browser = Client(headers={"accept-language": "en"})

    response = browser.post("/accounts/login/", {"login": charlie.email, "password": "wrong"})

    assert response.status_code == 200
    assert "_auth_user_id" not in browser.session


def test_signing_out_leads_to_the_front_page(charlie: User) -> None:
    browser = signed_in(charlie)

    response = browser.post("/accounts/logout/")

    assert response["Location"] == "/"
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/login/?next=/admin/pages/"])
def test_wagtails_own_sign_in_is_not_a_door(charlie: User, address: str) -> None:
    response = Client().post(address, {"username": charlie.email, "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/images/", "/staff/", "/staff/teahouse/"])
def test_a_stranger_is_asked_to_sign_in(place_a: PlacePage, address: str) -> None:
    response = Client().get(address)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")


def test_members_see_their_own_places_on_the_desk_list(
    bob: User, alice: User, place_a: PlacePage, place_b: PlacePage
) -> None:

    second = make_second_place(place_a)
    browser = signed_in(alice)

    body = browser.get("/staff/").content.decode()

    assert "/staff/teahouse/" in body
    assert f"/staff/{second.slug}/" in body
    assert "pizzeria" not in body.lower()

    set_role(organisation=place_b.record.organisation, user=alice, role=Role.KITCHEN)
    assert "/staff/pizzeria/" in browser.get("/staff/").content.decode()


def make_second_place(place: PlacePage) -> PlacePage:

    return create_place(organisation=place.record.organisation, title="Bakery", currency="RUB")


def test_the_only_desk_opens_itself(charlie: User, place_b: PlacePage) -> None:
    response = signed_in(charlie).get("/staff/")

    assert response.status_code == 302
    assert response["Location"] == "/staff/teahouse/"


def test_moderators_see_their_own_menu_in_the_admin(
    alice: User, bob: User, place_a: PlacePage, place_b: PlacePage
) -> None:
    home = place_a.get_parent()

    body = signed_in(alice).get(f"/admin/pages/{home.pk}/", follow=True).content.decode()

    assert "Teahouse" in body
    assert "Pizzeria" not in body


def test_each_request_takes_its_scope_back(alice: User, place_a: PlacePage) -> None:
    browser = signed_in(alice)

    with no_scope():
        browser.get("/admin/pages/", follow=True)
        Client().get("/nowhere/")
        with pytest.raises(ScopeNotSetError):
            Table.objects.count()


def test_admin_does_not_exist_for_a_waiter_and_asks_a_stranger_to_sign_in(charlie: User) -> None:
    waiter = Client()
    waiter.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")

    assert waiter.get("/admin/").status_code == 404
    assert waiter.get("/admin/images/").status_code == 404
    assert Client().get("/admin/").headers["Location"] == "/accounts/login/?next=/admin/"
