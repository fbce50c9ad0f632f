"""Guests' screens as responses: a whole page, or the fragment that the page's script asked for."""

import re
from typing import Any
from urllib.parse import SplitResult

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from menu_pages.models import DishPage, PlacePage
from menu_pages.themes.registry import get_theme
from orders.checkout import refusal
from orders.guest_parts import fill, render_basket_bar, visit_words, where
from orders.guest_state import GuestState, new_order_key
from orders.models import Order, Visit
from orders.quoting import Quote, quote
from orders.same_origin import split_address
from orders.table_screen import rating_context, screen_context
from orders.visits import find_visit

ORDER_PATH = re.compile(r"orders/[-a-zA-Z0-9_]+/")
# What a basket line shows of its dish.
LINE_PICTURES = ("thumbnail",)


def wants(request: HttpRequest, fragment: str) -> bool:
    return request.headers.get("X-Fragment") == fragment


def private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response


def see_other(address: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response["Location"] = address
    return private(response)


def basket_bar(request: HttpRequest, place: PlacePage, state: GuestState | None) -> HttpResponse:
    return private(HttpResponse(render_basket_bar(where(place), state)))


def basket(
    request: HttpRequest,
    place: PlacePage,
    state: GuestState | None,
    *,
    stopped_by: Quote | None = None,
    notice: str = "",
    comment: str = "",
    status: int = 200,
) -> HttpResponse:
    """The basket at today’s prices; `stopped_by` is the quote that stopped the order: what is gone is out already."""
    visit = find_visit(state)
    context = {
        "place": place,
        "record": place.record,
        "theme": get_theme(place.record.theme),
        "visit": visit_words(state),
        "basket": quote(place, state, *LINE_PICTURES).with_problems_of(stopped_by),
        "removed": stopped_by.gone if stopped_by else [],
        "idempotency_key": state.order_key if state else new_order_key(),
        "comment": comment,
        "why_not": refusal(place, visit),
        "notice": notice,
    }
    if wants(request, "basket"):
        return private(render(request, "orders/_basket.html", context, status=status))
    return private(themed(request, place, "basket", context, state, status=status))


def problem(request: HttpRequest, place: PlacePage, message: str, *, status: int, back: str = "") -> HttpResponse:
    """A refusal in one sentence, with the way on."""
    context = {
        "place": place,
        "record": place.record,
        "theme": get_theme(place.record.theme),
        "message": message,
        "action_href": back or place.href,
        "action_title": gettext("Back to the menu"),
    }
    template = "orders/_problem.html" if "X-Fragment" in request.headers else "orders/problem.html"
    return private(render(request, template, context, status=status))


def screen(
    request: HttpRequest,
    place: PlacePage,
    state: GuestState | None,
    order: Order | None = None,
    *,
    notice: str = "",
    status: int = 200,
    **typed: Any,
) -> HttpResponse:
    """The order's status, or the table's screen when there is none; `typed` is what a refused form held."""
    context = {**screen_context(place, state, order), "notice": notice, "typed": typed}
    if wants(request, "status"):
        return private(render(request, "orders/_status.html", context, status=status))
    return private(themed(request, place, "status", context, state, status=status))


def farewell(
    request: HttpRequest, place: PlacePage, visit: Visit | None, *, notice: str = "", status: int = 200, **typed: Any
) -> HttpResponse:
    """The visit is over; the menu stays readable, and the visit may be rated."""
    context = {
        "place": place,
        "record": place.record,
        "theme": get_theme(place.record.theme),
        "notice": notice,
        "typed": typed,
        **(rating_context(visit, offered=True) if visit is not None else {}),
    }
    return private(render(request, "orders/farewell.html", context, status=status))


def dish_again(
    request: HttpRequest, place: PlacePage, dish: DishPage, message: str, chosen: list[str], state: GuestState | None
) -> HttpResponse:
    """The dish page with the problem on it and everything the guest had chosen."""
    context = {
        **dish.get_context(request),
        "problem": message,
        "chosen": chosen,
        "note": request.POST.get("note", "")[:140],
        "quantity": request.POST.get("quantity", "1")[:4],
    }
    return private(themed(request, place, "dish", context, state, status=400))


def themed(
    request: HttpRequest,
    place: PlacePage,
    screen: str,
    context: dict[str, Any],
    state: GuestState | None,
    *,
    status: int = 200,
) -> HttpResponse:
    response = render(request, get_theme(place.record.theme).template(screen), context, status=status)
    response.content = fill(response.content.decode(), place, state).encode()
    return response


def page_came_from(request: HttpRequest, place: PlacePage) -> str:
    """The page of this place the form stood on, to return to; the menu when that is unknown or another place."""
    parts = _referrer(request, place)
    if parts is None:
        return place.href
    if parts.path in (f"{place.href}basket/add/", f"{place.href}basket/update/", f"{place.href}order/"):
        return f"{place.href}basket/"  # a refusal stood there
    return parts.path + (f"?{parts.query}" if parts.query else "")


def screen_came_from(request: HttpRequest, place: PlacePage) -> str:
    """The order's status the form stood on, else the table's screen."""
    parts = _referrer(request, place)
    found = ORDER_PATH.match(parts.path.removeprefix(place.href)) if parts else None
    return f"{place.href}{found[0] if found else 'table/'}"


def _referrer(request: HttpRequest, place: PlacePage) -> SplitResult | None:
    parts = split_address(request.headers.get("Referer", ""))
    ours = parts is not None and parts.netloc == request.get_host() and parts.path.startswith(place.href)
    return parts if ours else None
