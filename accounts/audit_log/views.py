"""The owner's page of the audit log: who did what, the newest first."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import record
from accounts.audit_log.csv_files import as_csv
from accounts.audit_log.forms import MOST_PEOPLE, LogFilterForm
from accounts.audit_log.sentences import sentence_of
from accounts.models import AuditAction, AuditEntry, Organisation, User
from accounts.organisation_admin import tabs
from accounts.organisation_clock import zone_of
from accounts.permissions import organisation_or_404

ENTRIES_ON_PAGE = 50
# Some megabytes; narrowed by dates, the rest comes in further files.
MOST_EXPORTED = 20_000


class OwnerRequest(HttpRequest):
    """A request that Wagtail's admin has let through."""

    user: User


@require_GET
@never_cache
def index(request: OwnerRequest, slug: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    zone = zone_of(organisation.pk)
    form, entries = _asked(request, organisation, zone)
    page = Paginator(entries, ENTRIES_ON_PAGE).get_page(request.GET.get("p"))
    kept = request.GET.copy()
    kept.pop("p", None)
    context: dict[str, Any] = {
        "organisation": organisation,
        "tabs": tabs("log", organisation),
        "form": form,
        "narrowed": any(kept.values()),
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "filters": f"{kept.urlencode()}&" if kept else "",
        "rows": [(entry, sentence_of(entry)) for entry in page],
        "zone": zone,
        "most": MOST_EXPORTED,
    }
    return render(request, "accounts/audit_log/index.html", context)


@require_GET
@never_cache
def export(request: OwnerRequest, slug: str) -> HttpResponse:
    """What the page shows, all pages of it, as a file; taking it is itself an entry, the file's newest."""
    organisation = organisation_or_404(request.user, slug)
    zone = zone_of(organisation.pk)
    with transaction.atomic():
        record(AuditAction.DATA_EXPORTED, organisation_id=organisation.pk, by=request.user, what="audit_log")
        _form, entries = _asked(request, organisation, zone)
        content = as_csv(entries[:MOST_EXPORTED], zone)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    day = timezone.now().astimezone(zone).date()
    response["Content-Disposition"] = f'attachment; filename="audit-log-{day:%Y-%m-%d}.csv"'
    return response


def _asked(request: OwnerRequest, organisation: Organisation, zone: ZoneInfo) -> tuple[LogFilterForm, Any]:
    entries = AuditEntry.objects.filter(organisation=organisation)
    names = entries.exclude(by_name="").order_by("by_name").values_list("by_name", flat=True).distinct()
    form = LogFilterForm(request.GET, people=list(names[:MOST_PEOPLE]))
    return form, form.narrow(entries, zone)
