"""The page of a place's QR codes: how many tables, their pictures, what is printed."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from accounts.roles import Capability
from menu_pages.models import PlacePage, Table
from menu_pages.models.table import TableQuerySet
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from menu_pages.qr.archive import picture_name, stream_archive
from menu_pages.qr.codes import Code
from menu_pages.qr.forms import CountForm, LabelForm, SheetForm
from menu_pages.qr.overview import count_changed, numbers_in_words, on_this_computer_only, put_away, zones_of
from menu_pages.qr.replacing import code_mark, replace_seen_code
from menu_pages.qr.sheet import make_sheet, unprintable
from menu_pages.tables import set_table_count

TABLES_ON_PAGE = 50


@require_GET
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    return _page(request, place)


@require_POST
def set_count(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    form = CountForm(request.POST)
    if not form.is_valid():
        return _page(request, place, status=422, count_form=form)
    before = put_away(place)
    set_table_count(place=place, count=form.cleaned_data["count"])
    messages.success(request, count_changed(before, put_away(place)))
    return redirect("qr:index", place.slug)


@require_POST
def set_label(request: ModeratorRequest, place_slug: str, number: int) -> HttpResponse:
    """The table's label and zone. Answers the script with 204 or, when they do not fit, with the page that says why."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    table = _table_or_404(place, number)
    form = LabelForm(request.POST, instance=table)
    if not form.is_valid():
        return _page(request, place, status=422, label_form=form)
    form.save()
    if request.headers.get("X-Fragment") == "label":
        return HttpResponse(status=204)
    messages.success(request, gettext("The label and zone of table %(number)d are saved.") % {"number": number})
    return redirect(_anchor(place, number))


@require_http_methods(["GET", "POST"])
@never_cache
def replace(request: ModeratorRequest, place_slug: str, number: int) -> HttpResponse:
    """Ask first; then give the table another code, once."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    table = _table_or_404(place, number)
    if request.method == "GET":
        context = {"place": place, "table": table, "mark": code_mark(table), "back": _anchor(place, number)}
        return render(request, "menu_pages/qr/replace.html", context)
    if replace_seen_code(table=table, seen=request.POST.get("seen", ""), by=request.user):
        text = gettext("Table %(number)d has a new code. Print it and put it on the table.")
        messages.success(request, text % {"number": number})
    else:
        text = gettext("The code of table %(number)d has been replaced already; this is the new one.")
        messages.warning(request, text % {"number": number})
    return redirect(_anchor(place, number))


@require_GET
@never_cache
def png(request: ModeratorRequest, place_slug: str, number: int) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    table = _table_or_404(place, number)
    return _file(Code(table.link(place.slug)).png(), "image/png", picture_name(table))


@require_GET
@never_cache
def svg(request: ModeratorRequest, place_slug: str, number: int) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    table = _table_or_404(place, number)
    return _file(Code(table.link(place.slug)).svg(), "image/svg+xml", picture_name(table, "svg"))


@require_GET
@never_cache
def archive(request: ModeratorRequest, place_slug: str) -> HttpResponseBase:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    tables = list(_tables(place))
    response = StreamingHttpResponse(stream_archive(tables, place.slug), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{place.slug}-tables.zip"'
    return response


@require_GET
@never_cache
def sheet(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """The PDF; what the address leaves out is as the form first offers it."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    form = SheetForm({**SheetForm.offered(place), **request.GET.dict()}, place=place)
    if not form.is_valid():
        return _page(request, place, status=422, sheet_form=form)
    pdf = make_sheet(
        place=place,
        tables=form.cleaned_data["chosen"],
        cards=form.cleaned_data["cards"],
        line=form.cleaned_data["line"],
    )
    return _file(pdf, "application/pdf", f"{place.slug}-tables.pdf", shown=True)


def _page(
    request: ModeratorRequest,
    place: PlacePage,
    *,
    status: int = 200,
    count_form: CountForm | None = None,
    sheet_form: SheetForm | None = None,
    label_form: LabelForm | None = None,
) -> HttpResponse:
    """The page with a form that did not fit, if any; a label's is shown where its table stands."""
    paginator = Paginator(_tables(place), TABLES_ON_PAGE)
    wrong = label_form.instance.number if label_form else None
    tables = paginator.get_page(_page_of(wrong) if wrong else request.GET.get("p"))
    rows = [(table, label_form if table.number == wrong else LabelForm(instance=table)) for table in tables]
    away = put_away(place)
    context: dict[str, Any] = {
        "place": place,
        "address": f"{settings.SITE_URL}/{place.slug}/",
        "on_this_computer_only": on_this_computer_only(),
        "tables": tables,
        "page_range": paginator.get_elided_page_range(tables.number),
        "rows": rows,
        "put_away": numbers_in_words(away),
        "put_away_count": len(away),
        "zones": zones_of(place),
        "count_form": count_form or CountForm(initial={"count": paginator.count or None}),
        "sheet_form": sheet_form or SheetForm(initial=SheetForm.offered(place), place=place),
        "unprintable": unprintable(place.title, *(table.label for table in tables)),
    }
    return render(request, "menu_pages/qr/index.html", context, status=status)


def _tables(place: PlacePage) -> TableQuerySet:
    return Table.objects.in_use().filter(place=place)


def _table_or_404(place: PlacePage, number: int) -> Table:
    """A table in use: the codes of those put away work nowhere and are not drawn."""
    table = _tables(place).filter(number=number).first()
    if table is None:
        raise Http404
    return table


def _page_of(number: int) -> int:
    # Tables in use are numbered from 1 without gaps.
    return (number - 1) // TABLES_ON_PAGE + 1


def _anchor(place: PlacePage, number: int) -> str:
    page = _page_of(number)
    return reverse("qr:index", args=[place.slug]) + (f"?p={page}" if page > 1 else "") + f"#table-{number}"


def _file(content: bytes, content_type: str, name: str, *, shown: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    return response
