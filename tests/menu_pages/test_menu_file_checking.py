"""Every cell is checked, every mistake named by its row and column, and nothing is written."""

import json
from decimal import Decimal
from typing import Any

import pytest

from menu_pages.menu_files.checking import CheckedRow, Expected, check_rows
from menu_pages.menu_files.option_cells import WrongOptionsError, as_json, cells_of, parse_options, raw_of
from menu_pages.menu_files.problems import MOST_LISTED, Findings
from menu_pages.menu_files.tables import RawRow
from tests.factories.menu_files import dish_row

SIZES = [{"title": "Size", "min": 1, "max": 1, "options": [{"title": "S"}, {"title": "L", "price": "1,5"}]}]
EXPECTED = Expected("ru", "RUB", lambda name: name == "borshch.png")


def check(**cells: Any) -> tuple[CheckedRow | None, list[tuple[str, str]]]:
    findings = Findings()
    rows = check_rows([RawRow(2, dish_row(**cells))], EXPECTED, findings)
    return (rows[0] if rows else None), [(problem.column, problem.message) for problem in findings.problems]


def test_a_full_row_is_understood() -> None:
    row, problems = check(
        category="Drinks / Tea",
        description=" Two\r\nlines ",
        currency="rub",
        weight="250,5",
        unit="МЛ.",
        calories=12.5,
        allergens="молоко | gluten|gluten",
        tags=["new", "vegan"],
        options=json.dumps(SIZES),
        cost="",
        available="Нет",
        photo="borshch.png",
        slug="borshch-1",
        title_en="Borscht",
        category_en="Drinks / Teas",
        options_en='{"Size": "Size!", " ": "x"}',
    )

    assert problems == []
    assert row is not None
    assert row.path == ("Drinks", "Tea")
    assert row.path_words == {"en": ("Drinks", "Teas")}
    assert row.words == {"en": {"title": "Borscht", "options": {"Size": "Size!"}}}
    options = row.values.pop("options")
    assert as_json(options) == [
        {
            "title": "Size",
            "min": 1,
            "max": 1,
            "options": [
                {"title": "S", "price": "0.00", "default": False},
                {"title": "L", "price": "1.50", "default": False},
            ],
        }
    ]
    assert row.values == {
        "title": "Borshch",
        "description": "Two\nlines",
        "price": Decimal(390),
        "weight": Decimal("250.5"),
        "unit": "ml",
        "calories": Decimal("12.5"),
        "allergens": ["gluten", "milk"],
        "tags": ["vegan", "new"],
        "cost": None,
        "available": False,
        "photo": "borshch.png",
        "slug": "borshch-1",
    }


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("title", "  ", "must not be empty"),
        ("title", "x" * 256, "256 characters"),
        ("title", ["a"], "text is expected"),
        ("title", "\ud800", "halves of characters"),
        ("category", "Drinks / ", "part of the category is empty"),
        ("category", "a / b / c / d / e / f", "at most 5 deep"),
        ("price", None, "must not be empty"),
        ("price", "free", "no number"),
        ("price", "-1", "negative"),
        ("price", "10.555", "more than 2 digits"),
        ("weight", "12,34", "more than 1 digit "),
        ("weight", "1234567", "too large"),
        ("currency", "EUR", "are in RUB"),
        ("unit", "kg", "no unit"),
        ("allergens", "gluten|shoes", "“shoes” is not on the list"),
        ("tags", "hot", "is not on the list: vegetarian"),
        ("available", "maybe", "yes or no"),
        ("photo", "soup.png", "no picture “soup.png”"),
        ("photo", "https://example.com/borshch.png", "not fetched"),
        ("slug", "борщ", "Latin letters"),
        ("slug", "a b", "Latin letters"),
        ("options", "[{]", "no JSON"),
        ("description", "x" * 1001, "1001 characters"),
        ("options_en", "[]x", "no JSON"),
        ("options_en", '{"a": 1}', "translation"),
    ],
)
def test_a_wrong_cell_is_named(column: str, cell: Any, words: str) -> None:
    row, problems = check(**{column: cell})

    assert row is None
    ((found, message),) = problems
    assert found == column
    assert words in message


def test_all_mistakes_of_a_row_are_found_at_once() -> None:
    _row, problems = check(title="", price="x", unit="kg")

    assert [column for column, _message in problems] == ["title", "price", "unit"]


def test_problems_beyond_the_limit_are_counted_but_not_kept() -> None:
    findings = Findings()

    check_rows([RawRow(number, dish_row(price="x")) for number in range(2, 1_002)], EXPECTED, findings)

    assert (findings.count, len(findings.problems)) == (1_000, MOST_LISTED)


@pytest.mark.parametrize(
    "groups",
    [
        {},
        [1],
        [{"title": "Size"}],
        [{"title": "Size", "options": []}],
        [{"title": "", "options": [{"title": "S"}]}],
        [{"title": "Size", "options": [{"title": "S", "colour": "red"}]}],
        [{"title": "Size", "min": 2, "max": 3, "options": [{"title": "S"}]}],
        [{"title": "Size", "min": 1, "max": 0, "options": [{"title": "S"}]}],
        [{"title": "Size", "min": True, "options": [{"title": "S"}]}],
        [{"title": "Size", "options": [{"title": "S", "price": "-1"}]}],
        [{"title": "Size", "options": [{"title": "S", "default": "yes"}]}],
        [{"title": "Size", "options": [{"title": "S", "default": True}, {"title": "L", "default": True}]}],
        [{"title": "Size", "options": [{"title": str(n)} for n in range(21)]}],
        [{"title": "Size", "options": [{"title": "S"}]}] * 11,
    ],
)
def test_options_no_dish_can_have_are_refused(groups: Any) -> None:
    with pytest.raises(WrongOptionsError):
        parse_options(groups)


def test_options_keep_their_ids_by_title() -> None:
    before = raw_of(parse_options(SIZES))
    changed = [{**SIZES[0], "options": [{"title": "L", "price": "2"}, {"title": "XL"}]}, {**SIZES[0]}]

    after = raw_of(parse_options(changed), before)

    large, extra = after[0]["value"]["options"]
    assert after[0]["id"] == before[0]["id"]
    assert large["id"] == before[0]["value"]["options"][1]["id"]
    assert extra["id"] not in {option["id"] for option in before[0]["value"]["options"]}
    assert after[1]["id"] != before[0]["id"]
    assert cells_of(after) == parse_options(changed)
