"""Texts survive the way into a file and back, whatever they are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menu_pages.menu_files.numbers import WrongNumberError, parse_number, plain_number
from menu_pages.menu_files.texts import clean_text, join_path, neutralised, restored, split_path

texts = st.text(st.characters(codec="utf-8"), max_size=20) | st.text("'=+-@\t\r/\\ x", max_size=8)


@given(texts)
def test_neutralising_is_undone_exactly(text: str) -> None:
    assert restored(neutralised(text)) == text
    assert not neutralised(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(texts.map(clean_text).filter(bool), min_size=1, max_size=3))
def test_a_path_is_read_back_as_it_was(parts: list[str]) -> None:
    assert split_path(join_path(tuple(parts))) == tuple(parts)


def test_only_a_slash_between_spaces_parts_a_path() -> None:
    assert split_path("Drinks / Tea") == ("Drinks", "Tea")
    assert split_path("Tea/Coffee") == ("Tea/Coffee",)
    assert split_path(r"Tea \/ Coffee") == ("Tea / Coffee",)


def test_invisible_characters_and_line_ends_are_cleaned() -> None:
    assert clean_text(" a\x00\x0bb\r\nc\rd\ufffe ") == "ab\nc\nd"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("390", "390"),
        ("390.50", "390.5"),
        ("390,5", "390.5"),
        ("1 250,50", "1250.5"),
        ("1\u00a0250", "1250"),
        ("12\u202f500", "12500"),
        (" 0 ", "0"),
        ("007", "7"),
        (390.1 + 0.2, "390.3"),
        (250, "250"),
        (Decimal("12.50"), "12.5"),
        ("1.500", "1.5"),
    ],
)
def test_numbers_as_people_write_them(written: object, meant: str) -> None:
    assert parse_number(written, 8, 2) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "abc",
            "1,250.00",
            "1.250,00",
            "-5",
            "−5",
            "1e5",
            "NaN",
            "Infinity",
            "٣",
            "1_000",
            "390 ₽",
            "0.001",
            "1 25",
        ),
        *("123456789", "9" * 400, True, 1e20, float("nan"), float("inf"), Decimal("1e400"), 10**400, [], {}),
    ],
)
def test_what_is_no_number_is_refused(written: object) -> None:
    with pytest.raises(WrongNumberError):
        parse_number(written, 8, 2)


def test_plain_numbers_have_no_exponent() -> None:
    assert [plain_number(Decimal(text)) for text in ("300.0", "0.50", "1E+2", "0", "0.0")] == [
        "300",
        "0.5",
        "100",
        "0",
        "0",
    ]
