"""Menu files as JSON: a list of rows, with real lists and numbers in them."""

import json
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from menu_pages.menu_files.problems import Findings, refused
from menu_pages.menu_files.tables import RawRow, RawTable, unknown_columns, unknown_words


def read_json(content: bytes, language: str) -> RawTable:
    """The rows of a JSON file, numbered from 1; raises `FileRefused`."""
    rows = parse(content)
    if not isinstance(rows, list):
        raise refused(_("The file must hold a list of rows: [{…}, {…}]."))
    table = RawTable()
    names = dict.fromkeys(str(name) for row in rows[:1000] if isinstance(row, dict) for name in row)
    unknown = Findings()
    for name in unknown_columns(list(names), language):
        unknown.add(0, name, unknown_words(name, language))
    unknown.raise_if_any()
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            for name in unknown_columns(list(row), language):
                table.findings.add(number, name, unknown_words(name, language))
            table.add(RawRow(number, row))
        else:
            table.findings.add(number, "", _("A row must be an object: {…}."))
    return table


def parse(content: bytes | str) -> Any:
    """The JSON value, numbers with a point exact; raises `FileRefused`."""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise refused(_("The file is not in UTF-8.")) from error
    except json.JSONDecodeError as error:
        raise refused(
            _("This is no JSON: see line %(line)d, character %(column)d.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except (ValueError, RecursionError) as error:
        raise refused(_("This is no JSON a menu can be made of.")) from error


def _no_number(name: str) -> Any:
    raise ValueError(name)
