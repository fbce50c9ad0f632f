"""Menu files made in a spreadsheet program (.xlsx): the first sheet, its values as they stand."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, range_boundaries

from menu_pages.menu_files.problems import FileRefused, refused
from menu_pages.menu_files.tables import RawRow, RawTable, check_header, too_many_rows
from menu_pages.menu_files.texts import restored
from menu_pages.menu_files.unpacking import UNREADABLE, open_zip

MOST_UNPACKED = 64 * 1024 * 1024
# Blank rows are passed over, but a sheet that is nothing else for so long has ended.
MOST_BLANK_ROWS = 5_000
MOST_ROWS_OF_ANY_KIND = 100_000
MOST_COLUMNS = 60
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
# openpyxl trusts the file: whatever is missing or out of place in it surfaces as one of these. Entities are refused by
# defusedxml with a ValueError.
BROKEN = (
    *UNREADABLE,
    ParseError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*["\']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["\']')
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")


def read_excel(content: bytes, language: str) -> RawTable:
    """The rows of the workbook's first sheet; raises `FileRefused`.

    A formula, an error value and a merged cell are problems of their own cells.
    """
    if content.startswith(OLD_OR_LOCKED):
        raise refused(_("This is an old .xls file or one with a password. Save it as .xlsx, without a password."))
    archive = open_zip(content, most_unpacked=MOST_UNPACKED)
    try:
        _refuse_endless(archive)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = book.worksheets
        if not sheets:
            raise refused(_("There is no sheet in the file."))
        merged = _merged_ranges(archive, sheets[0])
        _refuse_merged_header(merged)
        table = _read_rows(sheets[0], language)
    except FileRefused:
        raise
    except BROKEN as error:
        raise refused(
            _("The file cannot be read as .xlsx. Open it in a spreadsheet program and save it anew.")
        ) from error
    for ref in merged:
        _first, row, _last, _end = range_boundaries(ref)
        table.findings.add(
            row or 0, "", _("The cells %(cells)s are merged. Split them: one dish is one row.") % {"cells": ref}
        )
    if len(sheets) > 1:
        table.notices.append(_("Only the first sheet was read: “%(title)s”.") % {"title": sheets[0].title})
    return table


def _refuse_endless(archive: zipfile.ZipFile) -> None:
    """Raises `FileRefused` for sheets of so many rows, blank ones too, that parsing them would take long."""
    for entry in archive.infolist():
        if entry.filename.startswith("xl/worksheets/"):
            xml = archive.read(entry)
            if xml.count(b"<row") + xml.count(b":row ") > MOST_ROWS_OF_ANY_KIND:
                raise too_many_rows()


def _read_rows(sheet: Any, language: str) -> RawTable:
    table = RawTable()
    columns: list[str] = []
    blank = 0
    # What a file says of its own size is often wrong, in both directions.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number == 1:
            columns = check_header([cell.value for cell in _trimmed(cells)], language)
            continue
        if all(_is_blank(cell) for cell in cells):
            blank += 1
            if blank >= MOST_BLANK_ROWS:
                break
            continue
        blank = 0
        table.add(RawRow(number, dict(_read_cells(table, columns, number, cells))))
    if not columns:
        raise refused(_("The file is empty."))
    return table


def _read_cells(table: RawTable, columns: list[str], number: int, cells: Any) -> Iterator[tuple[str, Any]]:
    for name in filter(None, columns):
        yield name, ""
    for place, cell in enumerate(cells):
        if _is_blank(cell):
            continue
        name = columns[place] if place < len(columns) else ""
        if not name:
            table.findings.add(number, get_column_letter(place + 1), _("This cell stands under no column name."))
        elif cell.data_type == "f":
            table.findings.add(
                number, name, _("This is a formula. Put its result there: copy it and paste “values only”.")
            )
        elif cell.data_type == "e":
            table.findings.add(
                number, name, _("The spreadsheet itself shows an error here: %(value)s.") % {"value": cell.value}
            )
        else:
            yield name, _text_of(cell.value)


def _text_of(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # So spreadsheets write a carriage return, and an underscore before what only looks like an escape.
    return restored(_ESCAPED.sub("_", value.replace("_x000D_", "")))


def _is_blank(cell: Any) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


def _trimmed(cells: Any) -> list[Any]:
    """The cells without the blank ones at the end."""
    last = max((place for place, cell in enumerate(cells, start=1) if not _is_blank(cell)), default=0)
    return list(cells[:last])


def _merged_ranges(archive: zipfile.ZipFile, sheet: Any) -> list[str]:
    """Merged cells, which stand after all rows and which openpyxl does not show when it reads row by row."""
    xml = archive.read(sheet._worksheet_path.lstrip("/"))
    end = max(xml.rfind(b"</sheetData>"), xml.rfind(b":sheetData>"), 0)
    return [match.group(1).decode() for match in _MERGED.finditer(xml, end)][:1000]


def _refuse_merged_header(merged: list[str]) -> None:
    for ref in merged:
        if (range_boundaries(ref)[1] or 0) == 1:
            raise refused(
                _(
                    "The cells %(cells)s in the first row are merged. The first row must hold one column name a cell: "
                    "category, title, price…"
                )
                % {"cells": ref}
            )
