"""A till's file as rows of text: encoding, delimiter and columns found, nothing asked yet about what the cells mean."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from django.utils.translation import gettext as _

from menu_pages.menu_files.problems import FileRefused, Findings, refused
from orders.history.encodings import encoding_of

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
MOST_ROWS = 500_000
DELIMITERS = (",", ";", "\t")
# So much of the file is searched for its first line.
HEAD = 64 * 1024

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


class Cells(NamedTuple):
    """A row's cells, whatever the order of the columns; what a file does not have is empty."""

    order_id: str
    datetime: str
    table: str
    dish: str
    quantity: str
    unit_price: str
    category: str
    guests: str
    waiter: str
    payment: str


COLUMNS = Cells._fields
REQUIRED = COLUMNS[:6]


@dataclass(slots=True)
class TillFile:
    encoding: str
    # Each with the number a spreadsheet shows; read as they are asked for, once.
    rows: Iterator[tuple[int, Cells]]


def check_size(size: int) -> None:
    """Raises `FileRefused` for a file too large to look into."""
    if size > MOST_BYTES:
        raise refused(
            _("The file is larger than %(size)d MB. Import it in parts, a year at a time.")
            % {"size": MOST_BYTES // MEGABYTE}
        )


def read_rows(content: bytes, findings: Findings) -> TillFile:
    """Open the file; raises `FileRefused`, here or while its rows are asked for, when it is none of ours.

    Cells that stand under no column's name go to `findings`.
    """
    check_size(len(content))
    encoding = encoding_of(content)
    # No decoded copy of the whole: the text is read as it is asked for.
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=_delimiter(content, encoding), strict=True)
    records = _records(reader)
    for _number, cells in records:
        return TillFile(encoding, _rows(records, _header(cells), findings))
    raise refused(_("The file is empty."))


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with their numbers."""
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cells) and any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise _broken(number + 1) from error


def _rows(
    records: Iterator[tuple[int, list[str]]], header: list[str], findings: Findings
) -> Iterator[tuple[int, Cells]]:
    width = len(header)
    # Columns the file does not have are read from an empty cell behind the last.
    picked = itemgetter(*(header.index(name) if name in header else width for name in COLUMNS))
    unnamed = [place for place, name in enumerate(header) if not name]
    for count, (number, cells) in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise refused(
                _("The file has more than %(most)d rows. Import it in parts, a year at a time.") % {"most": MOST_ROWS}
            )
        if len(cells) > width or unnamed:
            _tell_strays(number, cells, [*unnamed, *range(width, len(cells))], findings)
            del cells[width:]
        cells += [""] * (width + 1 - len(cells))
        yield number, Cells._make(picked(cells))


def _tell_strays(number: int, cells: list[str], places: list[int], findings: Findings) -> None:
    for place in places:
        if place < len(cells) and cells[place].strip():
            findings.add(
                number,
                str(place + 1),
                _("This cell stands under no column name: “%(cell)s”.") % {"cell": cells[place].strip()[:60]},
            )


def _header(names: Sequence[str]) -> list[str]:
    """The columns' names in the file's order; raises `FileRefused` that names what is unknown, double or missing."""
    columns = [_column(name) for name in names]
    findings = Findings()
    for column, name in dict(zip(columns, names, strict=True)).items():
        if column and column not in COLUMNS:
            findings.add(1, name.strip()[:60], _("There is no such column in a file of orders."))
    for column in dict.fromkeys(column for column in columns if column and columns.count(column) > 1):
        findings.add(1, column, _("This column is there twice."))
    for column in REQUIRED:
        if column not in columns:
            findings.add(1, column, _("This column is missing. The first row must hold the names of the columns."))
    findings.raise_if_any()
    return columns


def _column(name: str) -> str:
    """`Order ID` is `order_id`."""
    return _BETWEEN_WORDS.sub("_", name.strip().strip("\ufeff").lower())


def _delimiter(content: bytes, encoding: str) -> str:
    """The one that makes most known column names of the first line."""
    first = content[:HEAD].decode(encoding, "ignore").lstrip().splitlines()[:1]

    def names(delimiter: str) -> int:
        return len({_column(name.strip().strip('"')) for name in "".join(first).split(delimiter)} & set(COLUMNS))

    return max(DELIMITERS, key=names)


def _broken(row: int) -> FileRefused:
    return refused(
        _("The file cannot be read from about row %(row)d on: look for a quotation mark that is not closed.")
        % {"row": row}
    )
