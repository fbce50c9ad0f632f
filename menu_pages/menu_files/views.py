"""The moderators' page of menu files: a file in, its dry run, its import; the menu out."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from accounts.audit import record
from accounts.models import AuditAction
from accounts.roles import Capability
from menu_pages import turns
from menu_pages.menu_files import imports
from menu_pages.menu_files.columns import REQUIRED, known_columns
from menu_pages.menu_files.exporting import CONTENT_TYPES, FORMATS, export_menu, exported_name
from menu_pages.menu_files.forms import UploadForm
from menu_pages.menu_files.problems import FileRefused
from menu_pages.models import MenuImport, PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest

LATEST = 10


@require_http_methods(["GET", "POST"])
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Choose a file; one that is refused is answered with everything that is wrong with it."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    if request.method == "GET":
        return _page(request, place, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    file = form.cleaned_data["file"]
    try:
        menu_import = imports.prepare_import(
            place=place, name=file.name, content=file.read(), replace=form.cleaned_data["replace"], by=request.user
        )
    except FileRefused as refusal:
        return _page(request, place, form, status=422, refusal=refusal, file_name=file.name)
    return redirect("files:detail", place.slug, menu_import.public_id)


@require_GET
@never_cache
def detail(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """The dry run, the progress or the result, as far as the import has come; the script asks for the part alone."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    menu_import = _import_or_404(place, public_id)
    fragment = request.headers.get("X-Fragment") == "progress"
    template = "menu_pages/files/_progress.html" if fragment else "menu_pages/files/detail.html"
    return render(request, template, {"place": place, "menu_import": menu_import, "summary": menu_import.summary})


@require_POST
def start(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """Import a file that was looked at, or go on with one that stopped."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    menu_import = _import_or_404(place, public_id)
    try:
        imports.start_import(menu_import)
    except turns.AnotherRunsError:
        messages.warning(request, gettext("Another file is being imported into this menu. Wait until it is done."))
    except turns.QueueAwayError:
        messages.error(
            request, gettext("The background worker cannot be reached. Nothing was changed; try again in a minute.")
        )
    return redirect("files:detail", place.slug, menu_import.public_id)


@require_POST
def give_up(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    imports.give_up(_import_or_404(place, public_id))
    return redirect("files:index", place.slug)


@require_GET
@never_cache
def export(request: ModeratorRequest, place_slug: str, file_format: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    if file_format not in FORMATS:
        raise Http404
    name = exported_name(place, file_format)
    response = HttpResponse(export_menu(place, file_format), content_type=CONTENT_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    record(
        AuditAction.DATA_EXPORTED,
        organisation_id=place.record.organisation_id,
        by=request.user,
        subject=name,
        place=place.title,
        what="menu",
    )
    return response


def _import_or_404(place: PlacePage, public_id: UUID) -> MenuImport:
    found = MenuImport.objects.filter(place=place, public_id=public_id).defer("rows").first()
    if found is None:
        raise Http404
    return found


def _page(
    request: ModeratorRequest, place: PlacePage, form: UploadForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {
        "place": place,
        "form": form,
        "formats": FORMATS,
        "latest": MenuImport.objects.filter(place=place).select_related("by").defer("rows")[:LATEST],
        "required_columns": REQUIRED,
        "other_columns": [name for name in known_columns(place.record.language) if name not in REQUIRED],
        "zone": place.record.zone,
    }
    return render(request, "menu_pages/files/index.html", context, status=status)
