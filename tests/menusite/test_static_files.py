"""Static files as guests load them: packed once, under names that change with them, from our own server alone."""

import gzip
import os
from pathlib import Path

import brotli
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from menusite.collecting import PACKED_BY, is_collected, mark_collected, state_of
from menusite.static_files import CollectedStaticFiles

SHEET = "css/tokens.css"


@pytest.fixture
def collected(settings: LazySettings, tmp_path: Path) -> LazySettings:
    """One stylesheet and what it names, collected as `make run` and production do it."""
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "css" / "tokens.css").write_text(":root { --paper: #ffffff; --ink: #111111; }\n" * 40, "utf-8")
    (source / "css" / "ink.css").write_text('p { mask: url("../img/ink.svg"); }\n', "utf-8")
    (source / "img").mkdir()
    (source / "img" / "ink.svg").write_text("<svg></svg>", "utf-8")
    (source / "themes" / "plain").mkdir(parents=True)
    (source / "themes" / "plain" / "dish.css").write_text(
        '@import url("../../css/tokens.css");\n@import url("../../css/ink.css");\n\n.dish { gap: 1rem; }\n', "utf-8"
    )
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "menusite.static_files.CollectedStaticFiles"}}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    call_command("collectstatic", interactive=False, verbosity=0)
    return settings


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(("encoding", "unpacked"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_packed_file_of_a_name_that_changes_with_it(
    collected: LazySettings, debug: bool, encoding: str, unpacked: object
) -> None:
    collected.DEBUG = debug
    address = CollectedStaticFiles().url(SHEET)
    served = WhiteNoiseMiddleware(lambda _request: None)

    response = served(RequestFactory().get(address, headers={"accept-encoding": encoding}))

    source = collected.STATICFILES_DIRS[0] / SHEET
    assert address != f"/static/{SHEET}"
    assert (response["Content-Encoding"], response["Vary"]) == (encoding, "Accept-Encoding")
    assert "immutable" in response["Cache-Control"]
    assert unpacked(b"".join(response.streaming_content)) == source.read_bytes()  # type: ignore[operator]


@pytest.mark.parametrize(("encoding", "unpacked"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_stylesheet_of_parts_is_collected_whole(collected: LazySettings, encoding: str, unpacked: object) -> None:
    address = CollectedStaticFiles().url("themes/plain/dish.css")
    served = WhiteNoiseMiddleware(lambda _request: None)

    response = served(RequestFactory().get(address, headers={"accept-encoding": encoding}))

    text = unpacked(b"".join(response.streaming_content)).decode()  # type: ignore[operator]
    ink = CollectedStaticFiles().url("img/ink.svg").removeprefix("/static/img/")
    tokens = (collected.STATICFILES_DIRS[0] / SHEET).read_text("utf-8")
    assert "immutable" in response["Cache-Control"]
    assert text.startswith(tokens)
    assert text.split() == f'{tokens}p {{ mask: url("../../css/../img/{ink}"); }} .dish {{ gap: 1rem; }}'.split()


def test_it_is_named_anew_when_a_part_has_changed(collected: LazySettings) -> None:
    before = CollectedStaticFiles().url("themes/plain/dish.css")

    (collected.STATICFILES_DIRS[0] / "css" / "ink.css").write_text("p { color: red; }\n", "utf-8")
    call_command("collectstatic", interactive=False, verbosity=0)

    after = CollectedStaticFiles().url("themes/plain/dish.css")
    assert after != before
    collected_sheet = collected.STATIC_ROOT / after.removeprefix("/static/")
    assert "p { color: red; }" in collected_sheet.read_text("utf-8")


def test_a_part_that_is_missing_stops_the_collecting(collected: LazySettings) -> None:
    (collected.STATICFILES_DIRS[0] / "css" / "ink.css").unlink()

    with pytest.raises(ValueError, match=r"css/ink\.css.*could not be found"):
        call_command("collectstatic", interactive=False, verbosity=0)


@pytest.mark.parametrize("changed", [None, *PACKED_BY])
def test_files_are_collected_anew_when_something_has_changed(tmp_path: Path, changed: str | None) -> None:
    into = tmp_path / "elsewhere"
    into.mkdir()
    sheet = tmp_path / "static" / "theme.css"
    for path in (*(tmp_path / name for name in PACKED_BY), sheet):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was", "utf-8")
    assert is_collected(tmp_path, into) is False

    mark_collected(into, state_of(tmp_path))
    assert is_collected(tmp_path, into) is True

    if changed is None:
        os.utime(sheet, (1, 1))
    else:
        (tmp_path / changed).write_text("another way", "utf-8")
    assert is_collected(tmp_path, into) is False
