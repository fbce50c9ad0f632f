"""A second theme, complete, beside those of the product."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from menu_pages.themes import registry

SLUG = "other"
WORDS = """
colour = "#ffffff"
[title]
en = "Other"
[description]
en = "Another house."
[options]
density = ["comfortable", "compact"]
pictures = ["square", "wide", "circle"]
header = ["cover", "plain"]
card = ["weight", "calories", "labels", "allergens"]
[options.colours]
accent = "#7b2d3b"
background = "#fbf8f3"
text = "#23201c"
surface = "#ffffff"
[options.fonts.own]
title = { en = "Its own" }
[options.fonts.onest]
title = { en = "Onest" }
text = "Onest"
faces = [{ family = "Onest", weight = 400, file = "themes/showcase/fonts/onest-400.woff2" }]
"""


@pytest.fixture
def other_theme(tmp_path: Path, settings: LazySettings) -> Iterator[str]:
    """The default theme and one more, `other`, whose screens say where they come from."""
    own = Path(settings.BASE_DIR) / "templates"
    themes = tmp_path / "templates" / "themes"
    for slug in (registry.DEFAULT_THEME, SLUG):
        # The other theme is drawn by the default one's templates; its stylesheet tells them apart.
        shutil.copytree(own / "themes" / registry.DEFAULT_THEME, themes / slug)
    (themes / SLUG / "theme.toml").write_text(WORDS, "utf-8")
    settings.BASE_DIR = tmp_path
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path / "templates", *engine["DIRS"]]}]
    registry._themes.cache_clear()
    yield SLUG
    registry._themes.cache_clear()
