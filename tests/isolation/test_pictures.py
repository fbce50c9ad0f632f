"""Pictures: uploaded, moved between collections, found again, shown."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from menu_pages.models import DishPage, MenuImage
from tests.factories.menu_files import picture_file
from tests.isolation.bodies import attacked
from tests.isolation.canaries import leaks_in
from tests.isolation.probing import ask
from tests.isolation.world import Side, World

pytestmark = pytest.mark.isolation


def upload(content: bytes, **fields: Any) -> dict[str, Any]:
    return {"title": "New", "file": SimpleUploadedFile("new.png", content, "image/png"), **fields}


def collection_of(side: Side) -> int:
    return side.place.record.collection_id


def several(content: bytes, **fields: Any) -> dict[str, Any]:
    return {"files[]": SimpleUploadedFile("new.png", content, "image/png"), **fields}


@pytest.mark.parametrize("role", ["owner", "double"])
def test_nothing_is_put_into_anothers_collection(world: World, role: str) -> None:
    """The rows that point at the other's collection are counted before and after."""
    browser, picture = world.browser(role), world.a.picture
    theirs, content = collection_of(world.b), picture_file("navy")
    bulk = reverse("wagtail_bulk_action", args=["menu_pages", "menuimage", "add_to_collection"])

    problems = [
        *attacked(browser, reverse("wagtailimages:add"), world.b, upload(content, collection=theirs)),
        *attacked(browser, reverse("wagtailimages:add_multiple"), world.b, several(content, collection=theirs)),
        *attacked(
            browser,
            reverse("wagtailimages_chooser:create"),
            world.b,
            {f"image-chooser-upload-{name}": value for name, value in upload(content, collection=theirs).items()},
        ),
        *attacked(
            browser, reverse("wagtailimages:edit", args=[picture.pk]), world.b, {"title": "x", "collection": theirs}
        ),
        *attacked(
            browser,
            reverse("wagtailimages:edit_multiple", args=[picture.pk]),
            world.b,
            {f"image-{picture.pk}-title": "x", f"image-{picture.pk}-collection": theirs},
        ),
        *attacked(browser, f"{bulk}?id={picture.pk}", world.b, {"collection": theirs}),
    ]

    assert problems == []


def test_ones_own_collection_takes_it(world: World) -> None:
    """That the forms above are whole: a refusal of everything proves nothing."""
    browser, own = world.browser("owner"), world.a.second.record.collection_id
    bulk = reverse("wagtail_bulk_action", args=["menu_pages", "menuimage", "add_to_collection"])

    added = ask(browser, "post", reverse("wagtailimages:add"), upload(picture_file("navy"), collection=own))
    edited = ask(
        browser,
        "post",
        reverse("wagtailimages:edit", args=[world.a.picture.pk]),
        {"title": "x", "collection": own},
    )
    moved = ask(browser, "post", f"{bulk}?id={world.a.picture.pk}", {"collection": own})

    assert [response.status_code for response in (added, edited, moved)] == [302, 302, 302]


def uploaded(world: World, side: Side) -> list[HttpResponse]:
    """A's owner uploads what this side has already; Wagtail compares files by their content."""
    content, own = side.picture.file.open("rb").read(), collection_of(world.a)
    fields = {f"image-chooser-upload-{name}": value for name, value in upload(content, collection=own).items()}
    browser = world.browser("owner")
    return [
        ask(browser, "post", reverse("wagtailimages:add_multiple"), several(content, collection=own)),
        ask(browser, "post", reverse("wagtailimages_chooser:create"), fields),
    ]


def test_nobody_learns_that_another_has_the_same_picture(world: World) -> None:
    MenuImage.objects.filter(pk=world.a.picture.pk).update(file_hash="0" * 40)
    MenuImage.objects.filter(pk=world.b.picture.pk).update(file_hash=world.b.picture.get_file_hash())

    answers = uploaded(world, world.b)

    assert [response.status_code for response in answers] == [200, 200]
    assert [leak for response in answers for leak in leaks_in(response, world.b.canaries)] == []
    assert [b"duplicate_found" in response.content for response in answers] == [False, False]
    assert answers[0].json()["duplicate"] is False


def test_one_learns_that_one_has_it_oneself(world: World) -> None:
    MenuImage.objects.filter(pk=world.a.picture.pk).update(file_hash=world.a.picture.get_file_hash())

    several_answer, chooser_answer = uploaded(world, world.a)

    assert several_answer.json()["duplicate"] is True
    assert chooser_answer.json()["step"] == "duplicate_found"


def test_a_pictures_page_names_nobody_elses_pages(world: World) -> None:
    """Even if another's page came to show one's picture – by an error, by hand in the database."""
    dish = DishPage.objects.get(pk=world.b.dish.pk)
    dish.picture = world.a.picture
    dish.save()
    browser = world.browser("owner")

    for address in ("/admin/images/usage/{}/", "/admin/images/{}/", "/admin/images/{}/delete/"):
        url = address.format(world.a.picture.pk)
        assert leaks_in(ask(browser, "get", url), world.b.canaries) == [], url


def test_addresses_of_pictures_are_not_guessed(world: World) -> None:
    """The same file name in two organisations gives two addresses, neither of which tells of the other."""
    a, b = world.a.picture, world.b.picture
    folders = {picture.file.name.rsplit("/", 1)[0] for picture in (a, b)}
    rendition = MenuImage.objects.get(pk=a.pk).get_rendition("max-165x165")

    assert len(folders) == 2
    assert all(len(folder) == len("pictures/") + 22 for folder in folders)
    assert rendition.file.name.split("/")[1] == a.file.name.split("/")[1]
