"""What the order's status and the table's screen show: how orders stand, who is on the way, the bill, the rating."""

import hashlib
import time
from typing import Any

from django.db.models import Count, Q, Sum

from menu_pages.models import PlacePage
from menu_pages.themes.registry import get_theme
from orders import desk_state
from orders.calls import call_refusal
from orders.cancelling import may_cancel
from orders.guest_parts import visit_words
from orders.guest_state import GuestState
from orders.models import Order, OrderStatus, Rating, Visit, WaiterCall
from orders.progress import steps
from orders.ratings import dishes_to_rate
from orders.sharing import asking_visits, first_visit_id, may_ask, sees_table
from orders.visits import find_visit, why_not_order

MOST_ORDERS = 20
MOST_ORDERS_OF_TABLE = 50
ENJOYED = (OrderStatus.SERVED, OrderStatus.CLOSED)


def order_href(place: PlacePage, sent: Order) -> str:
    return f"{place.href}orders/{sent.public_id}/"


def screen_version(place_id: int, state: GuestState | None, public_id: str | None) -> str:
    """What a screen that is looked at compares: it changes with the place's desks, with the order's own chain and each
    minute. One query, two with an order."""
    visit_id = state.visit_id if state else ""
    marks: list[Any] = [visit_id, desk_state.version_of(place_id), int(time.time() // 60)]
    if public_id is not None:
        own = Order.objects.filter(place_id=place_id, public_id=public_id, visit_id=visit_id)
        marks += own.values_list("pk", "shown_at", "escalated_at", "acknowledged_at").first() or ()
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


def screen_context(place: PlacePage, state: GuestState | None, order: Order | None = None) -> dict[str, Any]:
    """Everything of the guest and their table, around one order or none. Some ten queries, whatever was ordered."""
    visit = find_visit(state)
    context: dict[str, Any] = {
        "place": place,
        "record": place.record,
        "theme": get_theme(place.record.theme),
        "visit": visit_words(state),
        "ended": why_not_order(visit) == "ended",
        "order": order,
        # Read before what it stands for: what comes between is then seen again, never missed.
        "version": screen_version(place.pk, state, order.public_id if order else None),
        "call_why_not": call_refusal(place, visit),
    }
    if order is not None:
        context |= {"lines": order.lines.all(), "steps": steps(order), "may_cancel": may_cancel(order)}
    if visit is not None:
        context |= _own_orders(place, visit, order) | _table(place, visit)
        context |= _calls(visit) if not context["call_why_not"] else {}
        context |= rating_context(visit, offered=bool(context["enjoyed"]) or context["ended"])
    return context


def _own_orders(place: PlacePage, visit: Visit, shown: Order | None) -> dict[str, Any]:
    own = Order.objects.filter(visit_id=visit.public_id)
    others = list(own.exclude(pk=shown.pk if shown else None)[:MOST_ORDERS])
    for other in others:
        other.href = order_href(place, other)
    figures = own.aggregate(
        bill=Sum("total", filter=~Q(status=OrderStatus.CANCELLED)),
        enjoyed=Count("pk", filter=Q(status__in=ENJOYED)),
    )
    return {"orders_of_visit": others, **figures}


def _table(place: PlacePage, visit: Visit) -> dict[str, Any]:
    """What the others at the table ordered, for those who may see it; and the questions of those who may not."""
    if visit.seating_id is None or why_not_order(visit) == "ended":
        return {}
    first_id = first_visit_id(visit.seating_id)
    is_first = visit.pk == first_id
    context: dict[str, Any] = {"sharing": visit.sharing, "is_first": is_first}
    if is_first:
        context["asking"] = asking_visits(visit.seating_id)
    if not sees_table(visit, first_id):
        return {**context, "may_ask": may_ask(visit)}
    of_table = Order.objects.filter(seating_id=visit.seating_id)
    others = of_table.exclude(visit_id=visit.public_id).with_lines()
    return {
        **context,
        "orders_of_table": list(others[:MOST_ORDERS_OF_TABLE]),
        "bill_of_table": of_table.counted().aggregate(sum=Sum("total"))["sum"],
    }


def _calls(visit: Visit) -> dict[str, Any]:
    calls = list(WaiterCall.objects.open().filter(seating_id=visit.seating_id).order_by("pk"))
    for call in calls:
        call.is_own = call.visit_id == visit.pk
    return {"calls": calls, "open_kinds": [call.kind for call in calls]}


def rating_context(visit: Visit, *, offered: bool) -> dict[str, Any]:
    """The rating the visit gave, or what its form asks where it is `offered`. One query, two for the form."""
    if visit.seating_id is None:
        return {}
    rating = Rating.objects.filter(visit=visit).first()
    if rating is not None or not offered:
        return {"rating": rating}
    return {"rating": None, "may_rate": True, "dishes": dishes_to_rate(visit)}
