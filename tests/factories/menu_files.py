"""Menu files as owners make them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import openpyxl
from PIL import Image

from accounts.models import User
from menu_pages import turns
from menu_pages.menu_files import imports
from menu_pages.models import MenuImport, PlacePage

Row = Mapping[str, Any]


def dish_row(title: str = "Borshch", **cells: Any) -> dict[str, Any]:
    return {"category": "Soups", "title": title, "price": "390", **cells}


def csv_file(rows: Iterable[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Columns are those of all rows together."""
    found = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in found for name in row)), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue().encode(encoding)


def xlsx_file(rows: Iterable[Row], *, merge: Iterable[str] = ()) -> bytes:
    found = list(rows)
    book = openpyxl.Workbook()
    sheet = book.active
    names = list(dict.fromkeys(name for row in found for name in row))
    sheet.append(names)
    for row in found:
        sheet.append([row.get(name) for name in names])
    for cells in merge:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_file(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def picture_file(color: str = "olive", size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return out.getvalue()


def import_file(
    place: PlacePage, content: bytes, *, name: str = "menu.csv", replace: bool = False, by: User | None = None
) -> MenuImport:
    """Import the whole file at once, as the command does; raises `FileRefused`."""
    menu_import = imports.prepare_import(place=place, name=name, content=content, replace=replace, by=by)
    turns.claim(menu_import)
    assert imports.run_import(menu_import.pk)
    return MenuImport.objects.get(pk=menu_import.pk)


def import_rows(place: PlacePage, *rows: Row, replace: bool = False, by: User | None = None) -> MenuImport:
    return import_file(place, csv_file(rows), replace=replace, by=by)
