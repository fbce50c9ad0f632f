"""Sums of money as people read them."""

from decimal import Decimal

from django.utils.formats import number_format

SIGNS = {"RUB": "₽", "EUR": "€", "USD": "$", "GBP": "£"}


def in_words(value: Decimal | str, currency: str) -> str:
    """1 680,00 ₽: by the reader's language, never broken across lines."""
    number = number_format(Decimal(value), decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{number}\N{NO-BREAK SPACE}{SIGNS.get(currency, currency)}"
