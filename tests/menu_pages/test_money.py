"""Money is rounded one way and shown one way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menu_pages.money import format_money, rounded
from menu_pages.templatetags.menu_tags import measure, money
from menu_pages.vocabulary import Currency

THIN = "\u202f"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("390", "RUB", "ru", f"390{THIN}₽"),
        ("390.00", "RUB", "ru", f"390{THIN}₽"),
        ("1250", "RUB", "ru", f"1{THIN}250{THIN}₽"),
        ("1250.50", "RUB", "ru", f"1{THIN}250,50{THIN}₽"),
        ("1234567.8", "RUB", "ru", f"1{THIN}234{THIN}567,80{THIN}₽"),
        ("0", "RUB", "ru", f"0{THIN}₽"),
        ("9", "GBP", "en", "£9"),
        ("12.5", "GBP", "en", "£12.50"),
        ("1250.05", "GBP", "en", "£1,250.05"),
        ("12.5", "EUR", "ru", f"12,50{THIN}€"),
        ("12.5", "EUR", "en", "€12.50"),
        ("0.005", "GBP", "en", "£0.01"),
        ("12.50", "GBP", "en-gb", "£12.50"),
        ("12.50", "GBP", "de", "£12.50"),
    ],
)
def test_money_is_written_as_readers_expect(amount: str, currency: str, language: str, text: str) -> None:
    assert format_money(Decimal(amount), currency, language) == text


@pytest.mark.parametrize("currency", Currency.values)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_money_never_breaks_across_lines(currency: str, language: str) -> None:
    text = format_money(Decimal("1234567.89"), currency, language)

    assert not {" ", "\u00a0", "\n"} & set(text)
    assert [character for character in text if character.isdigit()] == list("123456789")


def test_money_of_nothing_is_nothing() -> None:
    assert money(None, "RUB") == ""


@given(st.integers(-(10**12), 10**12))
def test_rounding_agrees_with_whole_numbers(thousandths: int) -> None:
    cents, rest = divmod(abs(thousandths), 10)
    cents += rest >= 5
    expected = cents if thousandths >= 0 else -cents

    assert rounded(Decimal(thousandths).scaleb(-3)) == Decimal(expected).scaleb(-2)


@given(st.integers(0, 10**10))
def test_cents_are_shown_as_they_are(cents: int) -> None:
    text = format_money(Decimal(cents).scaleb(-2), "GBP", "en")

    pounds, pence = divmod(cents, 100)
    assert text == f"£{pounds:,}" + (f".{pence:02}" if pence else "")


@pytest.mark.parametrize(
    ("amount", "text"), [("350.0", "350"), ("12.5", "12.5"), ("100", "100"), ("0.0", "0"), ("1000.0", "1000")]
)
def test_measures_have_no_idle_zeros(amount: str, text: str) -> None:
    assert measure(Decimal(amount)).replace(",", "") == text


def test_a_measure_of_nothing_is_nothing() -> None:
    assert measure(None) == ""
