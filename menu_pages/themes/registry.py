"""Themes are folders: `templates/themes/<theme>/` with a `theme.toml`, and `static/themes/<theme>/`."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from menu_pages.option_groups import active_language
from menu_pages.themes.colours import is_hex
from menu_pages.themes.options import OptionError, ThemeOptions, read_options
from menu_pages.themes.sheets import SHEETS

SCREENS = ("place", "category", "dish", "basket", "status")
DEFAULT_THEME = "showcase"
# Words that stand where a theme's name does in the moderators' addresses.
RESERVED_THEMES = frozenset({"edit", "undo"})
THEME_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}", re.ASCII)


class ThemeError(ValueError):
    """A theme's folder is not complete; the message says what is wrong."""


@dataclass(frozen=True)
class Theme:
    slug: str
    titles: dict[str, str] = field(hash=False)
    descriptions: dict[str, str] = field(hash=False)
    preload_fonts: tuple[str, ...] = ()
    colour: str = "#ffffff"
    options: ThemeOptions = field(default_factory=ThemeOptions)

    @property
    def title(self) -> str:
        return self.titles.get(active_language()) or self.titles["en"]

    @property
    def description(self) -> str:
        return self.descriptions.get(active_language()) or self.descriptions["en"]

    @property
    def sheets(self) -> dict[str, str]:
        """Its stylesheets among static files, by what they are for."""
        return {sheet: f"themes/{self.slug}/{sheet}.css" for sheet in SHEETS}

    def template(self, screen: str) -> str:
        return f"themes/{self.slug}/{screen}.html"


def themes_folder() -> Path:
    return Path(settings.BASE_DIR) / "templates" / "themes"


def read_theme(folder: Path) -> Theme:
    """The theme in this folder; raises `ThemeError` saying what is missing or wrong."""
    if not THEME_NAME.fullmatch(folder.name) or folder.name in RESERVED_THEMES:
        raise ThemeError(f"{folder.name}: a theme's folder is named in small Latin letters, and not {_reserved()}")
    try:
        data = tomllib.loads((folder / "theme.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ThemeError(f"{folder.name}: theme.toml is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"{folder.name}: theme.toml cannot be read: {error}") from None
    for name in ("title", "description"):
        if not isinstance(data.get(name), dict) or not data[name].get("en"):
            raise ThemeError(f'{folder.name}: theme.toml needs [{name}] with at least "en"')
    colour = str(data.get("colour", "#ffffff")).lower()
    if not is_hex(colour):
        raise ThemeError(f"{folder.name}: theme.toml: colour = {colour!r} is not a colour like #ffffff")
    try:
        options = read_options(data.get("options", {}))
    except OptionError as error:
        raise ThemeError(f"{folder.name}: theme.toml: {error}") from None
    missing = [screen for screen in SCREENS if not (folder / f"{screen}.html").is_file()]
    if missing:
        raise ThemeError(f"{folder.name}: templates missing: {', '.join(f'{name}.html' for name in missing)}")
    return Theme(
        slug=folder.name,
        titles=data["title"],
        descriptions=data["description"],
        preload_fonts=_names(folder, data, "preload_fonts"),
        colour=colour,
        options=options,
    )


def _names(folder: Path, data: dict[str, Any], name: str) -> tuple[str, ...]:
    values = data.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ThemeError(f"{folder.name}: theme.toml: {name} is not a list of names")
    return tuple(values)


def _reserved() -> str:
    return ", ".join(sorted(RESERVED_THEMES))


def theme_folders() -> list[Path]:
    return sorted(path for path in themes_folder().iterdir() if path.is_dir())


@cache
def _themes() -> dict[str, Theme]:
    themes = {}
    for folder in theme_folders():
        try:
            themes[folder.name] = read_theme(folder)
        except ThemeError:
            continue  # the system check `menu_pages.E001` has said so at the start
    return themes


def all_themes() -> list[Theme]:
    """Complete themes, the default one first."""
    return sorted(_themes().values(), key=lambda theme: (theme.slug != DEFAULT_THEME, theme.slug))


def known_theme(slug: str) -> Theme | None:
    """The theme of this name, if it is there and complete."""
    return _themes().get(slug)


def get_theme(slug: str) -> Theme:
    """The installed theme; a theme whose folder is gone gives way to the default one."""
    themes = _themes()
    return themes.get(slug) or themes[DEFAULT_THEME]
