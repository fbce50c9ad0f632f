"""How weights, volumes and nutrients are written."""

from decimal import Decimal
from functools import lru_cache

from django.utils import translation
from django.utils.formats import localize_input

from menu_pages.money import THIN_NO_BREAK_SPACE


@lru_cache(maxsize=4096)
def measured(amount: Decimal, language: str) -> str:
    """An amount as readers of the language write it, without idle zeros: 350, 12,5."""
    whole = amount.to_integral_value()
    text = f"{whole if amount == whole else amount.normalize():f}"
    with translation.override(language):
        return str(localize_input(Decimal(text))).replace(" ", THIN_NO_BREAK_SPACE)
