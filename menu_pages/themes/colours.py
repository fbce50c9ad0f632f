"""Colours as people see them: contrast by WCAG 2, and the nearest colour that can be read.

Contrast: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Lightness: OKLab, https://bottosson.github.io/posts/oklab/,
where equal steps look equally large; hue stays what the owner chose.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)
ENOUGH = 4.5  # WCAG AA for text of any size
WHITE, BLACK = "#ffffff", "#000000"
# Half the lightness between two neighbouring greys of 8 bits: no colour on the way is stepped over.
STEPS = 512


class Oklab(NamedTuple):
    """OKLab in lightness 0–1 and the two axes of colour."""

    lightness: float
    a: float
    b: float


def is_hex(value: object) -> bool:
    return isinstance(value, str) and HEX.fullmatch(value) is not None


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 for black and 1 for white."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, others: Iterable[str], least: float = ENOUGH) -> bool:
    return all(contrast(colour, other) >= least for other in others)


def nearest_readable(colour: str, others: Sequence[str], least: float = ENOUGH) -> str | None:
    """The colour of the same hue that reaches `least` with each of `others` for the smallest change of lightness.

    The colour itself when it does already; None when no lightness reads with all of them.
    """
    if readable(colour, others, least):
        return colour
    start = to_oklab(colour)
    for step in range(1, STEPS + 1):
        for lightness in (start.lightness - step / STEPS, start.lightness + step / STEPS):
            candidate = from_oklab(start._replace(lightness=min(max(lightness, 0.0), 1.0)))
            if readable(candidate, others, least):
                return candidate
    return None


def nearest_to(colour: str, candidates: Iterable[str | None]) -> str | None:
    """Of the candidates that are there, the one whose lightness differs least."""
    start = to_oklab(colour).lightness
    found = [candidate for candidate in candidates if candidate]
    return min(found, key=lambda candidate: abs(to_oklab(candidate).lightness - start), default=None)


def mix(one: str, other: str, share: float) -> str:
    """`share` of the first colour with the rest of the second, in OKLab."""
    pairs = zip(to_oklab(one), to_oklab(other), strict=True)
    return from_oklab(Oklab(*(share * x + (1 - share) * y for x, y in pairs)))


def to_oklab(colour: str) -> Oklab:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return Oklab(
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_oklab(lab: Oklab) -> str:
    """`#rrggbb`; where a screen has no colour so strong, the strongest of that hue and lightness."""
    channels = _to_linear(lab)
    if not _on_screen(channels):
        weak, strong = 0.0, 1.0
        for _round in range(12):
            middle = (weak + strong) / 2
            if _on_screen(_to_linear(_weakened(lab, middle))):
                weak = middle
            else:
                strong = middle
        channels = _to_linear(_weakened(lab, weak))
    return "#" + "".join(f"{_encoded(channel):02x}" for channel in channels)


def _weakened(lab: Oklab, share: float) -> Oklab:
    return Oklab(lab.lightness, lab.a * share, lab.b * share)


def _to_linear(lab: Oklab) -> tuple[float, float, float]:
    long = (lab.lightness + 0.3963377774 * lab.a + 0.2158037573 * lab.b) ** 3
    medium = (lab.lightness - 0.1055613458 * lab.a - 0.0638541728 * lab.b) ** 3
    short = (lab.lightness - 0.0894841775 * lab.a - 1.2914855480 * lab.b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _on_screen(channels: Iterable[float]) -> bool:
    return all(-1e-6 <= channel <= 1 + 1e-6 for channel in channels)


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encoded(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    value = 12.92 * value if value <= 0.0031308 else 1.055 * float(value ** (1 / 2.4)) - 0.055
    return round(value * 255)
