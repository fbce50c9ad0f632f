"""Telephone numbers: kept as people write them, so that they can be read aloud."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST_DIGITS, MOST_DIGITS = 5, 18
EXTENSION = re.compile(r"(доб|ext|x)\.?", re.IGNORECASE)
WRITTEN = re.compile(r"[\d\s+()\-–./,;#*]*")


def clean_phone(text: str) -> str:
    """The number with single spaces; raises `ValidationError` for what nobody could dial."""
    phone = " ".join(text.split())
    digits = sum(sign.isdigit() for sign in phone)
    if phone and not (FEWEST_DIGITS <= digits <= MOST_DIGITS and WRITTEN.fullmatch(EXTENSION.sub("", phone))):
        raise ValidationError(_("Write the number with its code: +7 495 123-45-67."), code="phone")
    return phone
