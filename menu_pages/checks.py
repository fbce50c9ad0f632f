from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.template import Engine, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader_tags import ExtendsNode, IncludeNode

from menu_pages.themes.registry import Theme, ThemeError, read_theme, theme_folders
from menu_pages.themes.sheets import parts

HINT = "docs/themes.md says what a theme has."


@register()
def themes_are_complete(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """menu_pages.E001: a theme's folder misses something or its `theme.toml` is wrong. E002: a stylesheet or font is
    not there. E003: a template cannot be read."""
    errors: list[CheckMessage] = []
    for folder in theme_folders():
        try:
            theme = read_theme(folder)
        except ThemeError as problem:
            errors.append(Error(str(problem), hint=HINT, id="menu_pages.E001"))
        else:
            errors += _missing_files(theme)
            errors += _broken_templates(folder)
    return errors


def _broken_templates(folder: Path) -> list[CheckMessage]:
    """menu_pages.E003: a template of the theme cannot be read, or includes one that is not there."""
    found = (_what_is_wrong(folder, path) for path in sorted(folder.glob("*.html")))
    return [Error(message, hint=HINT, id="menu_pages.E003") for message in found if message]


def _what_is_wrong(folder: Path, path: Path) -> str:
    where, own = f"{folder.name}: {path.name}", f"themes/{folder.name}/"
    try:
        template = Engine.get_default().from_string(path.read_text(encoding="utf-8"))
    except (TemplateSyntaxError, UnicodeDecodeError) as error:
        return f"{where} cannot be read: {error}"
    includes: list[Any] = template.nodelist.get_nodes_by_type(IncludeNode)
    parents: list[Any] = template.nodelist.get_nodes_by_type(ExtendsNode)
    for name in (*(node.template.var for node in includes), *(node.parent_name.var for node in parents)):
        if not isinstance(name, str):
            continue  # A name worked out while drawing.
        there = (folder / name.removeprefix(own)).is_file() if name.startswith(own) else _is_template(name)
        if not there:
            return f"{where} needs {name}, which is missing"
    return ""


def _is_template(name: str) -> bool:
    try:
        Engine.get_default().find_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def _missing_files(theme: Theme) -> list[CheckMessage]:
    faces = [face.file for pair in theme.options.fonts for face in pair.faces]
    static = Path(settings.BASE_DIR) / "static"
    sheets = list(theme.sheets.values())
    for name in sheets:
        # Those a sheet imports are looked at after it.
        if (static / name).is_file():
            sheets += [part for part in parts(name, (static / name).read_text("utf-8")) if part not in sheets]
    missing = [name for name in (*sheets, *theme.preload_fonts, *faces) if not (static / name).is_file()]
    return [
        Error(
            f"{theme.slug}: static/{name} is missing",
            hint=HINT,
            id="menu_pages.E002",
        )
        for name in missing
    ]
