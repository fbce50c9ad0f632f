"""Who opens the pages of QR codes, and how one gets there."""

import re

import pytest
from django.test import Client

from accounts.memberships import set_role
from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import PlacePage, Table
from menu_pages.provisioning import create_place
from menu_pages.tables import set_table_count
from tests.factories.people import make_member, signed_in

PAGE = "/admin/places/teahouse/qr/"
GETS = ["", "tables.zip", "sheet.pdf", "table_7.png", "table_7.svg", "tables/7/replace/"]
POSTS = ["count/", "tables/7/label/", "tables/7/replace/"]


@pytest.fixture
def owner(alice: User, place_a: PlacePage) -> Client:
    return signed_in(alice)


def in_use(place: PlacePage) -> list[int]:
    return list(Table.objects.in_use().filter(place=place).values_list("number", flat=True))


@pytest.mark.parametrize("address", GETS)
def test_the_owner_of_another_organisation_finds_nothing(
    place_a: PlacePage, place_b: PlacePage, bob: User, address: str
) -> None:
    assert signed_in(bob).get(PAGE + address).status_code == 404


@pytest.mark.parametrize("address", POSTS)
def test_the_owner_of_another_organisation_changes_nothing(
    place_a: PlacePage, place_b: PlacePage, bob: User, address: str
) -> None:
    before = list(Table.objects.order_by("pk").values())

    response = signed_in(bob).post(PAGE + address, {"count": "1", "label": "mine", "seen": before[6]["key_issued_at"]})

    assert response.status_code == 404
    assert list(Table.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST])
@pytest.mark.parametrize("address", GETS)
def test_a_role_without_the_menu_finds_nothing(organisation_a: Organisation, role: Role, address: str) -> None:
    assert signed_in(make_member("dana@example.com", organisation_a, role)).get(PAGE + address).status_code == 404


@pytest.mark.parametrize("address", GETS)
def test_a_waiter_here_who_owns_another_place_finds_nothing(
    organisation_a: Organisation, place_b: PlacePage, bob: User, address: str
) -> None:
    set_role(organisation=organisation_a, user=bob, role=Role.WAITER)

    assert signed_in(bob).get(PAGE + address).status_code == 404


@pytest.mark.parametrize("address", GETS)
def test_a_waiter_is_not_let_into_the_admin_at_all(charlie: User, address: str) -> None:
    response = signed_in(charlie).get(PAGE + address)

    assert response.status_code == 404


def test_an_editor_may_do_what_an_owner_may(organisation_a: Organisation, place_a: PlacePage) -> None:
    editor = signed_in(make_member("dana@example.com", organisation_a, Role.EDITOR))

    editor.post(f"{PAGE}count/", {"count": "3"})

    assert in_use(place_a) == [1, 2, 3]
    assert editor.get(PAGE).status_code == 200


@pytest.mark.parametrize("address", POSTS[:2])
def test_what_changes_something_is_never_a_link(owner: Client, address: str) -> None:
    assert owner.get(PAGE + address).status_code == 405


@pytest.mark.parametrize("address", ["table_13.png", "table_0.svg", "tables/999999999999999999999/replace/"])
def test_there_is_no_code_of_a_table_that_is_not(owner: Client, address: str) -> None:
    assert owner.get(PAGE + address).status_code == 404


def test_a_table_put_away_has_no_code_to_download(owner: Client, place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=6)

    assert owner.get(f"{PAGE}table_6.png").status_code == 200
    assert owner.get(f"{PAGE}table_7.png").status_code == 404


# The way there


def test_the_main_menu_leads_to_the_only_place(owner: Client, place_b: PlacePage) -> None:
    response = owner.get("/admin/places/qr/")

    assert response["Location"] == PAGE
    assert PAGE in owner.get("/admin/").content.decode()


def test_with_two_places_one_is_chosen_first(owner: Client, organisation_a: Organisation, place_b: PlacePage) -> None:
    create_place(organisation=organisation_a, title="Winter garden")

    body = owner.get("/admin/places/qr/").content.decode()

    assert re.findall(r'<a href="(/admin/places/[^"]+)">([^<]+)</a>', body) == [
        (PAGE, "Teahouse"),
        ("/admin/places/winter-garden/qr/", "Winter garden"),
    ]


def test_an_analyst_has_no_such_entry(organisation_a: Organisation, place_a: PlacePage) -> None:
    analyst = signed_in(make_member("dana@example.com", organisation_a, Role.ANALYST))

    assert analyst.get("/admin/places/qr/").status_code == 404
    assert "/admin/places/qr/" not in analyst.get("/admin/").content.decode()


def test_an_unknown_area_is_not_there(owner: Client) -> None:
    assert owner.get("/admin/places/secrets/").status_code == 404
