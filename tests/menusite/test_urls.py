import pytest
from allauth.account.views import LogoutView
from django.test import Client
from django.urls import resolve


@pytest.mark.django_db
def test_the_admin_has_no_sign_in_of_its_own(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/pages/")

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/admin/pages/"


@pytest.mark.django_db
def test_the_admin_sends_strangers_to_sign_in(client: Client) -> None:
    response = client.get("/admin/")

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/admin/"


def test_the_admin_signs_out_through_the_same_door() -> None:
    doors = [resolve(address).func.view_class for address in ("/admin/logout/", "/accounts/logout/")]

    assert doors[0] is doors[1]
    assert issubclass(doors[0], LogoutView)


@pytest.mark.django_db
def test_robots_are_asked_to_leave_baskets_alone(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /*/basket/\n" in response.content.decode()
