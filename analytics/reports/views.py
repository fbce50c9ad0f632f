"""The reports of a place, on the screen and as files."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import record
from accounts.models import AuditAction
from accounts.permissions import capabilities_in
from accounts.roles import Capability
from analytics.chart_files import as_csv
from analytics.chosen_period import PERIODS, asked_period, period_title, usual_period
from analytics.first_figures import HISTORY
from analytics.reports.area import AREA
from analytics.reports.files import CONTENT_TYPES, file_name, table_rows, write
from analytics.reports.gathering import Report, gather, latest_statistics
from analytics.reports.screen import shown
from analytics.reports.sections import Step
from analytics.reports.texts import moment_text, span_text
from menu_pages.models import PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import AREAS, ModeratorRequest, address, places_of


@require_GET
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """The report of a period; `?place=` leads to another place's."""
    asked = request.GET.get("place", "")
    if asked and asked != place_slug:
        place = place_or_404(request.user, asked.replace("\0", ""), Capability.STATISTICS)
        period = asked_period(request)
        return redirect(address(AREA, place) + (f"?period={period}" if period else ""))
    place = place_or_404(request.user, place_slug, Capability.STATISTICS)
    report = _report(request, place)
    steps = _steps(request, place)
    context: dict[str, Any] = {
        "place": place,
        "places": places_of(request, Capability.STATISTICS),
        "report": report,
        "periods": [(key, period_title(key)) for key in PERIODS],
        "sections": [shown(section, report.currency, steps) for section in report.sections],
        "days": span_text(report.span),
        "counted": report.computed_at and moment_text(report.computed_at, place.record.zone),
    }
    return render(request, "analytics/reports/index.html", context)


@require_GET
@never_cache
def export(request: ModeratorRequest, place_slug: str, file_format: str) -> HttpResponse:
    """The whole report as a file."""
    place = place_or_404(request.user, place_slug, Capability.STATISTICS)
    if file_format not in CONTENT_TYPES:
        raise Http404
    report = _report(request, place)
    name = file_name(report, file_format)
    return _file(request, place, name, write(report, file_format), CONTENT_TYPES[file_format])


@require_GET
@never_cache
def table(request: ModeratorRequest, place_slug: str, section: str, number: int) -> HttpResponse:
    """A table or chart of the report, by its place in its section, for a spreadsheet program."""
    place = place_or_404(request.user, place_slug, Capability.STATISTICS)
    report = _report(request, place)
    tables = {one.key: one.tables for one in report.sections if not one.empty}.get(section, ())
    if not 1 <= number <= len(tables):
        raise Http404
    name = f"{place.slug}-{section}-{number}-{report.span.first}-{report.span.last}.csv"
    return _file(request, place, name, as_csv(table_rows(tables[number - 1])), "text/csv; charset=utf-8")


def _file(request: ModeratorRequest, place: PlacePage, name: str, content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    record(
        AuditAction.DATA_EXPORTED,
        organisation_id=place.record.organisation_id,
        by=request.user,
        subject=name,
        place=place.title,
        what="statistics",
    )
    return response


def _report(request: ModeratorRequest, place: PlacePage) -> Report:
    asked = asked_period(request)
    statistics = latest_statistics(place)
    return gather(place, asked or usual_period(statistics.figures if statistics else {}), statistics)


def _steps(request: ModeratorRequest, place: PlacePage) -> dict[Step, tuple[str, str]]:
    """Title and address of where empty sections lead, as far as they are open to the reader. One query."""
    held = capabilities_in(request.user, place.record.organisation_id)
    steps: dict[Step, tuple[str, str]] = {}
    if Capability.MENU in held:
        codes = gettext("QR codes"), address("qr", place)
        steps |= {Step.CODES: codes, Step.FIRST_ORDERS: codes}
    if HISTORY in AREAS and AREAS[HISTORY].capability in held:
        steps[Step.FIRST_ORDERS] = gettext("Import history"), address(HISTORY, place)
    if Capability.ORDERS in held:
        steps[Step.DESK] = gettext("Service desk"), reverse("desk:board", args=[place.slug])
    return steps
