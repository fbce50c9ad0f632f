"""Rows made into orders, and everything that is wrong with them by row and column."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from menu_pages.menu_files.numbers import WrongNumberError, parse_number
from menu_pages.menu_files.problems import Findings
from menu_pages.menu_files.texts import one_line
from menu_pages.models import PlaceRecord
from orders.history.lines import TillLine, read_line
from orders.history.moments import Clock, WrongMomentError
from orders.history.reading import Cells, TillFile

ID_LENGTH = 64
TEXTS = {"table": 40, "waiter": 80, "payment": 40}
MOST_GUESTS = 32_767
MOST_LINES = 10_000
MOST_MONEY = Decimal("9999999999.99")
# Rows of one number that stand further apart are hardly one order.
ONE_ORDER = datetime.timedelta(days=1)
# Different dishes, names and waiters remembered, so that each is in memory once.
MOST_KNOWN = 50_000
# Contradictions are counted; so many are named.
MOST_NAMED = 5


@dataclass(slots=True)
class TillOrder:
    """An order as the till had it. `table` and the others are those of its first row that says something."""

    till_id: str
    row: int
    sent_at: datetime.datetime
    last_at: datetime.datetime
    lines: list[TillLine] = field(default_factory=list)
    total: Decimal = Decimal(0)
    items: int = 0
    table: str = ""
    waiter: str = ""
    payment: str = ""
    guests: int | None = None


@dataclass(slots=True)
class Named:
    """How many orders something is the case with, and the numbers of the first."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, till_id: str) -> None:
        self.count += 1
        if len(self.first) < MOST_NAMED:
            self.first.append(till_id)


@dataclass(slots=True)
class TillHistory:
    """A file's orders by the till's number, in the file's order, and what its reader should know of them."""

    encoding: str
    orders: dict[str, TillOrder]
    rows: int
    bare_dates: bool
    contradicting: Named
    far_apart: Named


def check_rows(file: TillFile, record: PlaceRecord, now: datetime.datetime, findings: Findings) -> TillHistory:
    """All orders of the file; what is wrong goes to `findings`, and then the orders are not to be used.

    Raises `FileRefused` where the file cannot be read on. Asks the database nothing.
    """
    checker = _Checker(Clock(record, now), findings)
    rows = 0
    for number, cells in file.rows:
        rows += 1
        checker.take(number, cells)
    orders = checker.orders
    far_apart = Named()
    for order in orders.values():
        _check_size(order, findings)
        if order.last_at - order.sent_at > ONE_ORDER:
            far_apart.add(order.till_id)
    contradicting = Named()
    for till_id in checker.contradicting:
        contradicting.add(till_id)
    return TillHistory(file.encoding, orders, rows, checker.clock.met_bare_date, contradicting, far_apart)


def _check_size(order: TillOrder, findings: Findings) -> None:
    """What the tables cannot hold is told at the order's first row."""
    if order.total > MOST_MONEY:
        findings.add(order.row, "unit_price", _("The order “%(order)s” costs too much.") % {"order": order.till_id})
    if len(order.lines) > MOST_LINES:
        findings.add(
            order.row,
            "order_id",
            _("The order “%(order)s” has more than %(most)d rows.") % {"order": order.till_id, "most": MOST_LINES},
        )


class _Checker:
    def __init__(self, clock: Clock, findings: Findings) -> None:
        self.clock = clock
        self.findings = findings
        self.orders: dict[str, TillOrder] = {}
        self.contradicting: dict[str, None] = {}
        self._lines: dict[tuple[str, str, str, str], TillLine] = {}
        self._texts: dict[tuple[str, str], str] = {}
        # Rows of an order usually stand together and say the same time.
        self._last: tuple[str, datetime.datetime | None] = ("", None)

    def take(self, number: int, cells: Cells) -> None:
        moment = self._moment(number, cells.datetime)
        line = self._line(number, cells)
        till_id = self._till_id(number, cells.order_id)
        if moment is None or line is None or not till_id:
            return
        order = self.orders.get(till_id)
        if order is None:
            order = self.orders[till_id] = TillOrder(till_id, number, moment, moment)
        elif moment < order.sent_at:
            order.sent_at = moment
        elif moment > order.last_at:
            order.last_at = moment
        order.lines.append(line)
        order.total += line.total
        order.items += line.quantity
        if cells.table or cells.waiter or cells.payment or cells.guests:
            self._note(number, cells, order)

    def _till_id(self, number: int, raw: str) -> str:
        till_id = one_line(raw)
        if not till_id:
            self.findings.add(number, "order_id", _("The number of the order is missing."))
        elif len(till_id) > ID_LENGTH:
            self.findings.add(
                number, "order_id", _("The number is longer than %(most)d characters.") % {"most": ID_LENGTH}
            )
            return ""
        return till_id

    def _moment(self, number: int, raw: str) -> datetime.datetime | None:
        before, moment = self._last
        if raw != before or moment is None:
            try:
                moment = self.clock.read(raw)
            except WrongMomentError as error:
                self.findings.add(number, "datetime", str(error))
                return None
            self._last = (raw, moment)
        return moment

    def _line(self, number: int, cells: Cells) -> TillLine | None:
        written = cells[3:7]
        line = self._lines.get(written)
        if line is None:
            line, problems = read_line(cells)
            for column, message in problems:
                self.findings.add(number, column, message)
            if line is not None:
                _remember(self._lines, written, line)
        return line

    def _note(self, number: int, cells: Cells, order: TillOrder) -> None:
        """What the row says of the whole order: the first word counts."""
        for column, most in TEXTS.items():
            raw = getattr(cells, column)
            text = self._text(number, column, raw, most) if raw else ""
            if text and not getattr(order, column):
                setattr(order, column, text)
            elif text and getattr(order, column) != text:
                self.contradicting[order.till_id] = None
        guests = self._guests(number, cells.guests) if cells.guests else None
        if guests and order.guests is None:
            order.guests = guests
        elif guests and guests != order.guests:
            self.contradicting[order.till_id] = None

    def _text(self, number: int, column: str, raw: str, most: int) -> str:
        text = self._texts.get((column, raw))
        if text is None:
            text = one_line(raw)
            if len(text) > most:
                self.findings.add(number, column, _("Longer than %(most)d characters.") % {"most": most})
            else:
                _remember(self._texts, (column, raw), text)
        return text

    def _guests(self, number: int, raw: str) -> int | None:
        """How many there were; 0 is a till's way to say that nobody counted."""
        if not raw.strip():
            return None
        try:
            guests = parse_number(raw, 9, 1)
        except WrongNumberError as error:
            self.findings.add(number, "guests", str(error))
            return None
        if guests != int(guests) or guests > MOST_GUESTS:
            self.findings.add(number, "guests", _("“%(value)s” is no number of guests.") % {"value": raw.strip()[:40]})
            return None
        return int(guests) or None


def _remember(known: dict[Any, Any], key: object, value: object) -> None:
    if len(known) < MOST_KNOWN:
        known[key] = value
