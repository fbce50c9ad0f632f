"""Menu files as text with delimiters."""

import csv
import io

from django.utils.translation import gettext as _

from menu_pages.menu_files.columns import known_columns
from menu_pages.menu_files.problems import FileRefused, refused
from menu_pages.menu_files.tables import RawRow, RawTable, check_header
from menu_pages.menu_files.texts import restored

DELIMITERS = (",", ";", "\t")


def read_csv(content: bytes, language: str) -> RawTable:
    """The rows of a CSV file; raises `FileRefused`."""
    text = _decoded(content)
    table = RawTable()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, language), strict=True)
    try:
        header = next(reader, None)
        if header is None:
            raise refused(_("The file is empty."))
        columns = check_header(header, language)
        for number, cells in enumerate(reader, start=2):
            _take(table, columns, number, cells)
    except csv.Error as error:
        raise _broken(len(table.rows) + 2) from error
    return table


def _take(table: RawTable, columns: list[str], number: int, cells: list[str]) -> None:
    if not any(cell.strip() for cell in cells):
        return
    for place, cell in enumerate(cells):
        if cell.strip() and (place >= len(columns) or not columns[place]):
            table.findings.add(
                number,
                str(place + 1),
                _("This cell stands under no column name: “%(cell)s”.") % {"cell": cell.strip()[:60]},
            )
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    table.add(RawRow(number, {name: restored(cell) for name, cell in zip(columns, padded, strict=False) if name}))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(_("The file is in UTF-16. Save it as “CSV UTF-8”."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise refused(
            _("Row %(row)d is not in UTF-8. In a spreadsheet program, save the file as “CSV UTF-8”.") % {"row": row}
        ) from error
    if "\0" in text:
        raise refused(_("This is no text file."))
    return text


def _delimiter(text: str, language: str) -> str:
    """The one that makes most known column names of the first line."""
    first = text.lstrip("\r\n").partition("\n")[0]
    known = set(known_columns(language))

    def names(delimiter: str) -> int:
        return len(known & {name.strip().strip('"').lower() for name in first.split(delimiter)})

    return max(DELIMITERS, key=names)


def _broken(row: int) -> FileRefused:
    return refused(
        _("The file cannot be read from about row %(row)d on: look for a quotation mark that is not closed.")
        % {"row": row}
    )
