"""Tax numbers: the Russian ИНН with its check digits, other countries' as written."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The tax service's weights: of a company's one check digit, and of a person's two.
COMPANY = (2, 4, 10, 3, 5, 9, 4, 6, 8)
PERSON = ((7, *COMPANY), (3, 7, *COMPANY))

SEPARATORS = re.compile(r"[\s.\-–/]+")
OTHER_COUNTRY = re.compile(r"[A-Z0-9]{5,20}")


def clean_tax_number(text: str) -> str:
    """The number without the spaces and dashes it was typed with; raises `ValidationError` for what is none.

    Ten or twelve digits are an ИНН and must add up. A number of another country is 5 to 20 Latin letters and figures;
    one of ten or twelve digits carries its country's letters (`PL5260250274`), or it could not be told from an ИНН
    with a slip in it.
    """
    number = SEPARATORS.sub("", text).upper()
    if not number:
        return ""
    if number.isascii() and number.isdigit() and len(number) in (10, 12):
        if not is_inn(number):
            raise ValidationError(
                _("The check digits of this ИНН do not add up: compare it with the certificate, figure by figure."),
                code="inn",
            )
    elif not OTHER_COUNTRY.fullmatch(number) or not any(sign.isdigit() for sign in number):
        raise ValidationError(
            _("An ИНН has 10 or 12 digits; a number of another country, 5 to 20 Latin letters and digits."),
            code="tax_number",
        )
    return number


def is_inn(number: str) -> bool:
    """Whether these ten (a company's) or twelve (a person's) digits are an ИНН with right check digits."""
    digits = [int(sign) for sign in number]
    if number.startswith("00"):
        return False  # no region has this code, though zeros add up
    if len(digits) == 10:
        return _check(digits, COMPANY) == digits[9]
    return all(_check(digits, weights) == digits[10 + place] for place, weights in enumerate(PERSON))


def _check(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10
