"""What a desk shows: the orders that ask something of the staff, and the tables with guests."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from menu_pages.models import PlacePage
from orders.models import Order, OrderStatus, Seating
from orders.order_states import next_step

# More than anyone can hold in sight; the oldest are shown, the rest counted.
MOST_ORDERS = 100
AMBER = datetime.timedelta(minutes=5)
RED = datetime.timedelta(minutes=10)

COLUMNS: tuple[tuple[str, str | Promise, tuple[OrderStatus, ...]], ...] = (
    ("new", _("New orders"), (OrderStatus.SENT,)),
    ("work", _("In work"), (OrderStatus.ACCEPTED, OrderStatus.PREPARING, OrderStatus.READY)),
)
STEP_TITLES = {
    OrderStatus.ACCEPTED: _("Accept"),
    OrderStatus.PREPARING: _("Start cooking"),
    OrderStatus.READY: _("Ready"),
    OrderStatus.SERVED: _("Mark as served"),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    status: OrderStatus
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Card:
    order: Order
    lines: list[Any]
    minutes: int
    age: str  # calm, amber or red
    next: NextStep | None


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str | Promise
    cards: list[Card]
    hidden: int = 0  # orders beyond those shown


def columns(place: PlacePage) -> list[Column]:
    """Open orders by column: the newest on top, the oldest that nobody accepted pinned above it. Three queries each."""
    now = timezone.now()
    by_column = []
    for key, title, statuses in COLUMNS:
        waiting = Order.objects.filter(place=place, status__in=statuses)
        oldest = list(waiting.select_related("table").prefetch_related("lines").order_by("sent_at", "pk")[:MOST_ORDERS])
        hidden = waiting.count() - len(oldest) if len(oldest) == MOST_ORDERS else 0
        cards = [_card(order, now) for order in reversed(oldest)]
        if key == "new" and len(cards) > 1 and cards[-1].age != "calm":
            cards.insert(0, cards.pop())
        by_column.append(Column(key, title, cards, hidden))
    return by_column


def seatings(place: PlacePage) -> list[Seating]:
    """Open tables with what their party ordered so far. One query; each with `minutes`."""
    counted = ~Q(orders__status=OrderStatus.CANCELLED)
    rows = list(
        Seating.objects.open()
        .filter(place=place)
        .select_related("table")
        .annotate(
            orders_count=Count("orders", filter=counted),
            total=Coalesce(Sum("orders__total", filter=counted), Decimal(0)),
        )
        .order_by("table__number")
    )
    for row in rows:
        row.minutes = _minutes(row.opened_at, timezone.now())
        row.table_number, row.table_label = row.table.number, row.table.label
    return rows


def _card(order: Order, now: datetime.datetime) -> Card:
    waiting = now - order.sent_at
    age = "red" if waiting >= RED else "amber" if waiting >= AMBER else "calm"
    step = next_step(order.status)
    next_ = NextStep(step, STEP_TITLES[step]) if step else None
    return Card(order, list(order.lines.all()), _minutes(order.sent_at, now), age, next_)


def _minutes(since: datetime.datetime, now: datetime.datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))
