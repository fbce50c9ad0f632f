"""The fields the board edits: read from what a person typed, and written into a field again."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from menu_pages.menu_files.numbers import WrongNumberError, parse_number

DISH_FIELDS = ("title", "price", "cost")
CATEGORY_FIELDS = ("title",)
WHOLE_DIGITS, PLACES = 8, 2
MOST_LETTERS = 255
# Databases refuse the first; the others turn round the words beside the title, on a slip or a bill.
NOT_IN_TITLES = frozenset("\x00\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Value = str | Decimal | None


def read_value(field: str, text: str) -> Value:
    """The value a text stands for; an empty figure is None. Raises `ValidationError` in words for the writer."""
    text = text.strip()
    if field == "title":
        return _read_title(text)
    if not text:
        return None
    try:
        return parse_number(text, WHOLE_DIGITS, PLACES)
    except WrongNumberError as error:
        raise ValidationError(str(error)) from error


def read_values(texts: Mapping[str, str]) -> dict[str, Value]:
    """Values by field; raises `ValidationError` with all that does not fit, field by field."""
    values: dict[str, Value] = {}
    errors: dict[str, Any] = {}
    for field, text in texts.items():
        try:
            values[field] = read_value(field, text)
        except ValidationError as error:
            errors[field] = error
    if errors:
        raise ValidationError(errors)
    return values


def shown(value: Value) -> str:
    """As a field shows it to the reader: `390`, `390,50` in Russian; an absent figure is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    text = f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}"
    return text.replace(".", ",") if (get_language() or "").startswith("ru") else text


def as_typed(value: Value) -> Value:
    """As `read_value` would give it back: a title written elsewhere may hold double or no-break spaces."""
    return " ".join(value.split()) if isinstance(value, str) else value


def field_name(field: str) -> str:
    return {"title": _("Title"), "price": _("Price"), "cost": _("Cost")}[field]


def _read_title(text: str) -> str:
    title = str(as_typed(text))
    if not any(sign.isprintable() and not sign.isspace() for sign in title):
        raise ValidationError(_("Give it a title."))
    if len(title) > MOST_LETTERS:
        raise ValidationError(_("Make the title shorter: %(most)d letters at most.") % {"most": MOST_LETTERS})
    if NOT_IN_TITLES & set(title):
        raise ValidationError(_("This sign cannot stand in a title."))
    return title
