"""What a tap on the desk does. Each is one step, done once however often it arrives; whose thing it is, is looked at
again every time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.roles import Capability
from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.permissions import place_or_404
from menu_pages.stopping import return_dish, stop_dish
from orders import desk_state
from orders.calls import IllegalCallMoveError, move_call
from orders.desk.answers import MemberRequest, Undo, said
from orders.desk.failures import print_again as try_printing_again
from orders.desk.stop_list import dish_of
from orders.models import BasketLine, CallStatus, Order, OrderStatus, Seating, Visit, WaiterCall
from orders.order_states import IllegalMoveError, acknowledge_order, forget_acknowledgement, move_order
from orders.seatings import OrdersOpenError, close_seating, open_by_staff
from orders.sharing import SharingRefusedError, answer_sharing

Tap = Callable[..., HttpResponse]


def tap(capability: Capability) -> Callable[[Tap], Tap]:
    """A POST of somebody who has the capability in the place; the view gets the place."""

    def decorate(view: Tap) -> Tap:
        @login_required
        @require_POST
        @wraps(view)
        def guarded(request: MemberRequest, place_slug: str, **kwargs: Any) -> HttpResponse:
            return view(request, place_or_404(request.user, place_slug, capability), **kwargs)

        return guarded

    return decorate


@tap(Capability.ORDERS)
def move(request: MemberRequest, place: PlacePage, public_id: str) -> HttpResponse:
    order = _or_404(Order.objects.sent_here().filter(place=place, public_id=public_id))
    if request.POST.get("to") not in OrderStatus.values:
        return said(request, place, gettext("There is no such step."), status=400)
    before = order.status
    reason = request.POST.get("reason", "").replace("\0", "")[:140].strip()
    try:
        order = move_order(order_id=order.pk, to=OrderStatus(request.POST["to"]), by=request.user, reason=reason)
    except IllegalMoveError as error:
        return said(request, place, str(error), status=409)
    if order.status == before:
        return said(request, place)
    text = gettext("Order %(number)d: %(status)s") % {"number": order.number, "status": order.get_status_display()}
    return said(request, place, text, undo=Undo(reverse("desk:move", args=[place.slug, public_id]), value=before))


@tap(Capability.ORDERS)
def acknowledge(request: MemberRequest, place: PlacePage, public_id: str) -> HttpResponse:
    """Somebody has seen an order that was accepted by itself, or takes back having said so."""
    order = _or_404(Order.objects.sent_here().filter(place=place, public_id=public_id))
    address = reverse("desk:acknowledge", args=[place.slug, public_id])
    if request.POST.get("to") == "unseen":
        try:
            forget_acknowledgement(order_id=order.pk)
        except IllegalMoveError as error:
            return said(request, place, str(error), status=409)
        return said(request, place)
    if order.acknowledged_at is not None:
        return said(request, place)
    acknowledge_order(order_id=order.pk)
    text = gettext("Order %(number)d: seen") % {"number": order.number}
    return said(request, place, text, undo=Undo(address, value="unseen"))


@tap(Capability.DESK)
def move_a_call(request: MemberRequest, place: PlacePage, public_id: str) -> HttpResponse:
    call = _or_404(WaiterCall.objects.filter(place=place, public_id=public_id).select_related("table"))
    if request.POST.get("to") not in CallStatus.values:
        return said(request, place, gettext("There is no such step."), status=400)
    before = call.status
    try:
        call = move_call(call_id=call.pk, to=CallStatus(request.POST["to"]), by=request.user)
    except IllegalCallMoveError as error:
        return said(request, place, str(error), status=409)
    if call.status == before:
        return said(request, place)
    words = {"number": call.table.number, "status": call.get_status_display()}
    text = gettext("Call from table %(number)d: %(status)s") % words
    return said(request, place, text, undo=Undo(reverse("desk:call", args=[place.slug, public_id]), value=before))


@tap(Capability.DESK)
def open_table(request: MemberRequest, place: PlacePage, number: int) -> HttpResponse:
    table = _or_404(Table.objects.in_use().filter(place=place, number=number))
    open_by_staff(table=table, by=request.user)
    return said(request, place, gettext("Table %(number)d is open.") % {"number": number})


@tap(Capability.DESK)
def close_table(request: MemberRequest, place: PlacePage, number: int) -> HttpResponse:
    seating = Seating.objects.open().filter(place=place, table__number=number).first()
    if seating is None:
        return said(request, place)
    try:
        close_seating(seating_id=seating.pk, by=request.user)
    except OrdersOpenError as error:
        return said(request, place, str(error), status=409)
    return said(request, place, gettext("Table %(number)d is closed.") % {"number": number})


@tap(Capability.DESK)
def share_table(request: MemberRequest, place: PlacePage, public_id: str) -> HttpResponse:
    """Let a guest see what their table ordered, or not."""
    visit = _or_404(Visit.objects.filter(place=place, public_id=public_id, seating__isnull=False))
    if request.POST.get("to") not in ("granted", "refused"):
        return said(request, place, gettext("There is no such step."), status=400)
    granted = request.POST["to"] == "granted"
    try:
        answer_sharing(visit_id=visit.pk, granted=granted, by_user=request.user)
    except SharingRefusedError as error:
        return said(request, place, error.message, status=error.status)
    text = (
        gettext("The guest sees the table’s orders.") if granted else gettext("The guest sees only their own orders.")
    )
    return said(request, place, text)


@tap(Capability.STOP_LIST)
def stop_line(request: MemberRequest, place: PlacePage, public_id: str, key: str) -> HttpResponse:
    """The dish of an order's line has run out."""
    lines = BasketLine.objects.filter(place=place, order__public_id=public_id, key=key, dish__isnull=False)
    dish = _or_404(lines.select_related("dish")).dish
    return _stop(request, place, dish)


@tap(Capability.STOP_LIST)
def change_stop_list(request: MemberRequest, place: PlacePage) -> HttpResponse:
    """Stop the dish of the place at this path (`stop`), or put it back on sale (`return`)."""
    dish = dish_of(place, request.POST.get("stop") or request.POST.get("return", ""))
    if dish is None:
        raise Http404
    if "stop" in request.POST:
        return _stop(request, place, dish)
    return_dish(dish=dish)
    desk_state.announce(place.pk)
    text = gettext("“%(dish)s” is on sale again.") % {"dish": dish.title}
    return said(request, place, text, undo=Undo(reverse("desk:stop", args=[place.slug]), "stop", dish.menu_path))


@tap(Capability.ORDERS)
def print_again(request: MemberRequest, place: PlacePage, public_id: str) -> HttpResponse:
    order = _or_404(Order.objects.sent_here().filter(place=place, public_id=public_id).select_related("place"))
    if not try_printing_again(order=order):
        return said(request, place)
    return said(
        request, place, gettext("The ticket of order %(number)d is on its way again.") % {"number": order.number}
    )


def _stop(request: MemberRequest, place: PlacePage, dish: DishPage) -> HttpResponse:
    dish.place = place
    # Until somebody puts it back: what comes back by itself is ordered again in vain.
    stop_dish(dish=dish, by=request.user)
    desk_state.announce(place.pk)
    text = gettext("“%(dish)s” is on the stop-list.") % {"dish": dish.title}
    return said(request, place, text, undo=Undo(reverse("desk:stop", args=[place.slug]), "return", dish.menu_path))


def _or_404(rows: "QuerySet[Any]") -> Any:
    found = rows.first()
    if found is None:
        raise Http404
    return found
