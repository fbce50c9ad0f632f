"""A chart's numbers as a file for a spreadsheet program."""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import record
from accounts.audit_log.csv_files import defused
from accounts.models import AuditAction
from accounts.permissions import organisation_or_404
from accounts.roles import Capability
from analytics.chosen_period import ALL, asked_period, orders_in
from analytics.subjects import Subject, organisation_subject, place_subject
from menu_pages.places_admin import ModeratorRequest

Cell = str | int | Decimal | datetime.date | None


@require_GET
@never_cache
def of_place(request: ModeratorRequest, place_slug: str, chart: str) -> HttpResponse:
    return _file(request, place_subject(request.user, place_slug), chart)


@require_GET
@never_cache
def of_organisation(request: ModeratorRequest, slug: str, currency: str, chart: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug, Capability.STATISTICS)
    return _file(request, organisation_subject(organisation, currency), chart)


def _file(request: ModeratorRequest, subject: Subject, chart: str) -> HttpResponse:
    # See `home_panel`: Plotly is imported where charts are made, not with every process.
    from analytics.home_charts import file_name

    period = asked_period(request) or ALL
    row = subject.latest()
    if row is None or not orders_in(row.figures, period):
        raise Http404
    rows = _rows(subject, row, chart, period)
    if rows is None:
        raise Http404
    name = f"{file_name(subject, chart, period)}.csv"
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    record(
        AuditAction.DATA_EXPORTED,
        organisation_id=subject.organisation.pk,
        by=request.user,
        subject=name,
        place=subject.place.title if subject.place else "",
        what="statistics",
    )
    return response


def _rows(subject: Subject, row: Any, chart_key: str, period: str) -> list[Sequence[Cell]] | None:
    """Heads and rows; None where there is no such chart."""
    from analytics.home_charts import DISHES, sales_of
    from analytics.panels import best_dishes, chart_of
    from analytics.wording import weekday_text

    sales = sales_of(subject, row, period)
    if chart_key == DISHES:
        heads = [_("Dish"), _("Quantity"), _("Revenue, %(currency)s") % {"currency": sales.currency}]
        return [heads, *[(dish.title, dish.quantity, dish.revenue) for dish in best_dishes(sales)]]
    chart = chart_of(chart_key, sales)
    if chart is None:
        return None
    found: list[Sequence[Cell]] = [chart.columns]
    for bar in chart.rows:
        key = weekday_text(bar.key) if isinstance(bar.key, int) else bar.key
        name = bar.name if isinstance(key, str) else key
        found.append([name, bar.value, bar.checks][: len(chart.columns)])
    return found


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """As spreadsheet programs of the reader's language open it by a double click: the mark of UTF-8, and where the
    decimal sign is a comma, semicolons between cells. Days are ISO 8601; no text is run as a formula."""
    comma = (get_language() or "en").startswith("ru")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if comma else ",")
    writer.writerows([_cell(cell, comma) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(cell: Cell, comma: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, Decimal | int):
        text = format(cell, "f" if isinstance(cell, Decimal) else "d")
        return text.replace(".", ",") if comma else text
    return defused(cell)
