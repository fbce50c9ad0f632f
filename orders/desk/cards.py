"""What a desk shows of an order, of a call, of a guest who asks: each with the one tap that takes it on."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from menu_pages.models import PlacePage, StopListEntry
from orders.calls import ALLOWED as CALL_STEPS
from orders.calls import next_call_step
from orders.desk.narrowing import Narrowing
from orders.models import BasketLine, CallStatus, Order, OrderStatus, WaiterCall
from orders.order_states import next_step

AMBER, RED = datetime.timedelta(minutes=5), datetime.timedelta(minutes=10)
# Whoever calls sits and looks at the door.
CALL_AMBER, CALL_RED = datetime.timedelta(minutes=2), datetime.timedelta(minutes=5)
# Dishes of the stop-list that lines are compared with.
MOST_STOPPED = 1000

STEP_TITLES: dict[OrderStatus, str | Promise] = {
    OrderStatus.ACCEPTED: _("Accept"),
    OrderStatus.PREPARING: _("Start cooking"),
    OrderStatus.READY: _("Ready"),
    OrderStatus.SERVED: _("Mark as served"),
    OrderStatus.CLOSED: pgettext_lazy("what a tap does to a served order", "Close"),
}
CALL_STEP_TITLES: dict[CallStatus, str | Promise] = {
    CallStatus.SEEN: _("Seen"),
    CallStatus.ON_THE_WAY: _("On my way"),
    CallStatus.DONE: _("Done"),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    status: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Line:
    row: BasketLine
    elsewhere: bool  # another station makes it
    out: bool  # its dish is on the stop-list now


@dataclass(frozen=True, slots=True)
class OrderCard:
    order: Order
    lines: list[Line]
    minutes: int
    age: str  # calm, amber or red
    next: NextStep | None
    to_acknowledge: bool  # accepted by itself, and nobody has seen it
    history: Sequence[tuple[str | Promise, datetime.datetime]] = field(default_factory=list)
    kind = "order"
    amber, red = AMBER, RED

    @property
    def table_words(self) -> str:
        return table_words(self.order)

    @property
    def since(self) -> datetime.datetime:
        return self.order.sent_at

    @property
    def unanswered(self) -> bool:
        return self.to_acknowledge or self.order.status == OrderStatus.SENT


@dataclass(frozen=True, slots=True)
class CallCard:
    call: WaiterCall
    minutes: int
    age: str
    next: NextStep | None
    done: NextStep | None  # for the quick, who go at once
    kind = "call"
    amber, red = CALL_AMBER, CALL_RED

    @property
    def since(self) -> datetime.datetime:
        return self.call.asked_at

    @property
    def unanswered(self) -> bool:
        return self.call.status == CallStatus.ASKED


Card = OrderCard | CallCard


def stopped_dishes(place: PlacePage) -> frozenset[int]:
    """Ids of the place's dishes that are on the stop-list now. One query."""
    entries = StopListEntry.objects.current(timezone.now()).filter(place=place)
    return frozenset(entries.values_list("dish_id", flat=True)[:MOST_STOPPED])


def order_cards(
    orders: list[Order], *, place: PlacePage, stopped: frozenset[int], narrowing: Narrowing | None = None
) -> list[OrderCard]:
    """Cards of the orders, in their order. One query for the lines of all."""
    now = timezone.now()
    lines: dict[int, list[Line]] = {order.pk: [] for order in orders}
    rows: Iterable[Any] = BasketLine.objects.filter(order__in=list(lines)).order_by("position", "pk") if orders else ()
    for row in rows:
        elsewhere = narrowing is not None and narrowing.is_elsewhere(row)
        lines[row.order_id].append(Line(row, elsewhere, row.dish_id in stopped))
    return [_order_card(order, lines[order.pk], now, place.record.zone) for order in orders]


def call_card(call: WaiterCall) -> CallCard:
    now = timezone.now()
    step = next_call_step(call.status)
    return CallCard(
        call,
        minutes_since(call.asked_at, now),
        _age(call.asked_at, now, CALL_AMBER, CALL_RED),
        NextStep(step, CALL_STEP_TITLES[step]) if step else None,
        NextStep(CallStatus.DONE, CALL_STEP_TITLES[CallStatus.DONE])
        if step != CallStatus.DONE and CallStatus.DONE in CALL_STEPS[CallStatus(call.status)]
        else None,
    )


def table_words(order: Order) -> str:
    return str(order.table) if order.table else gettext("No table")


def minutes_since(since: datetime.datetime, now: datetime.datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))


def _order_card(order: Order, lines: list[Line], now: datetime.datetime, zone: datetime.tzinfo) -> OrderCard:
    step = next_step(order.status)
    # The chain that everyone can see.
    moments = (
        (pgettext_lazy("order", "received"), order.sent_at),
        (pgettext_lazy("order", "on a desk"), order.shown_at),
        (pgettext_lazy("order", "answered"), order.acknowledged_at),
    )
    # Without a zone: templates would turn the place's clock back into the reader's.
    history = [(title, moment.astimezone(zone).replace(tzinfo=None)) for title, moment in moments if moment]
    return OrderCard(
        order,
        lines,
        minutes_since(order.sent_at, now),
        _age(order.sent_at, now, AMBER, RED),
        NextStep(step, STEP_TITLES[step]) if step else None,
        to_acknowledge=order.acknowledged_at is None and order.status != OrderStatus.SENT,
        history=history,
    )


def _age(since: datetime.datetime, now: datetime.datetime, amber: datetime.timedelta, red: datetime.timedelta) -> str:
    waiting = now - since
    return "red" if waiting >= red else "amber" if waiting >= amber else "calm"
