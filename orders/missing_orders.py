"""Counting a place's business day, and naming what is missing.

Only orders made here are looked into; those of an old till have numbers of their own and are left out. One without a
history was made up for a demo: it fills its number and nothing else.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import ngettext

from menu_pages.models import PlaceRecord
from menu_pages.money import rounded
from orders.models import (
    BasketLine,
    Delivery,
    DeliveryStatus,
    Order,
    OrderStatus,
    OrderStatusChange,
    OutboxEvent,
    OutboxKind,
)
from orders.models.order import ON_DESK
from orders.outbox.retention import kept_since

# A problem names so many orders and counts the rest.
MOST_NAMED = 50
# An event younger than this may still be on its way.
HANDED_ON_WITHIN = datetime.timedelta(minutes=10)

FACTS = ("pk", "number", "status", "acknowledged_at", "total", "sent_at", "own", "told")

Row = Mapping[str, Any]
Problem = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    """`figures` add up: sent = acknowledged + cancelled + open, and what does not is among the problems."""

    figures: dict[str, int]
    problems: list[Problem]


def count_day(record: PlaceRecord, day: datetime.date, *, now: datetime.datetime | None = None) -> Count:
    """The day's orders as they are now. Four queries."""
    now = now or timezone.now()
    own = Exists(OrderStatusChange.objects.filter(order_id=OuterRef("pk")))
    told = Exists(OutboxEvent.objects.filter(order_id=OuterRef("pk"), kind=OutboxKind.ORDER_SENT))
    here = Order.objects.sent_here().filter(place_id=record.pk, business_day=day)
    rows = list(here.annotate(own=own, told=told).order_by("number").values(*FACTS))
    live = [row for row in rows if row["own"]]
    figures = {
        "sent": len(live),
        "acknowledged": sum(_is_acknowledged(row) for row in live),
        "cancelled": sum(row["status"] == OrderStatus.CANCELLED for row in live),
        "open": sum(row["status"] in ON_DESK and row["acknowledged_at"] is None for row in live),
        "imported": len(rows) - len(live),
    }
    kept = kept_since(now)
    found = (
        ("number_missing", _gaps(rows)),
        ("never_acknowledged", [row["number"] for row in live if _was_never_acknowledged(row)]),
        ("event_missing", [row["number"] for row in live if not row["told"] and row["sent_at"] > kept]),
        *_wrong_lines(live),
        ("event_waiting", _waiting_events(record, day, now)),
        ("given_up", _given_up(record, day)),
    )
    return Count(figures, [_problem(kind, numbers) for kind, numbers in found if numbers])


def in_words(problem: Problem) -> str:
    """The problem as its reader's language puts it, with the numbers of the orders."""
    count = problem["count"]
    sentences = {
        "number_missing": ngettext("%(count)d order is not there", "%(count)d orders are not there", count),
        "never_acknowledged": ngettext(
            "%(count)d order was served and never acknowledged",
            "%(count)d orders were served and never acknowledged",
            count,
        ),
        "event_missing": ngettext(
            "%(count)d order was never announced", "%(count)d orders were never announced", count
        ),
        "lines_missing": ngettext("%(count)d order has no dishes", "%(count)d orders have no dishes", count),
        "total_differs": ngettext(
            "%(count)d order has a total that differs from its dishes",
            "%(count)d orders have totals that differ from their dishes",
            count,
        ),
        "event_waiting": ngettext(
            "%(count)d message about an order still waits to be sent on",
            "%(count)d messages about orders still wait to be sent on",
            count,
        ),
        "given_up": ngettext(
            "%(count)d ticket, letter or webhook could not be delivered",
            "%(count)d tickets, letters or webhooks could not be delivered",
            count,
        ),
    }
    named = ", ".join(f"№ {number}" for number in problem["numbers"])
    more = "…" if problem["more"] else ""
    return sentences[problem["kind"]] % {"count": count} + (f": {named}{more}" if named else "")


def _is_acknowledged(row: Row) -> bool:
    return row["acknowledged_at"] is not None and row["status"] != OrderStatus.CANCELLED


def _was_never_acknowledged(row: Row) -> bool:
    return row["acknowledged_at"] is None and row["status"] in (OrderStatus.SERVED, OrderStatus.CLOSED)


def _gaps(rows: list[Row]) -> list[int]:
    """Numbers that no order has, among those given out here: they follow the highest that was imported, from 1."""
    imported = [row["number"] for row in rows if not row["own"]]
    last = max((row["number"] for row in rows if row["own"]), default=0)
    there = {row["number"] for row in rows}
    return [number for number in range(max(imported, default=0) + 1, last) if number not in there]


def _wrong_lines(live: list[Row]) -> Iterator[tuple[str, list[int]]]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    lines = BasketLine.objects.filter(order_id__in=[row["pk"] for row in live]).order_by()
    for order_id, unit, options, quantity in lines.values_list("order_id", "unit_price", "options_price", "quantity"):
        sums[order_id] += rounded((unit + options) * quantity)
    yield "lines_missing", [row["number"] for row in live if row["pk"] not in sums]
    yield "total_differs", [row["number"] for row in live if row["pk"] in sums and sums[row["pk"]] != row["total"]]


def _waiting_events(record: PlaceRecord, day: datetime.date, now: datetime.datetime) -> list[int]:
    waiting = OutboxEvent.objects.filter(_of_day(record, day), relayed_at__isnull=True, at__lt=now - HANDED_ON_WITHIN)
    return [number or 0 for number in waiting.values_list("order__number", flat=True)]


def _given_up(record: PlaceRecord, day: datetime.date) -> list[int]:
    failed = Delivery.objects.filter(_of_day(record, day, "event__"), status=DeliveryStatus.FAILED)
    return [number or 0 for number in failed.values_list("event__order__number", flat=True)]


def _of_day(record: PlaceRecord, day: datetime.date, prefix: str = "") -> Q:
    """Events of the day's orders and, of no order's, those between its beginning and its end by the place's clock."""
    begins = datetime.datetime.combine(day, record.day_starts_at, record.zone)
    ends = datetime.datetime.combine(day + datetime.timedelta(days=1), record.day_starts_at, record.zone)
    of_order = Q(**{f"{prefix}order__business_day": day})
    of_none = Q(**{f"{prefix}order": None, f"{prefix}at__gte": begins, f"{prefix}at__lt": ends})
    return Q(**{f"{prefix}place_id": record.pk}) & (of_order | of_none)


def _problem(kind: str, numbers: Iterable[int]) -> Problem:
    """`numbers` of the orders concerned, each once; what concerns no order is only counted."""
    numbers = list(numbers)
    named = sorted({number for number in numbers if number})
    return {
        "kind": kind,
        "count": len(numbers),
        "numbers": named[:MOST_NAMED],
        "more": len(named) > MOST_NAMED,
    }
