"""Themes are folders; the system check says what is wrong with one."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from menu_pages.checks import themes_are_complete
from menu_pages.themes import registry
from menu_pages.themes.registry import DEFAULT_THEME, SCREENS, ThemeError, all_themes, get_theme, read_theme
from menu_pages.themes.sheets import SHEETS

WORDS = '[title]\nen = "Plain"\nru = "Простая"\n[description]\nen = "Nothing but words."\n'


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    """A complete theme `plain` in a project that has no other."""
    settings.BASE_DIR = tmp_path
    made = tmp_path / "templates" / "themes" / "plain"
    made.mkdir(parents=True)
    styles = tmp_path / "static" / "themes" / "plain"
    styles.mkdir(parents=True)
    for sheet in SHEETS:
        (styles / f"{sheet}.css").write_text('@import url("theme.css");\n', "utf-8")
    (styles / "theme.css").write_text("", "utf-8")
    (made / "theme.toml").write_text(WORDS, "utf-8")
    for screen in SCREENS:
        (made / f"{screen}.html").write_text("words", "utf-8")
    return made


@pytest.fixture(autouse=True)
def read_anew() -> object:
    """Themes are read once a process; these tests have others."""
    registry._themes.cache_clear()
    yield
    registry._themes.cache_clear()


def test_a_complete_folder_is_a_theme(folder: Path) -> None:
    theme = read_theme(folder)

    assert (theme.slug, theme.title, theme.description) == ("plain", "Plain", "Nothing but words.")
    assert theme.template("dish") == "themes/plain/dish.html"
    assert theme.sheets["dish"] == "themes/plain/dish.css"
    assert themes_are_complete(None) == []


def test_dropping_a_folder_in_adds_a_theme(folder: Path) -> None:
    assert [theme.slug for theme in all_themes()] == ["plain"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "needs [title]"),
        ('title = "Plain"', "needs [title]"),
        ('[title]\nru = "Простая"', "needs [title]"),
        ('[title]\nen = "Plain"', "needs [description]"),
        ("[title", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_the_check_says_what_its_words_miss(folder: Path, text: str | bytes, words: str) -> None:
    (folder / "theme.toml").write_bytes(text if isinstance(text, bytes) else text.encode())

    (error,) = themes_are_complete(None)

    assert error.id == "menu_pages.E001"
    assert error.msg.startswith("plain: theme.toml ")
    assert words in error.msg


COLOURS = {"accent": "#c93820", "background": "#ffffff", "text": "#26282c", "surface": "#ffffff"}


def toml_colours(**changes: str) -> str:
    values = "".join(f'{name} = "{value}"\n' for name, value in {**COLOURS, **changes}.items())
    return f"[options.colours]\n{values}"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("options = 3", "[options] is not a table"),
        ('preload_fonts = "a.woff2"', "preload_fonts is not a list of names"),
        ('colour = "white"', "colour = 'white' is not a colour like #ffffff"),
        ('[options]\nborders = ["round"]', "unknown option: borders; known are colours, fonts, density"),
        ('[options]\ndensity = "compact"', "options.density is not a list of words"),
        ('[options]\ndensity = ["huge"]', "options.density: unknown huge; known are comfortable, compact"),
        ("[options]\ncolours = 1", "[options.colours] is not a table"),
        ('[options.colours]\naccent = "#c93820"', "options.colours: background, text, surface missing"),
        (toml_colours(links="#000000"), "unknown colour links; known are accent, background, text, surface"),
        (toml_colours(text="black"), "text = 'black' is not a colour like #c93820"),
        (toml_colours(text="#9a9a9a"), "text #9a9a9a has a contrast of 2.8 with #ffffff, below 4.5; #767676 would do"),
        (toml_colours(accent="#e0563f"), "accent #e0563f has a contrast of 3.9"),
        ("[options]\nfonts = 1", "[options.fonts] is not a table of pairs"),
        ("[options.fonts.own]", 'options.fonts.own needs a title with at least "en"'),
        ('[options.fonts.own]\ntitle = {en = "A"}\ntext = "A;}"', "names of font families"),
        ('[options.fonts.own]\ntitle = {en = "A"}\ntext = "A"\nfaces = [{family = "A"}]', "a face has a family"),
        (
            """[options.fonts.own]
            title = {en = "A"}
            text = "A"
            faces = [{family = "A", weight = 400, file = "https://fonts.example/a.woff2"}]""",
            "a face's file is a .woff2 among the static files",
        ),
    ],
)
def test_the_check_says_what_is_wrong_with_its_options(folder: Path, options: str, words: str) -> None:
    top, rest = ("", options) if options.startswith("[") else (options, "")
    (folder / "theme.toml").write_text(f"{top}\n{WORDS}{rest}\n", "utf-8")

    (error,) = themes_are_complete(None)

    assert error.id == "menu_pages.E001"
    assert error.msg.startswith("plain: theme.toml: ")
    assert words in error.msg


def test_options_are_read_with_the_themes_own_values_first(folder: Path) -> None:
    fonts = '[options.fonts.own]\ntitle = {en = "Own"}\n[options.fonts.a]\ntitle = {en = "A"}\ntext = "A"\n'
    (folder / "theme.toml").write_text(f'{WORDS}[options]\ndensity = ["compact", "comfortable"]\n{fonts}', "utf-8")

    options = read_theme(folder).options

    assert options.density == ("compact", "comfortable")
    assert [(pair.key, pair.text, pair.headings) for pair in options.fonts] == [("own", "", ""), ("a", "A", "A")]
    assert (options.colours, options.card) == ({}, ())


def test_the_check_names_missing_files(folder: Path, tmp_path: Path) -> None:
    for file in ("dish.css", "theme.css"):
        (tmp_path / "static" / "themes" / "plain" / file).unlink()
    (folder / "theme.toml").write_text(f'preload_fonts = ["themes/plain/a.woff2"]\n{WORDS}', "utf-8")

    assert [(error.id, error.msg) for error in themes_are_complete(None)] == [
        ("menu_pages.E002", "plain: static/themes/plain/dish.css is missing"),
        ("menu_pages.E002", "plain: static/themes/plain/theme.css is missing"),
        ("menu_pages.E002", "plain: static/themes/plain/a.woff2 is missing"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% block %}", "dish.html cannot be read: "),
        ('{% include "themes/plain/_card.html" %}', "dish.html needs themes/plain/_card.html, which is missing"),
        ('{% if a %}{% include "menu_pages/_none.html" %}{% endif %}', "dish.html needs menu_pages/_none.html"),
        ('{% extends "menu_pages/none.html" %}', "dish.html needs menu_pages/none.html"),
    ],
)
def test_the_check_reads_the_templates(folder: Path, text: str, words: str) -> None:
    (folder / "dish.html").write_text(text, "utf-8")

    (error,) = themes_are_complete(None)

    assert error.id == "menu_pages.E003"
    assert words in error.msg


@pytest.mark.parametrize("name", ["edit", "undo", "Ünï", "two words"])
def test_a_theme_has_a_plain_name_of_its_own(folder: Path, name: str) -> None:
    folder.rename(folder.parent / name)

    (error,) = themes_are_complete(None)

    assert error.msg.startswith(f"{name}: a theme's folder is named in small Latin letters")


def test_the_check_names_missing_templates(folder: Path) -> None:
    (folder / "dish.html").unlink()
    (folder / "status.html").unlink()

    assert [error.msg for error in themes_are_complete(None)] == ["plain: templates missing: dish.html, status.html"]


def test_a_folder_without_words_is_no_theme(folder: Path) -> None:
    (folder / "theme.toml").unlink()

    with pytest.raises(ThemeError, match=r"theme\.toml is missing"):
        read_theme(folder)
    assert all_themes() == []


def test_our_own_themes_are_complete() -> None:
    assert themes_are_complete(None) == []
    assert all_themes()[0].slug == DEFAULT_THEME


def test_a_theme_that_is_gone_gives_way_to_the_default() -> None:
    assert get_theme("gone").slug == DEFAULT_THEME
