"""One rounding rule and one way to show a price."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_decimal, get_currency_precision
from django.utils.translation import get_language

CENT = Decimal("0.01")
THIN_NO_BREAK_SPACE = "\u202f"

# Signs that every reader knows and our fonts have; other currencies are written by their code.
SIGNS = {"RUB": "₽", "EUR": "€", "USD": "$", "GBP": "£"}

# Locale data that writes money the way menus do: "1 250 ₽", "£12.50".
_LOCALES = {"ru": "ru", "en": "en_GB"}


def locale_of(language: str | None = None) -> str:
    """The locale data by which numbers and dates are written in `language` (default: the active one)."""
    return _LOCALES.get((language or get_language() or "en").split("-")[0], "en_GB")


def rounded(amount: Decimal) -> Decimal:
    """To 0.01, halves up: the only rounding of money there is."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def format_money(amount: Decimal, currency: str, language: str | None = None) -> str:
    """The amount as a reader of `language` (default: the active one) expects it, never broken across lines.

    Whole amounts go without “,00”: “1 250 ₽”, “£12.50”, “£9”, “CHF 12.50”.
    """
    return _written(amount, currency, (language or get_language() or "en").split("-")[0])


@lru_cache(maxsize=8192)
def _written(amount: Decimal, currency: str, language: str) -> str:
    whole = amount == amount.to_integral_value()
    digits = 0 if whole else get_currency_precision(currency) or 2
    figures = format_decimal(
        rounded(amount),
        format="#,##0" + ("." + "0" * digits if digits else ""),
        locale=locale_of(language),
    )
    sign = SIGNS.get(currency, currency)
    gap = THIN_NO_BREAK_SPACE
    if language == "ru":
        text = f"{figures}{gap}{sign}"
    else:
        text = f"{sign}{figures}" if currency in SIGNS else f"{sign}{gap}{figures}"
    return text.replace("\u00a0", gap)
