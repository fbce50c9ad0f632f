"""What Wagtail offers and this product does not use has no address, for the operator neither."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.models import User
from menu_pages.models import PlacePage
from tests.factories.cast import alice, english, place_a  # noqa: F401  (fixtures)
from tests.factories.people import signed_in

LEFT_OUT = (
    "/admin/documents/",
    "/admin/groups/",
    "/admin/collections/",
    "/admin/workflows/list/",
    "/admin/workflows/tasks/index/",
    "/admin/reports/locked/",
    "/admin/reports/site-history/",
    "/admin/reports/page-types-usage/",
    "/admin/reports/aging-pages/",
    "/admin/tag-autocomplete/?term=a",
    "/admin/password_reset/",
    "/admin/failwhale/",
    "/admin/test404/",
    "/admin/choose-external-link/",
    "/admin/choose-page/chosen-multiple/?id=1",
    "/admin/images/chooser/chosen-multiple/?id=1",
    "/admin/api/main/images/",
    "/admin/api/main/images/1/",
    "/admin/api/main/documents/",
    "/admin/pages/usage/menu_pages/dishpage/",
    "/admin/redirects/",
    "/admin/forms/",
    "/admin/snippets/",
    "/admin/styleguide/",
    "/admin/settings/",
)


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(User.objects.create_superuser("operator@service.example"))


@pytest.mark.parametrize("address", LEFT_OUT)
def test_nobody_finds_it(operator: Client, alice: User, place_a: PlacePage, address: str) -> None:  # noqa: F811
    assert operator.get(address).status_code == 404
    assert signed_in(alice).get(address).status_code == 404


@pytest.mark.parametrize("address", LEFT_OUT)
def test_a_stranger_does_not_learn_what_there_is(db: None, address: str) -> None:
    response = Client().get(address)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/admin/")


@pytest.mark.parametrize("address", ["/_util/login/", "/_util/authenticate_with_password/1/1/", "/admin/login/x/"])
def test_there_is_no_second_way_in(client: Client, db: None, address: str) -> None:
    body = client.get(address, follow=True).content.decode()

    assert 'action="/_util' not in body
    assert 'name="username"' not in body


@pytest.mark.parametrize(
    "name",
    [
        "wagtailusers_groups:index",
        "wagtailadmin_workflows:index",
        "wagtailadmin_reports:site_history",
        "wagtaildocs:index",
        "wagtailcore_login",
    ],
)
def test_its_name_is_gone_too(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_operators_menus_lead_to_what_is_there(operator: Client) -> None:
    body = operator.get("/admin/").content.decode()

    for address in ("/admin/users/", "/admin/sites/"):
        assert address in body
        assert operator.get(address).status_code == 200
    assert "/admin/reports/" not in body
    assert "/admin/groups/" not in body


def test_privacy_of_single_pages_is_not_offered(alice: User, place_a: PlacePage) -> None:  # noqa: F811
    """Its form lists the groups of every organisation."""
    browser = signed_in(alice)

    # What would open the dialog.
    assert 'show="set-privacy"' not in browser.get(f"/admin/pages/{place_a.pk}/edit/").content.decode()
    assert browser.get(f"/admin/pages/{place_a.pk}/privacy/").status_code == 404


def test_wagtails_routes_outside_the_admin_are_its_pages_alone() -> None:
    names = {pattern.name for pattern in get_resolver().url_patterns[-1].url_patterns}

    assert names == {"wagtail_serve"}
