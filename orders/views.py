"""What guests do with the basket: look, add, change, send."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from menu_pages.availability import find_dish
from menu_pages.models import PlacePage
from orders import responses
from orders.basket import BasketError, LineNotFoundError, add_dish, change_dish, change_line
from orders.checkout import OrderRefusedError, send_order
from orders.forms import AddForm, OrderForm, UpdateForm, first_error
from orders.guest_parts import state_of
from orders.guest_state import GuestState
from orders.places import published_place_or_404
from orders.quoting import Quote
from orders.same_origin import from_own_pages, posts_only
from orders.sessions import session_of
from orders.table_screen import order_href


@require_GET
def basket(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    return responses.basket(request, place, state_of(request, place))


@from_own_pages
@posts_only
def add(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    form = AddForm(request.POST)
    form.is_valid()
    dish = find_dish(place, form.cleaned_data["dish"]) if "dish" in form.cleaned_data else None
    if dish is None:
        return responses.problem(request, place, gettext("This dish is no longer on the menu."), status=404)
    dish.place = place
    if form.errors:
        return _not_added(request, place, dish, form, first_error(form))
    try:
        state = add_dish(
            session=session_of(request),
            place=place,
            dish=dish,
            quantity=form.cleaned_data["quantity"],
            option_ids=form.options(),
            note=form.cleaned_data["note"],
        )
    except BasketError as error:
        return _not_added(request, place, dish, form, str(error))
    if responses.wants(request, "basket_bar"):
        return responses.basket_bar(request, place, state)
    came_from = responses.page_came_from(request, place)
    back = place.href if came_from.startswith(dish.href) else came_from
    return responses.see_other(f"{back}#{dish.menu_path.split('/')[0]}")


def _not_added(request: HttpRequest, place: PlacePage, dish: Any, form: AddForm, message: str) -> HttpResponse:
    if "X-Fragment" in request.headers:
        return responses.problem(request, place, message, status=400, back=dish.href)
    return responses.dish_again(request, place, dish, message, form.options(), state_of(request, place))


@from_own_pages
@posts_only
def update(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    form = UpdateForm(request.POST)
    if not form.is_valid():
        return _not_changed(request, place, first_error(form), 400)
    try:
        state = _change(request, place, form)
    except LineNotFoundError as error:
        return _not_changed(request, place, str(error), 404)
    except BasketError as error:
        return _not_changed(request, place, str(error), 400)
    if responses.wants(request, "basket_bar"):
        return responses.basket_bar(request, place, state)
    if responses.wants(request, "basket"):
        return responses.basket(request, place, state)
    return responses.see_other(responses.page_came_from(request, place))


def _change(request: HttpRequest, place: PlacePage, form: UpdateForm) -> GuestState:
    """A line by its key, or all of a dish's lines by its path, as a card's counter does."""
    session, wanted = session_of(request), form.cleaned_data
    if wanted["line"]:
        return change_line(
            session=session, place=place, key=wanted["line"], quantity=wanted["quantity"], note=form.new_note
        )
    return change_dish(session=session, place=place, menu_path=wanted["dish"], quantity=wanted["quantity"])


def _not_changed(request: HttpRequest, place: PlacePage, message: str, status: int) -> HttpResponse:
    if "X-Fragment" in request.headers:
        return responses.problem(request, place, message, status=status, back=f"{place.href}basket/")
    return responses.basket(request, place, state_of(request, place), notice=message, status=status)


@from_own_pages
@posts_only
def order(request: HttpRequest, place_slug: str) -> HttpResponse:
    place = published_place_or_404(place_slug)
    form = OrderForm(request.POST)
    comment = request.POST.get("comment", "")[:1000]
    if not form.is_valid():
        return responses.basket(
            request, place, state_of(request, place), notice=first_error(form), comment=comment, status=400
        )
    try:
        result = send_order(
            session=session_of(request),
            place=place,
            idempotency_key=form.cleaned_data["idempotency_key"],
            comment=form.cleaned_data["comment"],
        )
    except OrderRefusedError as refused:
        state = state_of(request, place)
        return responses.basket(request, place, state, notice=refused.message, comment=comment, status=refused.status)
    if isinstance(result, Quote):
        return responses.basket(
            request,
            place,
            state_of(request, place),
            stopped_by=result,
            notice=gettext("The menu changed while you were choosing. Look at the new total and send again."),
            comment=comment,
            status=409,
        )
    return responses.see_other(order_href(place, result))
