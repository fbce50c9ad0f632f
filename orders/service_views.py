"""What guests do beside ordering: look how it stands, take an order back, call, see the table's orders, rate, leave."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from menu_pages.models import PlacePage
from orders import responses
from orders.calls import CallRefusedError, ask_call, cancel_call
from orders.cancelling import TooLateError, cancel_own_order
from orders.forms import AnswerForm, CallForm, LeaveForm, RatingForm, first_error
from orders.guest_parts import state_of
from orders.guest_state import GuestState
from orders.leaving import finish_visit, leave_page
from orders.models import Order, Visit
from orders.places import published_place_or_404
from orders.ratings import RatingRefusedError, rate, visit_to_rate
from orders.same_origin import from_own_pages, posts_only
from orders.sessions import session_of
from orders.sharing import SharingRefusedError, answer_sharing, ask_to_see_table
from orders.table_screen import order_href, screen_version
from orders.visits import find_visit

posts_to_table = posts_only(back="table/")


@require_GET
def status(request: HttpRequest, place_slug: str, public_id: str) -> HttpResponse:
    """The order's status, for the guest who sent it; anyone else learns nothing, not even that it exists."""
    place = published_place_or_404(place_slug)
    state = state_of(request, place)
    if _has_seen(request, place, state, public_id):
        return responses.private(HttpResponse(status=204))
    return responses.screen(request, place, state, _own_order_or_404(place, state, public_id))


@require_GET
def table(request: HttpRequest, place_slug: str) -> HttpResponse:
    """The guest's table: who is called, what was ordered, the bill."""
    place = published_place_or_404(place_slug)
    state = state_of(request, place)
    if _has_seen(request, place, state):
        return responses.private(HttpResponse(status=204))
    return responses.screen(request, place, state)


@from_own_pages
@posts_to_table
def cancel_order(request: HttpRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    state = state_of(request, place)
    try:
        order = cancel_own_order(place=place, visit_id=state.visit_id, public_id=public_id) if state else None
    except TooLateError as late:
        return _refused(request, place, str(late), 409, order=_own_order_or_404(place, state, public_id))
    if order is None:
        raise Http404
    return responses.see_other(order_href(place, order))


@from_own_pages
@posts_to_table
def call(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _refused(request, place, first_error(form), 400)
    kind, payment = form.wish
    try:
        ask_call(session=session_of(request), place=place, kind=kind, payment=payment, note=form.cleaned_data["note"])
    except CallRefusedError as refused:
        return _refused(request, place, refused.message, refused.status)
    return responses.see_other(f"{responses.screen_came_from(request, place)}#call")


@from_own_pages
@posts_to_table
def call_off(request: HttpRequest, place_slug: str, public_id: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    try:
        cancel_call(session=session_of(request), place=place, public_id=public_id)
    except CallRefusedError as refused:
        return _refused(request, place, refused.message, refused.status)
    return responses.see_other(f"{responses.screen_came_from(request, place)}#call")


@from_own_pages
@posts_to_table
def ask_sharing(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    try:
        ask_to_see_table(session=session_of(request), place=place)
    except SharingRefusedError as refused:
        return _refused(request, place, refused.message, refused.status)
    return responses.see_other(f"{responses.screen_came_from(request, place)}#table")


@from_own_pages
@posts_to_table
def give_sharing(request: HttpRequest, place_slug: str, public_id: str) -> HttpResponse:
    """The table's first guest answers another one of the table."""
    place = published_place_or_404(place_slug)
    own = find_visit(state_of(request, place))
    form = AnswerForm(request.POST)
    asking = Visit.objects.filter(place=place, public_id=public_id, seating_id__isnull=False)
    if own is None or own.seating_id is None or not form.is_valid():
        raise Http404
    visit = asking.filter(seating_id=own.seating_id).first()
    if visit is None:
        raise Http404
    try:
        answer_sharing(visit_id=visit.pk, granted=form.granted, by_visit=own)
    except SharingRefusedError as refused:
        return _refused(request, place, refused.message, refused.status)
    return responses.see_other(f"{responses.screen_came_from(request, place)}#table")


@from_own_pages
@posts_to_table
def give_rating(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    form = RatingForm(request.POST)
    typed = {"score": request.POST.get("score", "")[:1], "text": request.POST.get("text", "")[:1000]}
    if not form.is_valid():
        return _not_rated(request, place, first_error(form), 400, typed)
    try:
        rate(
            session=session_of(request),
            place=place,
            score=form.cleaned_data["score"],
            text=form.cleaned_data["text"],
            thumbs=form.thumbs(),
        )
    except RatingRefusedError as refused:
        return _not_rated(request, place, refused.message, refused.status, typed)
    if state_of(request, place) is None:
        return responses.farewell(request, place, visit_to_rate(session_of(request), place))
    return responses.see_other(f"{responses.screen_came_from(request, place)}#rating")


@from_own_pages
@posts_only
def leave(request: HttpRequest, place_slug: str) -> HttpResponse:
    """The page goes away (a beacon, which nobody reads the answer of), or the guest is done here."""
    place = published_place_or_404(place_slug)
    form = LeaveForm(request.POST)
    form.is_valid()
    if form.cleaned_data.get("finish"):
        if state_of(request, place) is not None:
            finish_visit(session=session_of(request), place=place)
        return responses.farewell(request, place, visit_to_rate(session_of(request), place))
    if state_of(request, place) is not None:
        leave_page(session=session_of(request), place=place, searched=form.cleaned_data.get("searched", ""))
    return responses.private(HttpResponse(status=204))


def _has_seen(request: HttpRequest, place: PlacePage, state: GuestState | None, public_id: str | None = None) -> bool:
    """Whether the script, which asks every few seconds, has what there is. Its visit is part of what it compares."""
    since = request.GET.get("since")
    return bool(since) and state is not None and since == screen_version(place.pk, state, public_id)


def _own_order_or_404(place: PlacePage, state: GuestState | None, public_id: str) -> Order:
    found: Order | None = Order.objects.filter(place=place, public_id=public_id).with_lines().first()
    if found is None or state is None or found.visit_id != state.visit_id:
        raise Http404
    return found


def _refused(
    request: HttpRequest, place: PlacePage, message: str, code: int, *, order: Order | None = None, **typed: Any
) -> HttpResponse:
    if "X-Fragment" in request.headers:
        return responses.problem(request, place, message, status=code, back=responses.screen_came_from(request, place))
    return responses.screen(request, place, state_of(request, place), order, notice=message, status=code, **typed)


def _not_rated(request: HttpRequest, place: PlacePage, message: str, code: int, typed: dict[str, Any]) -> HttpResponse:
    visit = visit_to_rate(session_of(request), place)
    if "X-Fragment" not in request.headers and visit is not None and state_of(request, place) is None:
        return responses.farewell(request, place, visit, notice=message, status=code, **typed)
    return _refused(request, place, message, code, **typed)
