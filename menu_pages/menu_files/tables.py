"""A file's rows as its reader found them, before anyone asked what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from menu_pages.menu_files.columns import REQUIRED, known_columns
from menu_pages.menu_files.problems import FileRefused, Findings, refused

MOST_ROWS = 20_000


@dataclass(slots=True)
class RawRow:
    """A row's cells by column; its number is the one a spreadsheet shows."""

    number: int
    cells: dict[str, Any]


@dataclass(slots=True)
class RawTable:
    rows: list[RawRow] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    # What the reader of the dry run should know, though nothing is wrong.
    notices: list[str] = field(default_factory=list)

    def add(self, row: RawRow) -> None:
        """Take the row in; raises `FileRefused` when there are too many."""
        if len(self.rows) >= MOST_ROWS:
            raise too_many_rows()
        self.rows.append(row)


def too_many_rows() -> FileRefused:
    return refused(
        _("The file has more than %(most)d rows. A menu of that size is best imported in parts.") % {"most": MOST_ROWS}
    )


def check_header(names: Sequence[Any], language: str) -> list[str]:
    """The header row's column names in the file's order; an empty name stays empty.

    Raises `FileRefused` that names every unknown, repeated or missing column.
    """
    columns = ["" if name is None else str(name).strip().lower() for name in names]
    findings = Findings()
    for column in unknown_columns(columns, language):
        findings.add(1, column, unknown_words(column, language))
    for column in dict.fromkeys(column for column in columns if column and columns.count(column) > 1):
        findings.add(1, column, _("This column is there twice."))
    for column in REQUIRED:
        if column not in columns:
            findings.add(1, column, _("This column is missing. The first row must hold the names of the columns."))
    findings.raise_if_any()
    return columns


def unknown_columns(columns: list[str], language: str) -> list[str]:
    known = set(known_columns(language))
    return list(dict.fromkeys(column for column in columns if column and column not in known))


def unknown_words(column: str, language: str) -> str:
    name, _underscore, code = column.rpartition("_")
    if code == language and name in ("title", "description", "category", "options"):
        return _("The menu itself is in this language: write it in the column “%(name)s”.") % {"name": name}
    return _("There is no such column in a menu file.")
