"""The service desk of waiters and kitchen."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.permissions import may, organisation_ids
from accounts.roles import Capability
from menu_pages.models import PlacePage, PlaceRecord
from menu_pages.permissions import place_or_404
from orders import desk_state
from orders.desk import board as desk_board
from orders.models import Order, OrderStatus, Seating
from orders.order_states import IllegalMoveError, move_order
from orders.seatings import OrdersOpenError, close_seating


class MemberRequest(HttpRequest):
    """A request that `login_required` has let through."""

    user: User


@login_required
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """The desks the user may open; the only one opens itself."""
    records = PlaceRecord.objects.select_related("place").filter(place__live=True).order_by("place__title")
    if not request.user.is_superuser:
        records = records.filter(organisation_id__in=organisation_ids(request.user, Capability.ORDERS))
    places = [record.place for record in records[:200]]
    if len(places) == 1:
        return redirect("desk:board", places[0].slug)
    return render(request, "orders/desk/index.html", {"places": places})


@login_required
@never_cache
@require_GET
def board(request: MemberRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.ORDERS)
    return render(request, "orders/desk/board.html", _context(request, place))


@login_required
@never_cache
@require_GET
def updates(request: MemberRequest, place_slug: str) -> HttpResponse:
    """The orders again when something changed since the version the desk has, else 204."""
    place = place_or_404(request.user, place_slug, Capability.ORDERS)
    if request.GET.get("since") == str(desk_state.version_of(place.pk)):
        return HttpResponse(status=204)
    return render(request, "orders/desk/_orders.html", _context(request, place))


@login_required
@require_POST
def move(request: MemberRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.ORDERS)
    order = Order.objects.filter(place=place, public_id=public_id).first()
    if order is None:
        raise Http404
    if request.POST.get("to") not in OrderStatus.values:
        return _answer(request, place, problem=gettext("There is no such step."), status=400)
    before = order.status
    try:
        order = move_order(
            order_id=order.pk,
            to=OrderStatus(request.POST["to"]),
            by=request.user,
            reason=request.POST.get("reason", "").replace("\0", "")[:140].strip(),
        )
    except IllegalMoveError as error:
        return _answer(request, place, problem=str(error), status=409)
    return _answer(request, place, moved=order, before=before)


@login_required
@require_POST
def close_table(request: MemberRequest, place_slug: str, number: int) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.DESK)
    seating = Seating.objects.open().filter(place=place, table__number=number).first()
    if seating is not None:
        try:
            close_seating(seating_id=seating.pk, by=request.user)
        except OrdersOpenError as error:
            return _answer(request, place, problem=str(error), status=409)
    return _answer(request, place)


def _answer(
    request: MemberRequest, place: PlacePage, *, problem: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """The board as it is now: a fragment for the script, a page or a redirect without it."""
    fragment = request.headers.get("X-Fragment") == "board"
    if not (fragment or problem or context):
        return redirect("desk:board", place.slug)
    template = "orders/desk/_orders.html" if fragment else "orders/desk/board.html"
    return render(request, template, {**_context(request, place), "problem": problem, **context}, status=status)


def _context(request: MemberRequest, place: PlacePage) -> dict[str, Any]:
    # The version is read before the orders: what comes between is then seen again, never missed.
    version = desk_state.version_of(place.pk)
    serves_tables = may(request.user, place.record.organisation_id, Capability.DESK)
    return {
        "place": place,
        "record": place.record,
        "version": version,
        "columns": desk_board.columns(place),
        "seatings": desk_board.seatings(place) if serves_tables else [],
        "serves_tables": serves_tables,
    }
