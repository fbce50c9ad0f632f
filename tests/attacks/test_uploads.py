"""Pictures by every door: what is refused, what is kept of the rest, and what it may cost."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.card.logos import redraw as redraw_logo
from accounts.models import User
from accounts.redrawing import redraw as redrawing
from accounts.redrawing.redraw import WrongPictureError, redraw
from menu_pages.menu_files.imports import prepare_import
from menu_pages.menu_files.problems import FileRefused
from menu_pages.models import MenuImage, MenuImportPicture, PlacePage
from tests.factories.hostile_pictures import REFUSED, SCRIPT, TAKEN, phone_picture, photograph, picture, with_zip_behind
from tests.factories.menu_files import csv_file, dish_row, import_file, zip_file
from tests.factories.menus import make_picture
from tests.factories.people import signed_in

pytestmark = pytest.mark.attacks

KINDS = ("JPEG", "PNG", "WEBP", "AVIF")
STORED_NAME = re.compile(r"pictures/[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]+\.(jpg|jpeg|png|webp|avif)")
Door = Callable[[Client, PlacePage, SimpleUploadedFile], HttpResponse]


def by_the_screen(browser: Client, place: PlacePage, file: SimpleUploadedFile) -> HttpResponse:
    data = {"title": "Picture", "file": file, "collection": place.record.collection_id}
    return browser.post(reverse("wagtailimages:add"), data)


def by_many_at_once(browser: Client, place: PlacePage, file: SimpleUploadedFile) -> HttpResponse:
    data = {"title": "Picture", "files[]": file, "collection": place.record.collection_id}
    return browser.post(reverse("wagtailimages:add_multiple"), data)


def by_the_chooser(browser: Client, place: PlacePage, file: SimpleUploadedFile) -> HttpResponse:
    prefix = "image-chooser-upload"
    data = {f"{prefix}-title": "Picture", f"{prefix}-file": file, f"{prefix}-collection": place.record.collection_id}
    return browser.post(reverse("wagtailimages_chooser:create"), data)


def problems_of(image: MenuImage) -> list[str]:
    """What a stored picture holds and should not."""
    with image.file.open("rb") as file:
        content = file.read()
    opened = Image.open(io.BytesIO(content))
    wrong = [] if opened.format in KINDS else [f"stored as {opened.format}"]
    wrong += [
        f"holds {word!r}" for word in (b"<script", b"<?php", b"secret", b"PK\x03\x04", b"Exif") if word in content
    ]
    wrong += [] if STORED_NAME.fullmatch(image.file.name) else [f"called {image.file.name}"]
    return [f"{image.title}: {problem}" for problem in wrong]


@pytest.mark.usefixtures("media")
def test_hostile_files(alice: User, place_a: PlacePage) -> None:
    browser = signed_in(alice)

    answers = {
        name: by_many_at_once(browser, place_a, SimpleUploadedFile(name, content)) for name, content in REFUSED.items()
    }

    assert {name: (answer.status_code, answer.json()["success"]) for name, answer in answers.items()} == dict.fromkeys(
        REFUSED, (200, False)
    )
    assert not MenuImage.objects.exists()


@pytest.mark.usefixtures("media")
def test_of_what_is_taken_the_pixels_alone_are_kept(alice: User, place_a: PlacePage, media: Path) -> None:
    browser = signed_in(alice)

    answers = [
        by_many_at_once(browser, place_a, SimpleUploadedFile(name, content)).json() for name, content in TAKEN.items()
    ]

    assert [answer["success"] for answer in answers] == [True] * len(TAKEN)
    images = MenuImage.objects.all()
    assert len(images) == len(TAKEN)
    assert [problem for image in images for problem in problems_of(image)] == []
    assert all(path.is_relative_to(media) for path in media.rglob("*"))


@pytest.mark.parametrize("door", [by_the_screen, by_many_at_once, by_the_chooser])
@pytest.mark.usefixtures("media")
def test_every_door_of_the_admin(alice: User, place_a: PlacePage, door: Door) -> None:
    browser = signed_in(alice)
    hostile = SimpleUploadedFile("evil.jpg", SCRIPT)

    refused = door(browser, place_a, hostile)
    taken = door(browser, place_a, SimpleUploadedFile("photo.jpg", photograph()))

    assert refused.status_code == 200
    assert taken.status_code in (200, 302)
    image = MenuImage.objects.get()
    assert problems_of(image) == []
    # Upright: what lay on the left in the file is at the top now.
    with image.file.open("rb") as file, Image.open(file) as upright:
        assert upright.size == (40, 80)
        assert upright.getpixel((20, 10))[0] > 200 > 100 > upright.getpixel((20, 70))[0]


@pytest.mark.usefixtures("media")
def test_a_picture_exchanged_for_another(alice: User, place_a: PlacePage) -> None:
    image = make_picture(place_a)
    browser = signed_in(alice)
    address = reverse("wagtailimages:edit", args=[image.pk])
    data = {"title": "Other", "collection": place_a.record.collection_id}

    refused = browser.post(address, {**data, "file": SimpleUploadedFile("x.jpg", REFUSED["script.jpg"])})
    browser.post(address, {**data, "file": SimpleUploadedFile("x.jpg", with_zip_behind(photograph()))})

    assert refused.status_code == 200
    image.refresh_from_db()
    assert image.title == "Other"
    assert problems_of(image) == []


@pytest.mark.usefixtures("media")
def test_pictures_in_the_archive_of_a_menu(place_a: PlacePage) -> None:
    def archive(name: str, content: bytes) -> bytes:
        return zip_file({"menu.csv": csv_file([dish_row("Borshch", photo=name)]), name: content})

    for name in ("script.jpg", "huge.png", "bomb.png", "frames.webp", "large.jpg"):
        with pytest.raises(FileRefused):
            prepare_import(place=place_a, name="x.zip", content=archive(name, REFUSED[name]), replace=False, by=None)
    import_file(place_a, archive("phone.png", with_zip_behind(phone_picture())), name="menu.zip")
    prepare_import(place=place_a, name="x.zip", content=archive("photo.jpg", photograph()), replace=False, by=None)

    assert problems_of(MenuImage.objects.get()) == []
    assert MenuImage.objects.get().file.name.endswith(".jpg")
    assert b"secret" not in bytes(MenuImportPicture.objects.get(name="photo.jpg").content)


def test_a_logo_from_a_phone() -> None:
    drawn = redraw_logo(SimpleUploadedFile("logo.jpg", with_zip_behind(phone_picture())))

    content = drawn.read()
    assert (drawn.name, Image.open(io.BytesIO(content)).format) == ("logo.jpg", "JPEG")
    assert b"PK\x03\x04" not in content


UNPACKS = "    picture.load()\n"
HUNGRY = "    hoard = [bytearray(1024**2) for _ in range(2000)]\n"
ENDLESS = "    while True: pass\n"
A_SECOND = ("SECONDS = 3", "SECONDS = 1")


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Another program that draws: ours with lines exchanged."""
    source = redrawing.PRESS.read_text()

    def exchange(*pairs: tuple[str, str]) -> None:
        changed = source
        for before, after in pairs:
            assert before in changed
            changed = changed.replace(before, after, 1)
        (tmp_path / "press.py").write_text(changed)
        monkeypatch.setattr(redrawing, "PRESS", tmp_path / "press.py")

    return exchange


