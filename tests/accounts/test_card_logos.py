"""Logos: redrawn or refused in words, never stored as they came."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from accounts.card.logos import redraw


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    target = BytesIO()
    Image.new(mode, size, "olive" if mode == "RGB" else 0).save(target, kind, **options)
    return target.getvalue()


def redrawn(content: bytes, name: str = "logo.png") -> Image.Image:
    return Image.open(BytesIO(redraw(SimpleUploadedFile(name, content)).read()))


def refusal(content: bytes, name: str = "logo.png") -> str:
    with pytest.raises(ValidationError) as refused:
        redraw(SimpleUploadedFile(name, content))
    return refused.value.messages[0]


def header_only_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as this, and breaks off where its pixels should begin."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", 100) + b"IDAT"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_kinds_stay_what_they_are(kind: str) -> None:
    logo = redrawn(picture(kind))

    assert (logo.format, logo.size) == (kind, (64, 48))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_no_side_is_longer_than_800(kind: str) -> None:
    assert redrawn(picture(kind, (2000, 1000))).size == (800, 400)


def test_transparency_stays() -> None:
    logo = redrawn(picture(mode="RGBA"))

    assert logo.mode == "RGBA"
    assert logo.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_a_printers_jpeg_is_taken(mode: str) -> None:
    assert redrawn(picture("JPEG", mode=mode)).mode == "RGB"


def test_it_stands_upright_and_says_nothing_of_its_maker() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x013B] = "a secret photographer"
    content = picture("JPEG", exif=exif, comment=b"a secret comment")

    logo = redrawn(content)

    assert logo.size == (48, 64)
    assert b"secret" in content
    assert b"secret" not in redraw(SimpleUploadedFile("logo.jpg", content)).read()


def test_words_in_a_png_are_dropped() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "a secret author")

    assert redrawn(picture(pnginfo=words)).info == {}


def test_its_name_is_ours() -> None:
    assert redraw(SimpleUploadedFile("../../evil.html", picture("JPEG"))).name == "logo.jpg"


def test_more_than_2_megabytes_is_refused() -> None:
    assert "larger than 2 MB" in refusal(picture() + b"\0" * 2 * 1024 * 1024)


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_000), (60_000, 60_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    assert "25 megapixels" in refusal(header_only_png(width, height))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.png"),
        (picture("GIF"), "logo.png"),
        (picture("BMP"), "logo.png"),
        (b"no picture at all", "logo.jpg"),
        (picture("PNG", (300, 300))[:200], "logo.png"),
        (picture("JPEG", (900, 900))[:400], "logo.jpg"),
        (header_only_png(64, 64), "logo.png"),
    ],
)
def test_anything_else_is_refused_in_words(content: bytes, name: str) -> None:
    assert "not a JPEG, PNG or WebP picture" in refusal(content, name)
