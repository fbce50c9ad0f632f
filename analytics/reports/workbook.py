"""The report as .xlsx: a sheet a section, numbers as numbers, days as days, all else as text."""

import datetime
import io
import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from analytics.chosen_period import period_title
from analytics.reports.gathering import Report
from analytics.reports.sections import Kind, Section, Table, Value
from menu_pages.money import SIGNS

# A name of a sheet has so many signs, and none of these.
LONGEST_NAME = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
FIRST_COLUMN, OTHER_COLUMNS = 34, 16
# What a spreadsheet would read as one character is written so that it does not, and signs it cannot hold are left out.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_HELD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BOLD = Font(bold=True)
LARGE = Font(bold=True, size=14)
QUIET = Font(color="FF666666")
WRAPPED = Alignment(wrap_text=True, vertical="top")
FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.##",
    Kind.SHARE: "0.0%",
    Kind.CHANGE: "+0.0%;-0.0%;0.0%",
    Kind.DATE: "yyyy-mm-dd",
}


def write_workbook(report: Report) -> bytes:
    """In the reader's language. Texts never become formulas, whatever they begin with."""
    book = Workbook(write_only=True)
    _Sheet(book, _("Report"), report.currency).about(report)
    for section in report.sections:
        _Sheet(book, section.title, report.currency).section(section)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Sheet:
    """A sheet written from the top down."""

    def __init__(self, book: Any, title: str, currency: str) -> None:
        self.sheet = book.create_sheet(NOT_IN_NAMES.sub(" ", title)[:LONGEST_NAME].strip())
        self.money = f'#,##0.00\\ "{SIGNS.get(currency, currency)}"'
        self.sheet.column_dimensions["A"].width = FIRST_COLUMN
        for number in range(2, 32):
            self.sheet.column_dimensions[get_column_letter(number)].width = OTHER_COLUMNS

    def about(self, report: Report) -> None:
        self._title(report.place.title)
        rows: list[tuple[str, Any, str]] = [
            (_("Period"), period_title(report.period), ""),
            (_("First day"), report.span.first, FORMATS[Kind.DATE]),
            (_("Last day"), report.span.last, FORMATS[Kind.DATE]),
            (_("Currency"), report.currency, ""),
        ]
        if report.computed_at:
            # Spreadsheets know no time zones: the place's own clock.
            moment = report.computed_at.astimezone(report.place.record.zone).replace(tzinfo=None, microsecond=0)
            rows.append((_("Counted"), moment, "yyyy-mm-dd hh:mm"))
        for name, value, number_format in rows:
            cell = self._text(value) if isinstance(value, str) else self._number(value, number_format)
            self.sheet.append([self._text(name, QUIET), cell])

    def section(self, section: Section) -> None:
        self._title(section.title)
        if section.empty:
            self.sheet.append([self._text(section.empty)])
        for figure in section.figures:
            row = [self._text(figure.title), self._cell(figure.value)]
            self.sheet.append([*row, self._cell(figure.change)] if figure.change else row)
        for table in section.tables:
            self._table(table)
        self.sheet.append([])
        self.sheet.append([self._text(_("How it is counted"), BOLD)])
        for sentence in section.how_counted:
            self.sheet.append([self._text(sentence, QUIET)])

    def _table(self, table: Table) -> None:
        self.sheet.append([])
        self.sheet.append([self._text(table.title, BOLD)])
        self.sheet.append([self._text(column, BOLD, wrapped=True) for column in table.columns])
        for row in table.rows:
            self.sheet.append([self._cell(value) for value in row])

    def _title(self, words: str) -> None:
        self.sheet.append([self._text(words, LARGE)])
        self.sheet.append([])

    def _cell(self, value: Value) -> Any:
        if value.value is None:
            return None
        if value.kind is Kind.TEXT:
            return self._text(str(value.value))
        minutes, seconds = _("min"), _("s")
        formats = {
            **FORMATS,
            Kind.MONEY: self.money,
            Kind.MINUTES: f'0.##" {minutes}"',
            Kind.SECONDS: f'0.##" {seconds}"',
        }
        return self._number(value.value, formats[value.kind])

    def _number(self, value: Decimal | int | datetime.date | Any, number_format: str) -> Any:
        cell = WriteOnlyCell(self.sheet)
        cell.value = value
        cell.number_format = number_format
        return cell

    def _text(self, words: str, font: Font | None = None, *, wrapped: bool = False) -> Any:
        cell = WriteOnlyCell(self.sheet, value=_ESCAPE.sub("_x005F_", _NOT_HELD.sub("", words)))
        cell.data_type = "s"  # whatever it begins with
        if font:
            cell.font = font
        if wrapped:
            cell.alignment = WRAPPED
        return cell
