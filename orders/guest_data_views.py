"""A guest's own page of what is kept of them in this place, by their browser's session."""

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from menu_pages.models import PlacePage
from menu_pages.themes.registry import get_theme
from orders import responses
from orders.guest_data import StillServedError, copy_of, forget_guest
from orders.guest_state import FINISHED, VISITS
from orders.places import published_place_or_404
from orders.same_origin import from_own_pages, posts_only
from orders.sessions import session_of


@require_GET
def guest_data(request: HttpRequest, place_slug: str) -> HttpResponse:
    return _page(request, published_place_or_404(place_slug))


@require_GET
def guest_data_copy(request: HttpRequest, place_slug: str) -> HttpResponse:
    published_place_or_404(place_slug)
    response = JsonResponse(
        copy_of(session_of(request)), DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="my-visit.json"'
    return responses.private(response)


@from_own_pages
@posts_only(back="privacy/")
def guest_data_forget(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    if not _is_known(request):
        return _page(request, place)
    try:
        forget_guest(session=session_of(request))
    except StillServedError as served:
        return _page(request, place, notice=str(served), status=409)
    return _page(request, place, forgotten=True)


def _page(
    request: HttpRequest, place: PlacePage, *, notice: str = "", forgotten: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "place": place,
        "record": place.record,
        "theme": get_theme(place.record.theme),
        "known": _is_known(request),
        "forgotten": forgotten,
        "notice": notice,
    }
    return responses.private(render(request, "orders/guest_data.html", context, status=status))


def _is_known(request: HttpRequest) -> bool:
    """Whether this browser's session leads to any visit."""
    session = session_of(request)
    return bool(session.get(VISITS) or session.get(FINISHED))
