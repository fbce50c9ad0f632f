"""Pictures people send: each becomes a file of our own making, or is refused.

Why none is kept as it came: docs/decisions/0018-what-strangers-send.md.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PRESS = Path(__file__).with_name("press.py")
MOST_PIXELS = 25_000_000
# A few views of one thing are a picture; more of them are a film.
MOST_FRAMES = 200
# The process's own limit is of a processor's time: this one is for a machine too busy to give it any.
PATIENCE_SECONDS = 15
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}


class WrongPictureError(ValueError):
    """`why` is one of pixels, frames, heavy, broken; the words belong to whoever asked for the picture."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture of the `kind` it came as (JPEG, PNG, WEBP, AVIF), upright, with nothing of the file but its pixels."""

    kind: str
    content: bytes

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.kind]


def redraw(content: bytes, *, kinds: Sequence[str], longest_side: int, quality: int) -> Redrawn:
    """The picture drawn anew in a process of its own, at most `longest_side` pixels long.

    Raises `WrongPictureError` for anything but these kinds, for more than 25 megapixels (WebP and AVIF: 12), and for
    what the process did not finish within its memory and time (three seconds of a processor). Takes a tenth of a second
    and more: never inside a transaction.
    """
    asked = {
        "kinds": list(kinds),
        "most_pixels": MOST_PIXELS,
        "most_frames": MOST_FRAMES,
        "longest_side": longest_side,
        "quality": quality,
    }
    try:
        # Nothing of our environment goes along: secrets are in it.
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(asked).encode() + b"\n" + content,
            capture_output=True,
            check=False,
            env={},
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise WrongPictureError("heavy") from error
    if done.returncode == -signal.SIGXCPU:
        raise WrongPictureError("heavy")
    line, _newline, drawn = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise WrongPictureError("broken")
    said = json.loads(line)
    if "refused" in said:
        raise WrongPictureError("broken" if said["refused"] == "kind" else said["refused"])
    return Redrawn(said["kind"], drawn)
