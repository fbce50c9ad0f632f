"""What a theme lets owners choose: the `[options]` of its `theme.toml`.

Each kind of option is named here once, with the form its values have. The first value of a list is the theme's own.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from menu_pages.themes.colours import is_hex
from menu_pages.themes.palette import COLOURS, problems

KEY = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,40}", re.ASCII)
FONT_FILE = re.compile(r"[a-z0-9_/-]+\.woff2", re.ASCII)
WEIGHTS = range(100, 1000, 100)

# What themes may offer of each kind, with the words of the editor.
DENSITIES = {"comfortable": _("Airy"), "compact": _("Compact")}
PICTURES = {"square": _("Square"), "wide": _("Wide, 4 : 3"), "tall": _("Tall, 3 : 4"), "circle": _("Round")}
HEADERS = {"cover": _("With the cover picture"), "plain": _("Words only")}
CARD_PARTS = {
    "description": _("Composition"),
    "weight": _("Weight or volume"),
    "calories": _("Calories"),
    "labels": _("Labels"),
    "allergens": _("Allergens"),
}
KINDS = ("colours", "fonts", "density", "pictures", "header", "card")


class OptionError(ValueError):
    """`[options]` cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class FontFace:
    """One self-hosted file of a family; `file` is its path among static files."""

    family: str
    weight: int
    file: str


@dataclass(frozen=True, slots=True)
class FontPair:
    """Fonts of texts and of titles; empty families are those of the theme's own stylesheet."""

    key: str
    titles: dict[str, str] = field(hash=False)
    text: str = ""
    headings: str = ""
    faces: tuple[FontFace, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeOptions:
    """What may be chosen; an empty field is not offered."""

    colours: dict[str, str] = field(default_factory=dict, hash=False)
    fonts: tuple[FontPair, ...] = ()
    density: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    card: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.colours, self.fonts, self.density, self.pictures, self.header, self.card))

    def font_pair(self, key: str) -> FontPair | None:
        return next((pair for pair in self.fonts if pair.key == key), None)


def read_options(data: Any) -> ThemeOptions:
    """The options of a `theme.toml`; raises `OptionError` naming what is wrong."""
    if not isinstance(data, dict):
        raise OptionError("[options] is not a table")
    if unknown := [name for name in data if name not in KINDS]:
        raise OptionError(f"unknown option: {', '.join(unknown)}; known are {', '.join(KINDS)}")
    return ThemeOptions(
        colours=_colours(data.get("colours", {})),
        fonts=_fonts(data.get("fonts", {})),
        density=_choices(data, "density", DENSITIES),
        pictures=_choices(data, "pictures", PICTURES),
        header=_choices(data, "header", HEADERS),
        card=_choices(data, "card", CARD_PARTS),
    )


def _colours(values: Any) -> dict[str, str]:
    if not isinstance(values, dict):
        raise OptionError("[options.colours] is not a table")
    for name, value in values.items():
        if name not in COLOURS:
            raise OptionError(f"options.colours: unknown colour {name}; known are {', '.join(COLOURS)}")
        if not isinstance(value, str) or not is_hex(value.lower()):
            raise OptionError(f"options.colours: {name} = {value!r} is not a colour like #c93820")
    if values and (missing := [name for name in COLOURS if name not in values]):
        # Contrast is a matter of all four together.
        raise OptionError(f"options.colours: {', '.join(missing)} missing")
    colours = {name: values[name].lower() for name in COLOURS if name in values}
    for problem in problems(colours) if colours else ():
        raise OptionError(f"options.colours: {problem.technical}")
    return colours


def _choices(data: dict[str, Any], kind: str, known: dict[str, Any]) -> tuple[str, ...]:
    values = data.get(kind, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise OptionError(f"options.{kind} is not a list of words")
    if unknown := [value for value in values if value not in known]:
        raise OptionError(f"options.{kind}: unknown {', '.join(unknown)}; known are {', '.join(known)}")
    return tuple(dict.fromkeys(values))


def _fonts(values: Any) -> tuple[FontPair, ...]:
    if not isinstance(values, dict):
        raise OptionError("[options.fonts] is not a table of pairs")
    return tuple(_font_pair(key, pair) for key, pair in values.items())


def _font_pair(key: str, pair: Any) -> FontPair:
    where = f"options.fonts.{key}"
    if not KEY.fullmatch(key) or not isinstance(pair, dict):
        raise OptionError(f"{where} is not a table with a plain name")
    title = pair.get("title")
    if not isinstance(title, dict) or not isinstance(title.get("en"), str):
        raise OptionError(f'{where} needs a title with at least "en"')
    text = pair.get("text", "")
    headings = pair.get("headings") or text
    faces = pair.get("faces", [])
    if not isinstance(faces, list):
        raise OptionError(f"{where}.faces is not a list")
    if (text or headings or faces) and not all(_is_family(family) for family in (text, headings)):
        raise OptionError(f"{where}: text and headings are names of font families")
    return FontPair(key, title, str(text), str(headings), tuple(_face(where, face) for face in faces))


def _face(where: str, face: Any) -> FontFace:
    if not isinstance(face, dict) or set(face) != {"family", "weight", "file"}:
        raise OptionError(f"{where}: a face has a family, a weight and a file")
    if not _is_family(face["family"]) or face["weight"] not in WEIGHTS:
        raise OptionError(f"{where}: a face's family is a name and its weight one of 100, 200, … 900")
    if not isinstance(face["file"], str) or not FONT_FILE.fullmatch(face["file"]):
        raise OptionError(f"{where}: a face's file is a .woff2 among the static files")
    return FontFace(face["family"], face["weight"], face["file"])


def _is_family(value: Any) -> bool:
    return isinstance(value, str) and FAMILY.fullmatch(value) is not None