@pytest.mark.parametrize("hostile", [HUNGRY, ENDLESS], ids=["hungry", "endless"])
@pytest.mark.usefixtures("media")
def test_a_decoder_has_little_memory_and_time(
    alice: User, place_a: PlacePage, press: Callable[..., None], hostile: str
) -> None:
    """A file no limit of ours foresees: the process that unpacks it ends, this one goes on and says so."""
    press((UNPACKS, hostile), A_SECOND)

    answer = by_many_at_once(signed_in(alice), place_a, SimpleUploadedFile("photo.jpg", picture()))

    assert (answer.status_code, answer.json()["success"]) == (200, False)
    assert "takes too long or too much memory" in answer.json()["error_message"]
    assert not MenuImage.objects.exists()
    with pytest.raises(ValidationError, match="800 pixels"):
        redraw_logo(SimpleUploadedFile("logo.jpg", picture()))


def test_a_machine_too_busy_to_draw_refuses(monkeypatch: pytest.MonkeyPatch, press: Callable[..., None]) -> None:
    """A process that is given no time of a processor is not waited for without end."""
    press((UNPACKS, "    __import__('threading').Event().wait()\n"))
    monkeypatch.setattr(redrawing, "PATIENCE_SECONDS", 1)

    with pytest.raises(WrongPictureError, match="heavy"):
        redraw(picture(), kinds=KINDS, longest_side=100, quality=80)


@pytest.mark.parametrize(
    ("limit", "needs", "exchanged"),
    [
        ("RLIMIT_DATA", "    bytearray(400 * 1024**2)\n", []),
        ("RLIMIT_CPU", "    while __import__('time').process_time() < 2: pass\n", [A_SECOND]),
    ],
    ids=["memory", "time"],
)
def test_control_without_its_limits_it_takes_what_it_likes(
    press: Callable[..., None], limit: str, needs: str, exchanged: list[tuple[str, str]]
) -> None:
    """The same greed is served when the limit is gone."""
    greed = (UNPACKS, needs + UNPACKS)
    press(greed, *exchanged)
    with pytest.raises(WrongPictureError, match="heavy"):
        redraw(picture(), kinds=KINDS, longest_side=100, quality=80)

    press(greed, (f"    resource.setrlimit(resource.{limit},", "    id("))

    assert redraw(picture(), kinds=KINDS, longest_side=100, quality=80).kind == "JPEG"


def test_the_process_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A decoder that is broken into finds no secret in its environment."""
    press = tmp_path / "press.py"
    press.write_text("import json, os\nprint(json.dumps({'kind': 'PNG'}))\nprint(dict(os.environ))")
    monkeypatch.setattr(redrawing, "PRESS", press)
    monkeypatch.setenv("SECRET_KEY", "hunter2")

    assert b"hunter2" not in redraw(b"", kinds=KINDS, longest_side=100, quality=80).content


def test_the_largest_pictures_that_are_taken_fit_in_that_memory() -> None:
    largest = {kind: picture(kind, (5000, 5000) if kind in ("JPEG", "PNG") else (4000, 3000)) for kind in KINDS}

    assert [redraw(content, kinds=KINDS, longest_side=3200, quality=88).kind for content in largest.values()] == [
        *KINDS
    ]


@pytest.mark.usefixtures("media")
def test_control_without_drawing_anew(alice: User, place_a: PlacePage, settings: SimpleNamespace) -> None:
    """Wagtail's own form keeps what came."""
    settings.WAGTAILIMAGES_IMAGE_FORM_BASE = "wagtail.images.forms.BaseImageForm"

    by_many_at_once(signed_in(alice), place_a, SimpleUploadedFile("photo.jpg", photograph()))

    assert [part.split(": ")[1] for part in problems_of(MenuImage.objects.get())] == [
        "holds b'<script'",
        "holds b'<?php'",
        "holds b'secret'",
        "holds b'Exif'",
    ]
