"""The guest's own parts of a page that is otherwise the same for everyone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from menu_pages.guest_parts import cut
from menu_pages.models import PlacePage
from orders.guest_state import GuestState

# In a request's META: the answer is drawn for everyone, its marks stay.
DRAWN_FOR_ALL = "menusite.drawn_for_all"


@dataclass(frozen=True, slots=True)
class Where:
    """What the guest's parts say of the place."""

    href: str
    currency: str


def state_of(request: HttpRequest, place: PlacePage) -> GuestState | None:
    """The guest's state in this place, read without a lock; the session is not touched when there is no cookie."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return GuestState.of(request.session, place.pk)


def fill(body: str, place: PlacePage, state: GuestState | None) -> str:
    """Put the table and the basket bar where the page left room for them."""
    return filled(cut(body), where(place), state)


def filled(pieces: Sequence[str], at: Where, state: GuestState | None) -> str:
    """The same for a body that is cut already: its names become the parts."""
    parts: dict[str, str] = {}
    whole = list(pieces)
    for index in range(1, len(whole), 2):
        name = whole[index]
        if name not in parts:
            parts[name] = render_table(at, state) if name == "table" else render_basket_bar(at, state)
        whole[index] = parts[name]
    return "".join(whole)


def where(place: PlacePage) -> Where:
    return Where(href=place.href, currency=place.record.currency)


def render_table(at: Where, state: GuestState | None) -> str:
    return render_to_string("orders/_table.html", {"place": at, "visit": visit_words(state)})


def render_basket_bar(at: Where, state: GuestState | None) -> str:
    basket = {
        "count": state.count if state else 0,
        "total": state.total if state else Decimal(0),
        "known": state is not None,
        "quantities_json": json.dumps(state.quantities if state else {}, ensure_ascii=False),
    }
    return render_to_string("orders/_basket_bar.html", {"place": at, "record": at, "basket": basket})


def visit_words(state: GuestState | None) -> dict[str, Any] | None:
    """What pages say of the visit: the table, when there is one."""
    if state is None or state.table_number is None:
        return None
    return {"table_number": state.table_number, "table_label": state.table_label}
