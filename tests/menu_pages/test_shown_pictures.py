"""Pictures on guests' pages: made ahead by the worker, never while a guest waits, and nothing jumps meanwhile."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client

from menu_pages import tasks
from menu_pages.models import CategoryPage, DishPage, MenuImage, MenuRendition, PlacePage, PlaceRecord
from menu_pages.pictures import ask_for_missing, make_renditions
from menu_pages.renditions import FORMATS, SIZES, spec, specs
from menu_pages.shown_pictures import read_pictures
from menu_pages.themes.registry import all_themes
from tests.factories.menus import make_dish, make_picture

THEMES = [theme.slug for theme in all_themes()]
SCREENS = ("/teahouse/", "/teahouse/soups/", "/teahouse/soups/ukha/")


def page(address: str) -> BeautifulSoup:
    response = Client(headers={"accept-language": "en"}).get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


@pytest.fixture
def picture(place_a: PlacePage, soups: CategoryPage, media: object) -> MenuImage:
    """A picture just uploaded, on every screen of place A; the worker has not come to it yet."""
    picture = make_picture(place_a)
    make_dish(soups, "Ukha", picture=picture)
    PlacePage.objects.filter(pk=place_a.pk).update(cover=picture, logo=picture)
    CategoryPage.objects.filter(pk=soups.pk).update(picture=picture)
    return picture


def test_renditions_are_named_in_the_order_that_finds_them() -> None:
    assert spec("card", "avif") == "format-avif|fill-360x360"
    assert len(specs()) == len(set(specs())) == len(SIZES) * len(FORMATS)


def test_uploading_a_picture_makes_every_size(
    place_a: PlacePage, media: object, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        picture = make_picture(place_a)

    assert set(picture.renditions.values_list("filter_spec", flat=True)) == set(specs())


def test_pages_are_drawn_anew_when_the_worker_has_made_a_picture(picture: MenuImage) -> None:
    def version_after_the_worker() -> int:
        with transaction.atomic():
            tasks.make_renditions(picture.pk)
        return int(PlaceRecord.objects.get(collection=picture.collection).menu_version)

    uploaded = PlaceRecord.objects.get(collection=picture.collection).menu_version

    assert version_after_the_worker() == uploaded + 1
    assert version_after_the_worker() == uploaded + 1  # nothing was left to make


def test_a_guests_page_waits_for_no_picture(picture: MenuImage) -> None:
    waiting = {}
    for theme in THEMES:
        PlaceRecord.objects.update(theme=theme)
        waiting[theme] = [len(page(address)(["picture", "img"])) for address in SCREENS]
    assert list(waiting.values()) == [[0, 0, 0]] * len(THEMES)
    assert MenuRendition.objects.count() == 0

    make_renditions(picture)
    made = set(MenuRendition.objects.values_list("pk", flat=True))
    for theme in THEMES:
        PlaceRecord.objects.update(theme=theme)
        screens = [page(address) for address in SCREENS]
        assert screens[2].find("picture") is not None
        images = [image for screen in screens for image in screen("img")]
        assert [image for image in images if not (image.get("width") and image.get("height"))] == []
        formats = {source["type"] for screen in screens for source in screen("source")}
        assert formats == {"image/avif", "image/webp"}
    assert set(MenuRendition.objects.values_list("pk", flat=True)) == made


def test_half_of_the_sizes_is_shown_as_it_is(picture: MenuImage) -> None:
    make_renditions(picture, "card")

    (source, *_others) = page("/teahouse/")(class_="card")[0]("source")

    assert str(source["srcset"]).count(",") == 0
    assert "fill-360x360" in str(source["srcset"])


def test_the_cut_around_another_middle_replaces_the_old_one_when_it_is_made(picture: MenuImage) -> None:
    make_renditions(picture, "card")
    before = read_pictures([picture.pk])[picture.pk].one("card", "webp")
    picture.focal_point_x, picture.focal_point_y = 10, 10
    picture.focal_point_width = picture.focal_point_height = 8
    picture.save()

    waiting = read_pictures([picture.pk])[picture.pk].one("card", "webp")
    make_renditions(picture, "card")
    after = read_pictures([picture.pk])[picture.pk].one("card", "webp")

    assert waiting == before != after


def test_a_message_that_was_lost_is_sent_again(picture: MenuImage) -> None:
    tasks.ask_for_missing_renditions()

    assert set(picture.renditions.values_list("filter_spec", flat=True)) == set(specs())
    assert ask_for_missing() == 0


def test_a_picture_whose_file_is_gone_breaks_no_page(picture: MenuImage) -> None:
    picture.file.storage.delete(picture.file.name)

    assert page("/teahouse/soups/ukha/").find(class_="plate-letter") is not None
    assert DishPage.objects.get(slug="ukha").picture == picture
