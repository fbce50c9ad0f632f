"""Files somebody hostile uploads as pictures, and those honest people upload that look like them."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

SCRIPT = b"<script>alert(1)</script><?php system($_GET[0]); ?>"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), color: str = "olive", **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, color).save(target, kind, **options)
    return target.getvalue()


def photograph(**tags: Any) -> bytes:
    """A JPEG turned by a quarter (its left half is red as it lies in the file), with a position and a maker's words."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "a secret photographer <?php echo 1 ?>"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (59.0, 56.0, 4.0)
    image = Image.new("RGB", (80, 40), "blue")
    image.paste((255, 0, 0), (0, 0, 40, 40))
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=SCRIPT, quality=95)
    return target.getvalue()


def phone_picture() -> bytes:
    """What phones call JPEG and Pillow calls MPO: two views in a file."""
    target = io.BytesIO()
    Image.new("RGB", (64, 48), "olive").save(
        target, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48), "navy")]
    )
    return target.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as this."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + _chunk(b"IEND")
    )


def png_with_a_text_bomb() -> bytes:
    """64 MB of text packed into a few kilobytes beside the pixels."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "x")
    whole = picture("PNG", pnginfo=words)
    bomb = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 64 * 1024 * 1024))
    at = whole.index(b"IDAT") - 4
    return whole[:at] + bomb + whole[at:]


def webp_of_frames(count: int) -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (16, 16), color) for color in ("red", "blue")]
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:])
    whole = target.getvalue()
    at = whole.index(b"ANMF")
    length = 8 + struct.unpack("<I", whole[at + 4 : at + 8])[0]
    body = whole[8:at] + whole[at : at + length] * count
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_of_frames(count: int) -> bytes:
    target = io.BytesIO()
    frames = [Image.new("P", (2, 2), number % 250) for number in range(count)]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    return target.getvalue()


def with_zip_behind(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("evil.html", SCRIPT)
    return content + target.getvalue()


def _chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


# Refused, whatever they are called.
REFUSED = {
    "nothing.jpg": b"",
    "words.png": b"no picture at all",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "film.gif": picture("GIF"),
    "film.png": gif_of_frames(300),
    "script.jpg": b"GIF89a/*" + SCRIPT + b"*/",
    "bitmap.jpg": picture("BMP"),
    "scan.png": picture("TIFF"),
    "wide.png": png_of(60_000, 1),
    "huge.png": png_of(50_000, 50_000),
    "bomb.png": png_with_a_text_bomb(),
    "frames.webp": webp_of_frames(10_000),
    "large.jpg": picture() + b"\0" * (11 * 1024 * 1024),
    "half.jpg": picture("JPEG", (900, 900))[:400],
    "page.jpg.html": picture(),
    "program.php": picture(),
    "other.png": picture("JPEG"),
}
# Taken, and nothing of it kept but the pixels.
TAKEN = {
    "photo.jpg": photograph(),
    "phone.jpg": phone_picture(),
    "page.jpeg": picture() + SCRIPT,
    "archive.jpg": with_zip_behind(picture()),
    "shell.php.png": picture("PNG"),
    "../../../etc/cron.png": picture("PNG"),
    "nul\0.php\0.webp": picture("WEBP"),
    "moving.webp": webp_of_frames(3),
    "new.avif": picture("AVIF"),
}
