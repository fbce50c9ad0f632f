"""A screen's stylesheet and its parts: written apart, sent as one."""

import pytest

from menu_pages.themes.sheets import joined, parts

FILES = {
    "themes/plain/dish.css": (
        '/* Plain: a dish. */\n@import url("../../css/base.css");\n@import url("theme.css");\n\n'
        ".dish {\n  gap: 1rem;\n}\n"
    ),
    "themes/plain/theme.css": '@import url("inks/dark.css");\np {\n  src: url("fonts/plain.woff2");\n}\n',
    "themes/plain/inks/dark.css": 'p {\n  background: url("ink.svg");\n}\n',
    "css/base.css": (
        '/* What\n   all have. */\np {\n  mask: url("../img/search.svg");\n  background: url("data:,");\n}\n'
    ),
}


def test_parts_stand_in_their_order_and_name_the_same_files() -> None:
    whole = joined("themes/plain/dish.css", FILES.__getitem__)

    assert whole.split("\n") == [
        "p {",
        'mask: url("../../css/../img/search.svg");',
        'background: url("data:,");',
        "}",
        "p {",
        'background: url("inks/ink.svg");',
        "}",
        "p {",
        'src: url("fonts/plain.woff2");',
        "}",
        ".dish {",
        "gap: 1rem;",
        "}",
        "",
    ]


def test_a_sheet_tells_its_own_parts() -> None:
    name = "themes/plain/dish.css"

    assert list(parts(name, FILES[name])) == ["css/base.css", "themes/plain/theme.css"]


def test_a_part_that_is_not_there_is_no_empty_one() -> None:
    with pytest.raises(KeyError, match=r"themes/plain/none\.css"):
        joined("themes/plain/a.css", {"themes/plain/a.css": '@import url("none.css");'}.__getitem__)
