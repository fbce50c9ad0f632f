"""What a report is made of, whatever it is shown on: the screen, a spreadsheet, paper."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum


class Kind(Enum):
    """How a value is read. Shares and changes are fractions of one."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    CHANGE = "change"
    DATE = "date"
    MINUTES = "minutes"
    SECONDS = "seconds"


Plain = str | int | Decimal | datetime.date | None


@dataclass(frozen=True, slots=True)
class Value:
    """Something known, or (`value` is None) nothing to say."""

    kind: Kind
    value: Plain = None


def text(words: object) -> Value:
    return Value(Kind.TEXT, str(words))


def count(number: int | None) -> Value:
    return Value(Kind.COUNT, number)


def number(amount: Decimal | int | None) -> Value:
    return Value(Kind.NUMBER, amount)


def money(amount: Decimal | None) -> Value:
    return Value(Kind.MONEY, amount)


def share(fraction: Decimal | None) -> Value:
    return Value(Kind.SHARE, fraction)


def change(fraction: Decimal | None) -> Value:
    return Value(Kind.CHANGE, fraction)


def date(day: datetime.date) -> Value:
    return Value(Kind.DATE, day)


def minutes(amount: Decimal | int | None) -> Value:
    return Value(Kind.MINUTES, amount)


def seconds(amount: Decimal | int | None) -> Value:
    return Value(Kind.SECONDS, amount)


def fraction(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """The part of the whole; of nothing there is none."""
    return Decimal(part) / Decimal(whole) if whole else None


class Look(Enum):
    """How a table is shown on the screen."""

    # Each row with a bar as long as its value in the table's `drawn` column.
    BARS = "bars"
    # Columns side by side, one a row, and the table behind.
    COLUMNS = "columns"
    # Numbers on a colour as strong as they are large.
    HEAT = "heat"
    PLAIN = "plain"
    # Behind a heading to open.
    BEHIND = "behind"


@dataclass(frozen=True)
class Table:
    """Rows under columns; the first column names the row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    look: Look = Look.PLAIN
    # The column that bars and columns are drawn of, and the one to mark beside it.
    drawn: int = 1
    marked: int | None = None
    note: str = ""
    # What stands below a drawn column where there is little room; as many as rows, or none.
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class Figure:
    """A number to be seen first, with what it is."""

    title: str
    value: Value
    note: str = ""
    # Against the time before; None where nothing is compared.
    change: Value | None = None


class Step(Enum):
    """Where a section that has nothing yet leads to."""

    NONE = ""
    FIRST_ORDERS = "first orders"
    CODES = "codes"
    DESK = "desk"


@dataclass(frozen=True)
class Section:
    """A part of the report. `empty` is said in place of figures and tables when there is nothing to count."""

    key: str
    title: str
    how_counted: Sequence[str]
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = field(default=())
    empty: str = ""
    next_step: Step = Step.NONE
