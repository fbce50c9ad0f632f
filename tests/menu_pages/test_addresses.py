"""A renamed place is still found by its printed codes."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from menu_pages.addresses import moved_to
from menu_pages.models import DishPage, PlaceAddress, PlacePage, Table

Rename = Callable[[PlacePage, str], None]


@pytest.fixture
def rename(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Rename:
    """Publish a place under another address, as the editor does."""

    def publish(place: PlacePage, slug: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            page = PlacePage.objects.get(pk=place.pk)
            page.slug = slug
            page.save_revision().publish()

    return publish


def test_the_old_address_leads_to_the_new_one(place_a: PlacePage, rename: Rename) -> None:
    rename(place_a, "tearoom")

    response = Client().get("/teahouse/")

    assert response.status_code == 302
    assert response["Location"] == "/tearoom/"
    assert Client().get("/tearoom/").status_code == 200


def test_a_printed_code_still_seats_the_guest(place_a: PlacePage, table_7: Table, rename: Rename) -> None:
    rename(place_a, "tearoom")
    browser = Client()

    moved = browser.get("/teahouse/", {"table": "7", "key": table_7.key})
    seated = browser.get(moved["Location"])

    assert moved["Location"] == f"/tearoom/?table=7&key={table_7.key}"
    assert seated.status_code == 303
    assert seated["Location"] == "/tearoom/"
    assert browser.session["visits"][str(place_a.pk)]["table"] == 7


def test_pages_below_move_along(borshch: DishPage, place_a: PlacePage, rename: Rename) -> None:
    rename(place_a, "tearoom")

    response = Client().get("/teahouse/soups/borshch/?from=poster")

    assert response["Location"] == "/tearoom/soups/borshch/?from=poster"


def test_every_former_address_works(place_a: PlacePage, rename: Rename) -> None:
    for slug in ("tearoom", "samovar"):
        rename(place_a, slug)

    assert [moved_to(slug) for slug in ("teahouse", "tearoom", "samovar")] == ["samovar", "samovar", None]


def test_taking_an_old_address_back_frees_it(place_a: PlacePage, rename: Rename) -> None:
    rename(place_a, "tearoom")
    rename(place_a, "teahouse")

    assert Client().get("/teahouse/").status_code == 200
    assert Client().get("/tearoom/")["Location"] == "/teahouse/"
    assert list(PlaceAddress.objects.values_list("slug", flat=True)) == ["tearoom"]


def test_another_place_cannot_take_it(place_a: PlacePage, place_b: PlacePage, rename: Rename) -> None:
    rename(place_a, "tearoom")

    with pytest.raises(ValidationError) as refused:
        rename(place_b, "teahouse")

    assert refused.value.message_dict == {"slug": ["This address belonged to another place and still leads there."]}
    assert PlacePage.objects.get(pk=place_b.pk).slug == "pizzeria"


def test_an_unknown_address_is_not_found(place_a: PlacePage) -> None:
    response = Client().get("/nowhere/")

    assert response.status_code == 404
    assert "Location" not in response.headers


def test_an_unpublished_place_is_not_led_to(place_a: PlacePage, rename: Rename) -> None:
    rename(place_a, "tearoom")
    PlacePage.objects.get(pk=place_a.pk).unpublish()

    assert Client().get("/teahouse/").status_code == 404


def test_a_guest_inside_goes_on_at_the_new_address(place_a: PlacePage, rename: Rename) -> None:
    rename(place_a, "tearoom")

    response = Client(headers={"origin": "http://testserver"}).post("/teahouse/basket/add/", {"dish": "soups/borshch"})

    assert (response.status_code, response["Location"]) == (307, "/tearoom/basket/add/")
