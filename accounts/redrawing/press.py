"""The program that unpacks strangers' pictures: `python press.py`, a process of its own with little memory and time.

Reads one line of JSON (`kinds`, `most_pixels`, `most_frames`, `longest_side`, `quality`) and the file behind it, writes
one line of JSON and the new file behind that. It knows Pillow and nothing of the service, so that a decoder that is
broken into, dies or never ends takes nothing with it.
"""

import json
import resource
import sys
import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

MOST_MEMORY = 288 * 1024 * 1024
# Of a processor's time; the largest honest pictures need two.
MOST_SECONDS = 3
# Nothing anyone photographs is longer; what draws a picture of one pixel by many is no camera.
LONGEST_READ = 20_000
# Their readers hold a picture four times while they unpack it.
FEWER_PIXELS = {"WEBP": 12_000_000, "AVIF": 12_000_000}
# Phones put a second view behind the first; the first is a JPEG.
KIND_OF = {"MPO": "JPEG"}
SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"optimize": True, "progressive": True},
    "PNG": {"compress_level": 4},
    "WEBP": {"method": 3},
    "AVIF": {"speed": 10},
}


# Of the others a smaller picture would be made of neighbours' numbers, not colours.
SHRINKS_WELL = ("RGB", "RGBA", "CMYK", "L", "LA")


class RefusedError(Exception):
    """The word is for `redraw`, which knows what to say to people."""


def redrawn(content: bytes, asked: dict[str, Any]) -> tuple[str, bytes]:
    """The picture's kind and the picture, drawn anew: nothing of the file is left but its pixels."""
    # What was unpacked is let go of before anything is packed: encoders need as much memory again.
    kind, pixels = _read(content, asked)
    target = BytesIO()
    try:
        pixels.save(target, kind, quality=asked["quality"], **SAVED[kind])
    except (RuntimeError, ValueError, OSError) as error:
        # These pixels are good: what stops an encoder is the want of memory, which each words in its own way.
        raise RefusedError("heavy") from error
    return kind, target.getvalue()


def _read(content: bytes, asked: dict[str, Any]) -> tuple[str, Image.Image]:
    # The sizes are judged here, by stricter limits.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    with Image.open(BytesIO(content), formats=asked["kinds"]) as picture:
        kind = KIND_OF.get(str(picture.format), str(picture.format))
        # Some readers turn out to be another kind once they have looked into the file.
        if kind not in asked["kinds"]:
            raise RefusedError("kind")
        most = min(asked["most_pixels"], FEWER_PIXELS.get(kind, asked["most_pixels"]))
        if picture.width * picture.height > most or max(picture.size) > LONGEST_READ:
            raise RefusedError("pixels")
        if kind != "JPEG" and getattr(picture, "n_frames", 1) > asked["most_frames"]:
            raise RefusedError("frames")
        side = asked["longest_side"]
        picture.draft("RGB", (side, side))  # a JPEG unpacks no more than it has to
        return kind, _clean(_pixels(picture, kind, side))


def _pixels(picture: Image.Image, kind: str, side: int) -> Image.Image:
    picture.load()
    colours = picture.info.get("icc_profile")
    turned = picture.getexif().get(0x0112, 1)
    see_through = picture.has_transparency_data and kind != "JPEG"
    mode = "RGBA" if see_through else "RGB"
    pixels: Image.Image = picture
    if pixels.mode not in SHRINKS_WELL:
        pixels = _eight_bits(pixels).convert(mode)
    # Early: each copy after this one is a small one.
    pixels.thumbnail((side, side))
    if pixels.mode != mode:
        pixels = pixels.convert(mode)
    if colours:
        pixels = _in_srgb(pixels, colours)
    pixels.info = {}
    # A fresh canvas: comments, positions and profiles hang on the old one.
    canvas = Image.new(pixels.mode, pixels.size)
    canvas.paste(pixels)
    canvas.getexif()[0x0112] = turned
    return ImageOps.exif_transpose(canvas)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Pillow cuts finer greys off where it should divide them."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return picture


def _in_srgb(pixels: Image.Image, profile: bytes) -> Image.Image:
    """A phone's wide colours as every screen shows them; a profile that says nothing sensible is left out."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(pixels, source, target, outputMode=pixels.mode) or pixels
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return pixels


def _clean(pixels: Image.Image) -> Image.Image:
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    return clean


def main() -> int:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    # By its signal `redraw` knows that time was over; at the harder limit the process would just be gone.
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.loads(sys.stdin.buffer.readline())
    drawn = b""
    try:
        kind, drawn = redrawn(sys.stdin.buffer.read(), asked)
        said = {"kind": kind}
    except RefusedError as refused:
        said = {"refused": str(refused)}
    except Image.DecompressionBombError:
        said = {"refused": "pixels"}
    except MemoryError:
        said = {"refused": "heavy"}
    except Exception:  # noqa: BLE001  (whatever a decoder raises, the file is not one we can show)
        said = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
