"""The moderators' page of an old till's orders: a file in, its dry run, its import, and taking it back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from accounts.roles import Capability
from menu_pages import turns
from menu_pages.menu_files.problems import FileRefused
from menu_pages.models import PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from orders.history import imports, undoing
from orders.history.forms import UploadForm
from orders.history.reading import COLUMNS, REQUIRED
from orders.models import OrderImport

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Choose a file; one that is refused is answered with everything that is wrong with it."""
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    if request.method == "GET":
        return _page(request, place, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    file = form.cleaned_data["file"]
    try:
        prepared = imports.prepare_import(place=place, name=file.name, content=file.read(), by=request.user)
    except FileRefused as refusal:
        return _page(request, place, form, status=422, refusal=refusal, file_name=file.name)
    return redirect("history:detail", place.slug, prepared.public_id)


@require_GET
@never_cache
def detail(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """The dry run, the progress or the result, as far as the import has come; the script asks for the part alone."""
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    order_import = _import_or_404(place, public_id)
    fragment = request.headers.get("X-Fragment") == "progress"
    template = "orders/history/_progress.html" if fragment else "orders/history/detail.html"
    context = {
        "place": place,
        "order_import": order_import,
        "summary": _readable(order_import.summary),
    }
    return render(request, template, context)


@require_POST
def start(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """Import a file that was looked at, or go on with what stopped."""
    return _set_going(request, place_slug, public_id, imports.start_import)


@require_POST
def take_back(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    """Delete the orders this import has brought."""
    return _set_going(request, place_slug, public_id, lambda found: undoing.start_undoing(found, by=request.user))


@require_POST
def give_up(request: ModeratorRequest, place_slug: str, public_id: UUID) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    imports.give_up(_import_or_404(place, public_id))
    return redirect("history:index", place.slug)


def _set_going(
    request: ModeratorRequest, place_slug: str, public_id: UUID, going: Callable[[OrderImport], None]
) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    order_import = _import_or_404(place, public_id)
    try:
        going(order_import)
    except turns.AnotherRunsError:
        messages.warning(request, gettext("Another file of orders is being worked on. Wait until it is done."))
    except turns.QueueAwayError:
        messages.error(
            request, gettext("The background worker cannot be reached. Nothing was changed; try again in a minute.")
        )
    return redirect("history:detail", place.slug, order_import.public_id)


def _import_or_404(place: PlacePage, public_id: UUID) -> OrderImport:
    found: OrderImport | None = OrderImport.objects.filter(place=place, public_id=public_id).defer("content").first()
    if found is None:
        raise Http404
    return found


def _readable(summary: dict[str, Any]) -> dict[str, Any]:
    """The stored figures as what they are: moments and money."""
    if not summary:
        return {}
    return {
        **summary,
        "first": parse_datetime(summary["first"]),
        "last": parse_datetime(summary["last"]),
        "revenue": Decimal(summary["revenue"]),
        "years": [{**year, "revenue": Decimal(year["revenue"])} for year in summary["years"]],
    }


def _page(
    request: ModeratorRequest, place: PlacePage, form: UploadForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page of files. Two queries beside those of the door."""
    found = OrderImport.objects.filter(place=place).select_related("by").defer("content")
    context |= {
        "place": place,
        "form": form,
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("p")),
        "required_columns": REQUIRED,
        "other_columns": COLUMNS[len(REQUIRED) :],
        "zone": place.record.zone,
    }
    return render(request, "orders/history/index.html", context, status=status)
