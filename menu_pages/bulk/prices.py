"""The rule of a price changed by per cent and rounded. Pure: numbers in, a number out."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from menu_pages.money import rounded

LEAST_PERCENT, MOST_PERCENT = Decimal(-100), Decimal(1000)
# What the price field of a dish can hold.
MOST_PRICE = Decimal("99999999.99")
ZERO = Decimal("0.00")


class PriceTooLargeError(ValueError):
    """The new price would not fit into a menu."""


class Rounding(models.TextChoices):
    CENT = "0.01", _("to 0.01")
    TENTH = "0.10", _("to 0.10")
    HALF = "0.50", _("to 0.50")
    ONE = "1", _("to 1")
    FIVE = "5", _("to 5")
    TEN = "10", _("to 10")
    FIFTY = "50", _("to 50")
    HUNDRED = "100", _("to 100")
    NINE = "9", _("to …9: 419, 429")
    NINETY_NINE = "0.99", _("to ….99: 4.99, 5.99")


# Steps between rounded prices, and how far below a whole step they lie.
_STEPS = {Rounding.NINE: (Decimal(10), Decimal(1)), Rounding.NINETY_NINE: (Decimal(1), Decimal("0.01"))}


def changed_price(price: Decimal, percent: Decimal, rounding: str) -> Decimal:
    """`price` and `percent` of it, rounded to the nearest step, halves up; 7 % to 5: 390 → 417.30 → 415.

    Never negative. What is free stays free, and what −100 % makes free is not rounded up again; “…9” is at least 9.
    Raises `PriceTooLargeError`.
    """
    raw = price * (100 + percent) / 100
    if raw <= 0:
        return ZERO
    step, below = _STEPS.get(Rounding(rounding), (Decimal(rounding), ZERO))
    # Upwards of the line every half is a half up, since no price is negative.
    steps = ((raw + below) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    found = rounded(max(steps * step - below, step - below if below else ZERO))
    if found > MOST_PRICE:
        raise PriceTooLargeError(found)
    return found
