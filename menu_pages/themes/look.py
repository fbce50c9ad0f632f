"""How a place's menu looks to guests: its theme with what the owner chose of the theme's options."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from menu_pages.themes.colours import is_hex
from menu_pages.themes.options import CARD_PARTS, FontPair
from menu_pages.themes.palette import problems, properties
from menu_pages.themes.registry import Theme

VERSION_LENGTH = 12
# After the families a theme names comes what the phone has.
STAND_IN = "system-ui, sans-serif"


@dataclass(frozen=True)
class Look:
    """A theme and valid settings for it (see `clean_settings`)."""

    theme: Theme
    settings: dict[str, Any]

    @cached_property
    def colours(self) -> dict[str, str]:
        """The four colours with the owner's choices in; empty when the theme's own stand."""
        chosen = self.settings.get("colours", {})
        return {**self.theme.options.colours, **chosen} if chosen else {}

    @property
    def fonts(self) -> FontPair | None:
        """The chosen pair; none for the theme's own."""
        return self.theme.options.font_pair(self.settings.get("fonts", ""))

    @property
    def colour(self) -> str:
        """What the browser's own bar takes on."""
        return self.colours.get("background", self.theme.colour)

    @property
    def preload_fonts(self) -> tuple[str, ...]:
        return tuple(face.file for face in self.fonts.faces) if self.fonts else self.theme.preload_fonts

    def shows(self, part: str) -> bool:
        """Whether cards show the description, weight, calories, labels or allergens."""
        card = self.settings.get("card")
        return card is None or part in card or part not in self.theme.options.card

    @property
    def hidden_parts(self) -> list[str]:
        return [part for part in CARD_PARTS if not self.shows(part)]

    @property
    def shows_cover(self) -> bool:
        return self.settings.get("header") != "plain"

    @property
    def attributes(self) -> SafeString:
        """For `<html>`: ` data-density="compact" data-hide="labels"`. Only what differs from the theme is said."""
        said: dict[str, str] = {
            name: self.settings[name] for name in ("fonts", "density", "pictures", "header") if name in self.settings
        }
        if self.hidden_parts:
            said["hide"] = " ".join(self.hidden_parts)
        return format_html_join("", ' data-{}="{}"', said.items())

    @cached_property
    def css(self) -> str:
        """The place's own stylesheet, made of checked values alone; empty when nothing in it was chosen."""
        values = properties(self.colours) if self.colours else {}
        pair, faces = self.fonts, ""
        if pair:
            values |= {"--font-text": _stack(pair.text), "--font-title": _stack(pair.headings)}
            faces = "".join(_face(face.family, face.weight, face.file) for face in pair.faces)
        if not values:
            return ""
        return faces + ":root{" + ";".join(f"{name}:{value}" for name, value in values.items()) + "}\n"

    @cached_property
    def version(self) -> str:
        """Changes with the stylesheet, so that browsers may keep each for ever; empty when there is none."""
        return hashlib.sha256(self.css.encode()).hexdigest()[:VERSION_LENGTH] if self.css else ""


def look_of(theme: Theme, theme_settings: dict[str, Any]) -> Look:
    """The theme with what `PlaceRecord.theme_settings` keeps for it; no queries."""
    return Look(theme, clean_settings(theme, theme_settings.get(theme.slug, {})))


def clean_settings(theme: Theme, chosen: Any) -> dict[str, Any]:
    """What of `chosen` the theme offers today and guests can read; the theme's own values are left out.

    A theme's folder may have changed since the choice was made, and a choice may have come in an address.
    """
    if not isinstance(chosen, dict):
        return {}
    options, kept = theme.options, dict[str, Any]()
    colours = _clean_colours(options.colours, chosen.get("colours"))
    if colours:
        kept["colours"] = colours
    fonts = [pair.key for pair in options.fonts]
    for name, offered in (
        ("fonts", fonts),
        ("density", options.density),
        ("pictures", options.pictures),
        ("header", options.header),
    ):
        if chosen.get(name) in offered[1:]:
            kept[name] = chosen[name]
    if isinstance(chosen.get("card"), list) and options.card:
        shown = [part for part in options.card if part in chosen["card"]]
        if len(shown) < len(options.card):
            kept["card"] = shown
    return kept


def _clean_colours(offered: dict[str, str], chosen: Any) -> dict[str, str]:
    if not isinstance(chosen, dict):
        return {}
    kept = {name: chosen[name] for name, own in offered.items() if is_hex(chosen.get(name)) and chosen[name] != own}
    return {} if kept and problems({**offered, **kept}) else kept


def _stack(family: str) -> str:
    return STAND_IN if family == "system-ui" else f'"{family}", {STAND_IN}'


def _face(family: str, weight: int, file: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f'src:url("{static(file)}") format("woff2")}}'
    )
