"""The menu of a place as a file that `import_menu` reads back without a change."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

from menu_pages.menu_files.columns import (
    BEFORE_TRANSLATIONS,
    NUMBERS,
    option_columns,
    other_languages,
    translated_columns,
)
from menu_pages.menu_files.excel_out import write_excel
from menu_pages.menu_files.numbers import plain_number
from menu_pages.menu_files.option_cells import as_json
from menu_pages.menu_files.pictures_shelf import file_names
from menu_pages.menu_files.present import PresentDish, PresentMenu, path_key, read_present
from menu_pages.menu_files.texts import clean_text, join_path, neutralised
from menu_pages.models import PlacePage

MONEY = ("price", "cost")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
FORMATS = tuple(CONTENT_TYPES)


def export_menu(place: PlacePage, file_format: str) -> bytes:
    """What guests can see of the menu, in its order; the same menu gives the same bytes. Three queries."""
    rows, columns = _rows(place)
    if file_format == "json":
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
    table = [[_cell(name, row[name]) for name in columns] for row in rows]
    if file_format == "xlsx":
        return write_excel(columns, table)
    return _as_csv(columns, table)


def _rows(place: PlacePage) -> tuple[list[dict[str, Any]], list[str]]:
    language = place.record.language
    menu = read_present(place)
    dishes = [dish for dish in menu.dishes if dish.on_menu]
    pictures = file_names(dish.picture_id for dish in dishes if dish.picture_id)
    extra = [
        name for name in option_columns(language) if any(dish.words.get(name[8:], {}).get("options") for dish in dishes)
    ]
    columns = [*BEFORE_TRANSLATIONS, *translated_columns(language), *extra]
    rows = []
    for dish in dishes:
        row = _row(dish, place.record.currency, pictures)
        for code in other_languages(language):
            words = dish.words.get(code, {})
            row[f"title_{code}"] = clean_text(words.get("title") or "")
            row[f"description_{code}"] = clean_text(words.get("description") or "")
            row[f"category_{code}"] = _translated_path(dish, menu, code)
            row[f"options_{code}"] = words.get("options") or {}
        rows.append({name: row[name] for name in columns})
    return rows, columns


def _row(dish: PresentDish, currency: str, pictures: dict[int, str]) -> dict[str, Any]:
    values = dish.values
    return {
        **{name: _number(name, values[name]) for name in NUMBERS},
        "category": join_path(dish.path),
        "title": values["title"],
        "description": values["description"],
        "currency": currency,
        "unit": values["unit"],
        "allergens": values["allergens"],
        "tags": values["tags"],
        "options": as_json(values["options"]),
        "available": values["available"],
        "photo": pictures.get(dish.picture_id or 0),
        "slug": dish.slug,
    }


def _translated_path(dish: PresentDish, menu: PresentMenu, code: str) -> str:
    """The category path in that language, untranslated parts as they are; nothing if none is translated."""
    parts, translated = [], False
    for depth in range(1, len(dish.path) + 1):
        own = dish.path[depth - 1]
        category = menu.categories[path_key(dish.path[:depth])]
        word = clean_text(category.translations.get(code, ""))
        translated = translated or bool(word)
        parts.append(word or own)
    return join_path(tuple(parts)) if translated else ""


def _number(name: str, value: Decimal | None) -> Any:
    if value is None:
        return None
    if name in MONEY:
        return f"{value:.2f}"
    text = plain_number(value)
    return float(text) if "." in text else int(text)


def _cell(name: str, value: Any) -> Any:
    """The value as a spreadsheet's cell."""
    if value is None:
        return ""
    if name in NUMBERS:
        return Decimal(str(value))
    if name == "available":
        return "yes" if value else "no"
    if isinstance(value, list) and name != "options":
        return "|".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return neutralised(value)


def _as_csv(columns: list[str], table: list[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([str(cell) for cell in row] for row in table)
    # The mark at the start is what makes spreadsheet programs read it as UTF-8.
    return out.getvalue().encode("utf-8-sig")


def exported_name(place: PlacePage, file_format: str) -> str:
    return f"{place.slug}-menu.{file_format}"
