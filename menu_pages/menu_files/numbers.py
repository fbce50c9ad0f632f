"""Numbers as people and spreadsheets write them."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Thousands may be parted by any kind of space: 1 250,50.
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(?!\d))", re.ASCII)
_NUMBER = re.compile(r"(?P<whole>\d{1,15})(?:[.,](?P<part>\d{1,20}))?", re.ASCII)


class WrongNumberError(ValueError):
    """Not a number that fits; the message is for the person who wrote it."""


def parse_number(value: Any, digits: int, places: int) -> Decimal:
    """A number of at most `digits` before and `places` after the point or comma; raises `WrongNumberError`."""
    text = _plain(value)
    if text.startswith(("-", "−")):
        raise WrongNumberError(_("A negative number cannot stand here: %(value)s.") % {"value": _shown(value)})
    found = _NUMBER.fullmatch(text)
    if not found:
        raise WrongNumberError(_("“%(value)s” is no number.") % {"value": _shown(value)})
    whole, part = found["whole"].lstrip("0") or "0", (found["part"] or "").rstrip("0")
    if len(part) > places:
        message = ngettext(
            "“%(value)s” has more than %(places)d digit after the point.",
            "“%(value)s” has more than %(places)d digits after the point.",
            places,
        )
        raise WrongNumberError(message % {"value": _shown(value), "places": places})
    if len(whole) > digits and whole != "0":
        raise WrongNumberError(_("“%(value)s” is too large.") % {"value": _shown(value)})
    return Decimal(f"{whole}.{part}" if part else whole)


def plain_number(value: Decimal) -> str:
    """The number without zeros at its end and never with an exponent: `12.5`, `300`."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _plain(value: Any) -> str:
    """The value as digits. Spreadsheets keep 390.1 as 390.10000000000002; fifteen digits is what they show."""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 30 else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**15 else "too large"
    return _SPACES.sub("", value.strip()) if isinstance(value, str) else repr(value)


def _shown(value: Any) -> str:
    return (_plain(value) if isinstance(value, float | int | Decimal) else str(value).strip())[:40]
