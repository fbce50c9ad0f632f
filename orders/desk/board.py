"""What a desk shows: the calls and orders that ask something of the staff."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from menu_pages.models import PlacePage
from orders.desk.cards import CallCard, Card, OrderCard, call_card, order_cards, stopped_dishes, table_words
from orders.desk.narrowing import Narrowing
from orders.models import CallStatus, Order, OrderStatus, TableSharing, Visit, WaiterCall

# More than anyone can hold in sight; the oldest are shown, the rest counted.
MOST_ORDERS = 100
MOST_CALLS = 100
MOST_ALARMS = 20
MOST_QUESTIONS = 20
# Of orders, and of calls: more than come between two looks.
MOST_NEWS = 20

NEW, WORK = "new", "work"
TITLES: tuple[tuple[str, str | Promise], ...] = ((NEW, pgettext_lazy("orders and calls", "New")), (WORK, _("In work")))
# Whatever made it accepted, an order is new until a person has answered.
UNANSWERED = Q(status=OrderStatus.SENT) | Q(acknowledged_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str | Promise
    cards: list[Card]
    hidden: int = 0  # orders beyond those shown

    @property
    def size(self) -> int:
        return len(self.cards) + self.hidden


@dataclass(frozen=True, slots=True)
class Alarm:
    """An order of the place that nobody has answered yet; `late` once it waits longer than the place allows."""

    order: Order
    seconds: int
    late: bool

    @property
    def table_words(self) -> str:
        return table_words(self.order)

    @property
    def waited(self) -> str:
        """Minutes and seconds: 1:35."""
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"


def read_board(
    place: PlacePage, narrowing: Narrowing, *, serves_tables: bool, puts_before_staff: bool = False
) -> list[Column]:
    """Both columns; with `puts_before_staff` it is written down that their orders are on a desk now.

    Five queries for any number of orders and calls, and one for a column that holds more than is shown.
    """
    open_orders = narrowing.orders(Order.objects.on_desk().filter(place=place))
    new, new_hidden = _oldest(open_orders.filter(UNANSWERED))
    work, work_hidden = _oldest(open_orders.exclude(UNANSWERED))
    if puts_before_staff:
        _mark_shown([*new, *work])
    stopped = stopped_dishes(place)
    cards = order_cards([*new, *work], place=place, stopped=stopped, narrowing=narrowing)
    calls = _calls(place, narrowing) if serves_tables else []
    by_column: dict[str, list[Card]] = {
        NEW: _in_turn([card for card in calls if card.unanswered], cards[: len(new)]),
        WORK: [*[card for card in calls if not card.unanswered], *reversed(cards[len(new) :])],
    }
    hidden = {NEW: new_hidden, WORK: work_hidden}
    return [Column(key, title, by_column[key], hidden[key]) for key, title in TITLES]


def alarms(place: PlacePage) -> list[Alarm]:
    """Unanswered orders of the whole place, whatever part of it the desk shows, the oldest first. One query."""
    now = timezone.now()
    orders = Order.objects.unacknowledged().filter(place=place).select_related("table").order_by("sent_at", "pk")
    limit = place.record.acknowledge_seconds
    waited = [(order, int((now - order.sent_at).total_seconds())) for order in orders[:MOST_ALARMS]]
    return [Alarm(order, max(0, seconds), seconds >= limit) for order, seconds in waited]


def news(place: PlacePage, narrowing: Narrowing, *, serves_tables: bool) -> list[str]:
    """The newest orders and calls that nobody has answered, by the names of their cards: a page that shows no cards
    rings by these. Two queries; one for whoever serves no tables."""
    orders = narrowing.orders(Order.objects.on_desk().filter(UNANSWERED, place=place)).order_by("-sent_at", "-pk")
    names = [f"order-{public_id}" for public_id in orders.values_list("public_id", flat=True)[:MOST_NEWS]]
    if serves_tables:
        calls = WaiterCall.objects.open().filter(narrowing.tables("table__"), place=place, status=CallStatus.ASKED)
        newest = calls.order_by("-asked_at", "-pk").values_list("public_id", flat=True)
        names += [f"call-{public_id}" for public_id in newest[:MOST_NEWS]]
    return names


def questions(place: PlacePage, narrowing: Narrowing) -> list[Visit]:
    """Guests who ask to see what their table ordered. One query."""
    asking = Visit.objects.filter(narrowing.tables("table__"), place=place, sharing=TableSharing.ASKED, ended_at=None)
    at_open_tables = asking.filter(seating__isnull=False, seating__closed_at=None)
    return list(at_open_tables.select_related("table").order_by("seated_at", "pk")[:MOST_QUESTIONS])


def _mark_shown(orders: list[Order]) -> None:
    """Write down that a desk gets these orders, the first time one does. No query when all have been shown, else three,
    and no news for the other desks. What another desk is writing down at this moment is left to it."""
    unseen = {order.pk: order for order in orders if order.shown_at is None}
    if not unseen:
        return
    with transaction.atomic():
        rows = Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=unseen, shown_at=None)
        free = list(rows.order_by("pk").values_list("pk", flat=True))
        Order.objects.filter(pk__in=free).update(shown_at=timezone.now())
    for pk, shown_at in Order.objects.filter(pk__in=unseen).values_list("pk", "shown_at"):
        unseen[pk].shown_at = shown_at


def _oldest(orders: Any) -> tuple[list[Order], int]:
    """The orders that are shown, the oldest first, and how many are not."""
    shown = list(orders.select_related("table").order_by("sent_at", "pk")[: MOST_ORDERS + 1])
    hidden = orders.count() - MOST_ORDERS if len(shown) > MOST_ORDERS else 0
    return shown[:MOST_ORDERS], hidden


def _calls(place: PlacePage, narrowing: Narrowing) -> list[CallCard]:
    """Open calls, the oldest first."""
    calls = WaiterCall.objects.open().filter(narrowing.tables("table__"), place=place).select_related("table")
    return [call_card(call) for call in calls.order_by("asked_at", "pk")[:MOST_CALLS]]


def _in_turn(calls: list[CallCard], orders: list[OrderCard]) -> list[Card]:
    """The newest order on top; above it the one that has waited longest, once it is not calm any more, and the calls.

    Of those two the older comes first.
    """
    newest_first: list[Card] = [*reversed(orders)]
    pinned: list[Card] = [*calls]
    if len(orders) > 1 and orders[0].age != "calm":
        pinned.append(newest_first.pop())
    return [*sorted(pinned, key=_since), *newest_first]


def _since(card: Card) -> datetime.datetime:
    return card.since
