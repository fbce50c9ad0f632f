"""Writing a sheet as .xlsx, the same bytes for the same rows."""

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

WIDTHS = {"title": 32, "description": 60, "category": 24, "options": 40, "slug": 24, "photo": 24}
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CHANGED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_excel(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with one sheet: a bold header that stays in sight, numbers as numbers, all else as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("menu")
    sheet.freeze_panes = "A2"
    for place, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(name.split("_")[0], 14)
    sheet.append([_header(sheet, name) for name in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _header(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, value=name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if value == "":
        return None
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet)
        cell.value = value  # exact: by way of a float it might not be
        return cell
    # `_x000A_` means a character to spreadsheets: one that is meant as written is marked.
    cell = WriteOnlyCell(sheet, value=_ESCAPE.sub("_x005F_", value))
    cell.data_type = "s"  # whatever it begins with
    return cell


def _without_clock(content: bytes) -> bytes:
    """The same workbook without the moment it was made at."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _CHANGED.sub(b"", part)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, part)
    return out.getvalue()
