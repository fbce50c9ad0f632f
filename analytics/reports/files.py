"""The report as a file: a workbook or a paper."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from analytics.reports.gathering import Report
from analytics.reports.paper import draw_report
from analytics.reports.sections import Kind, Plain, Table, Value
from analytics.reports.workbook import write_workbook

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
WRITERS: dict[str, Callable[[Report], bytes]] = {"xlsx": write_workbook, "pdf": draw_report}


def write(report: Report, file_format: str) -> bytes:
    return WRITERS[file_format](report)


def file_name(report: Report, file_format: str) -> str:
    """“samovar-report-2026-10-22-2026-11-20.xlsx”: place and days."""
    return f"{report.place.slug}-report-{report.span.first}-{report.span.last}.{file_format}"


def table_rows(table: Table) -> list[Sequence[Plain]]:
    """Heads and rows as numbers: money and averages to 0.01, shares and changes as fractions to 0.0001."""
    return [table.columns, *[[_plain(value) for value in row] for row in table.rows]]


def _plain(value: Value) -> Plain:
    if not isinstance(value.value, Decimal):
        return value.value
    return round(value.value, 4 if value.kind in (Kind.SHARE, Kind.CHANGE) else 2)
