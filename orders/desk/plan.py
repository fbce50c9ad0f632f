"""The plan of a place's tables, and one table opened from it."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from menu_pages.models import PlacePage, Table
from menu_pages.models.table import MAX_TABLES
from orders.desk.cards import CallCard, OrderCard, call_card, minutes_since, order_cards, stopped_dishes
from orders.desk.narrowing import Narrowing
from orders.models import CallKind, OrderStatus, Seating, TableSharing, Visit, WaiterCall
from orders.models.order import ON_DESK
from orders.sharing import asking_visits

MOST_ORDERS = 100

# The most pressing first: a table is in the first state that is true of it.
STATES: dict[str, str | Promise] = {
    "bill": pgettext_lazy("table", "asks for the bill"),
    "calls": pgettext_lazy("table", "calls"),
    "ordered": pgettext_lazy("table", "has ordered"),
    "waiting": pgettext_lazy("table", "waits for food"),
    "seated": pgettext_lazy("table", "seated"),
    "free": pgettext_lazy("table", "free"),
}
SUMMARY = ("bill", "calls", "ordered", "waiting", "seated", "free")


@dataclass(frozen=True, slots=True)
class Tile:
    table: Table
    state: str
    minutes: int | None = None  # since the party sat down
    since: datetime.datetime | None = None
    orders_count: int = 0
    total: Decimal = Decimal(0)
    asks: bool = False  # a guest asks to see the table's orders

    @property
    def state_title(self) -> str | Promise:
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class OpenTable:
    tile: Tile
    seating: Seating | None
    orders: list[OrderCard]
    hidden: int  # orders beyond those shown
    calls: list[CallCard]
    asking: list[Visit]


def read_plan(place: PlacePage, narrowing: Narrowing) -> list[Tile]:
    """Every table in use, and those put away under a party that still sits there. Two queries for any number."""
    seatings = {seating.table_id: seating for seating in _with_state(Seating.objects.open().filter(place=place))}
    tables = Table.objects.filter(narrowing.tables(), place=place)
    shown = tables.filter(Q(in_use=True) | Q(pk__in=list(seatings))).order_by("number")[:MAX_TABLES]
    return [_tile(table, seatings.get(table.pk)) for table in shown]


def summary(tiles: list[Tile]) -> list[tuple[str, str | Promise, int]]:
    """How many tables are in each state, without those in which none is."""
    counted = {state: sum(tile.state == state for tile in tiles) for state in SUMMARY}
    return [(state, STATES[state], count) for state, count in counted.items() if count]


def read_table(place: PlacePage, number: int) -> OpenTable | None:
    """The table with its party; None when the place has no such table in use. Two queries for a free table, eight at
    most for another."""
    table = Table.objects.filter(place=place, number=number).first()
    if table is None:
        return None
    seating = _with_state(Seating.objects.open().filter(table=table)).first()
    if seating is None:
        return OpenTable(_tile(table, None), None, [], 0, [], []) if table.in_use else None
    orders = list(seating.orders.select_related("table").order_by("-sent_at", "-pk")[: MOST_ORDERS + 1])
    hidden = seating.orders.count() - MOST_ORDERS if len(orders) > MOST_ORDERS else 0
    calls = WaiterCall.objects.open().filter(seating=seating).select_related("table").order_by("asked_at", "pk")
    return OpenTable(
        _tile(table, seating),
        seating,
        order_cards(orders[:MOST_ORDERS], place=place, stopped=stopped_dishes(place)),
        hidden,
        [call_card(call) for call in calls[: len(CallKind)]],
        asking_visits(seating.pk),
    )


def _with_state(seatings: QuerySet[Any]) -> QuerySet[Any]:
    """Adds what tells a table's state, all of it in the seatings' own query."""
    counted = ~Q(orders__status=OrderStatus.CANCELLED)
    on_desk = Q(orders__status__in=ON_DESK)
    unanswered = on_desk & (Q(orders__status=OrderStatus.SENT) | Q(orders__acknowledged_at__isnull=True))
    calls = WaiterCall.objects.open().filter(seating=OuterRef("pk"))
    asking = Visit.objects.filter(seating=OuterRef("pk"), sharing=TableSharing.ASKED, ended_at=None)
    return seatings.annotate(
        orders_count=Count("orders", filter=counted),
        total=Coalesce(Sum("orders__total", filter=counted), Decimal(0)),
        waiting=Count("orders", filter=on_desk),
        unanswered=Count("orders", filter=unanswered),
        calls_bill=Exists(calls.filter(kind=CallKind.BILL)),
        calls_waiter=Exists(calls.filter(kind=CallKind.COME)),
        asks=Exists(asking),
    )


def _tile(table: Table, seating: Any) -> Tile:
    if seating is None:
        return Tile(table, "free")
    facts = {
        "bill": seating.calls_bill,
        "calls": seating.calls_waiter,
        "ordered": seating.unanswered,
        "waiting": seating.waiting,
    }
    state = next((state for state, true in facts.items() if true), "seated")
    minutes = minutes_since(seating.opened_at, timezone.now())
    return Tile(table, state, minutes, seating.opened_at, seating.orders_count, seating.total, seating.asks)
