"""What a till sold: a dish's name, its price, how many."""

import re
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from menu_pages.menu_files.numbers import WrongNumberError, parse_number
from menu_pages.menu_files.texts import one_line
from menu_pages.money import rounded
from orders.history.reading import Cells

# What the tables hold.
MOST_PIECES = 32_767
TITLE_LENGTH = 255

# 1,250 is a thousand to some and one and a quarter to others.
_TWO_WAYS = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)


class TillLine(NamedTuple):
    """A dish of an order. Sold a thousand times alike it is one object in memory."""

    title: str
    category: str
    quantity: int
    unit_price: Decimal
    total: Decimal


Problem = tuple[str, str]
"""A column and what is wrong in it."""


def read_line(cells: Cells) -> tuple[TillLine | None, list[Problem]]:
    """The row's line, or everything that is wrong with it."""
    problems: list[Problem] = []
    title, category = one_line(cells.dish), one_line(cells.category)
    if not title:
        problems.append(("dish", _("The name of the dish is missing.")))
    for column, text in (("dish", title), ("category", category)):
        if len(text) > TITLE_LENGTH:
            problems.append((column, _("The name is longer than %(most)d characters.") % {"most": TITLE_LENGTH}))
    quantity, price = Decimal(1), Decimal(0)
    try:
        quantity = _quantity(cells.quantity)
    except WrongNumberError as error:
        problems.append(("quantity", str(error)))
    try:
        price = _price(cells.unit_price)
    except WrongNumberError as error:
        problems.append(("unit_price", str(error)))
    if problems:
        return None, problems
    return TillLine(title, category, int(quantity), price, rounded(price * quantity)), []


def _quantity(raw: str) -> Decimal:
    _refuse_empty(raw)
    if raw.strip().startswith(("-", "−")):
        raise WrongNumberError(_("A quantity is 1 or more. Leave returns and cancelled dishes out of the file."))
    quantity = parse_number(raw, 9, 20)
    if quantity == 0:
        raise WrongNumberError(_("A quantity is 1 or more. Leave returns and cancelled dishes out of the file."))
    if quantity != int(quantity):
        raise WrongNumberError(
            _("“%(value)s” is no whole number. What is sold by weight is 1 piece at the price of that weight.")
            % {"value": raw.strip()[:40]}
        )
    if quantity > MOST_PIECES:
        raise WrongNumberError(_("“%(value)s” is too large.") % {"value": raw.strip()[:40]})
    return quantity


def _price(raw: str) -> Decimal:
    _refuse_empty(raw)
    if raw.strip().startswith(("-", "−")):
        raise WrongNumberError(_("A price is 0 or more. Leave returns and discounts out of the file."))
    if _TWO_WAYS.fullmatch(raw.strip()):
        raise WrongNumberError(
            _("“%(value)s” can be read in two ways. Write the price without a sign between thousands.")
            % {"value": raw.strip()}
        )
    return rounded(parse_number(raw, 8, 2))


def _refuse_empty(raw: str) -> None:
    if not raw.strip():
        raise WrongNumberError(_("This cell must not be empty."))
