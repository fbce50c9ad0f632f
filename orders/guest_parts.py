"""The guest's own parts of a page that is otherwise the same for everyone."""

import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from menu_pages.guest_parts import placeholder
from menu_pages.models import PlacePage
from orders.guest_state import GuestState


def state_of(request: HttpRequest, place: PlacePage) -> GuestState | None:
    """The guest's state in this place, read without a lock; the session is not touched when there is no cookie."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return GuestState.of(request.session, place.pk)


def fill(body: str, request: HttpRequest, place: PlacePage, state: GuestState | None) -> str:
    """Put the table and the basket bar where the page left room for them."""
    for name, html in (
        ("table", render_table(request, state)),
        ("basket_bar", render_basket_bar(request, place, state)),
    ):
        body = body.replace(placeholder(name), html)
    return body


def render_table(request: HttpRequest, state: GuestState | None) -> str:
    return render_to_string("orders/_table.html", {"visit": visit_words(state)}, request)


def render_basket_bar(request: HttpRequest, place: PlacePage, state: GuestState | None) -> str:
    basket = {
        "count": state.count if state else 0,
        "total": state.total if state else Decimal(0),
        "quantities_json": json.dumps(state.quantities if state else {}, ensure_ascii=False),
    }
    return render_to_string(
        "orders/_basket_bar.html", {"place": place, "record": place.record, "basket": basket}, request
    )


def visit_words(state: GuestState | None) -> dict[str, Any] | None:
    """What pages say of the visit: the table, when there is one."""
    if state is None or state.table_number is None:
        return None
    return {"table_number": state.table_number, "table_label": state.table_label}
