"""A basket and an order that nobody made, for looking at a theme's screens."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from menu_pages.menu import read_menu
from menu_pages.models import DishPage, PlacePage
from menu_pages.option_groups import OptionGroup
from menu_pages.themes.registry import Theme
from orders.guest_state import GuestState, line_key
from orders.models import BasketLine, Order, OrderStatus
from orders.progress import steps
from orders.quoting import Quote, option_snapshot, price_of, quote
from orders.responses import LINE_PICTURES, wants

DISHES = 3
VISIT = {"table_number": 7, "table_label": ""}
QUANTITIES = (1, 2, 1)
MINUTES_AGO = 9
ORDER_NUMBER = 24


def basket(request: HttpRequest, place: PlacePage, theme: Theme) -> tuple[str, dict[str, Any]]:
    """The basket screen with a few of the place's own dishes; empty while the menu is."""
    quoted = sample_quote(place)
    return theme.template("basket"), {
        "place": place,
        "record": place.record,
        "visit": VISIT,
        "basket": quoted,
        "removed": [],
        "idempotency_key": "",
        "comment": "",
        "why_not": "",
        "notice": "",
    }


def status(request: HttpRequest, place: PlacePage, theme: Theme) -> tuple[str, dict[str, Any]]:
    """The status screen of an order being prepared; its script asks for the fragment alone."""
    quoted = sample_quote(place)
    order = Order(
        place=place,
        public_id="sample",
        number=ORDER_NUMBER,
        status=OrderStatus.PREPARING,
        currency=place.record.currency,
        total=quoted.total,
        sent_at=timezone.now() - timedelta(minutes=MINUTES_AGO),
    )
    template = "orders/_status.html" if wants(request, "status") else theme.template("status")
    return template, {
        "place": place,
        "record": place.record,
        "order": order,
        "lines": [_order_line(line) for line in quoted.lines],
        "steps": steps(order),
        "orders_of_visit": [],
        "bill": quoted.total,
        "visit": VISIT,
    }


def sample_quote(place: PlacePage) -> Quote:
    """The first dish of each of the menu's first parts, with the options a guest would have to choose."""
    dishes = _some_dishes(place)
    lines = {}
    for dish, quantity in zip(dishes, QUANTITIES, strict=False):
        chosen = [option_id for group in dish.groups for option_id in _needed(group)]
        snapshot = option_snapshot(dish, chosen)
        lines[line_key(dish.pk, chosen, "")] = {
            "dish": dish.pk,
            "path": dish.menu_path,
            "title": dish.title,
            "options": chosen,
            "option_snapshot": snapshot,
            "note": "",
            "quantity": quantity,
            **price_of(dish.price, sum((Decimal(option["price"]) for option in snapshot), Decimal("0.00"))),
        }
    return quote(place, GuestState({"basket": lines}), *LINE_PICTURES)


def _some_dishes(place: PlacePage) -> list[DishPage]:
    menu = read_menu(place, at=place.record.local_now())
    found = [
        next(dish for dish in section.dishes if _can_be_had(dish))
        for section in menu.sections
        if section.served_now and any(_can_be_had(dish) for dish in section.dishes)
    ]
    return found[:DISHES]


def _can_be_had(dish: Any) -> bool:
    return dish.price is not None and not dish.sold_out


def _needed(group: OptionGroup) -> list[str]:
    """The owner's defaults, filled up to as many as must be chosen."""
    chosen = [option.id for option in group.options if option.default][: group.maximum]
    others = [option.id for option in group.options if option.id not in chosen]
    return chosen + others[: max(group.minimum - len(chosen), 0)]


def _order_line(line: Any) -> BasketLine:
    options = [{"title": option.title} for option in line.options]
    return BasketLine(
        title=line.title,
        options=options,
        quantity=line.quantity,
        unit_price=line.unit_price,
        options_price=line.options_price,
    )
