"""What guests did on some day, as rows: visits with their events and baskets, orders, seatings, ratings."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from analytics.models import PlaceStatistics
from menu_pages.models import DishPage, PlacePage
from orders.identifiers import public_id
from orders.models import (
    BasketLine,
    EventKind,
    GuestEvent,
    Order,
    OrderStatus,
    OrderStatusChange,
    Rating,
    Seating,
    Visit,
)
from tests.factories.menus import table_of

MINUTE = datetime.timedelta(minutes=1)


def local(place: PlacePage, text: str) -> datetime.datetime:
    """“2026-03-02 19:30” by the place's clock."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=place.record.zone)


def seated(place: PlacePage, at: str, *, table: int = 1, minutes: int | None = 60) -> Seating:
    """A party at a table from a time on; without minutes it still sits there."""
    opened = local(place, at)
    closed = None if minutes is None else opened + minutes * MINUTE
    return Seating.objects.create(place=place, table=table_of(place, table), opened_at=opened, closed_at=closed)


def came(
    place: PlacePage,
    at: str,
    *did: tuple[EventKind, DishPage | None] | EventKind,
    table: int | None = 1,
    searched: Iterable[str] = (),
    left: Iterable[tuple[DishPage, int]] = (),
) -> Visit:
    """A visit that began then, with what the guest did, searched for and left in the basket; without a table nobody
    scanned a code."""
    moment = local(place, at)
    visit: Visit = Visit.objects.create(
        place=place,
        table=table_of(place, table) if table else None,
        started_at=moment,
        seated_at=moment if table else None,
        ended_at=moment + 60 * MINUTE,
    )
    events: list[tuple[EventKind, DishPage | None, dict[str, Any]]] = []
    if table:
        events.append((EventKind.PAGE_OPENED, None, {}))
    for one in did:
        kind, dish = one if isinstance(one, tuple) else (one, None)
        events.append((kind, dish, {}))
    events += [(EventKind.NOTHING_FOUND, None, {"words": words}) for words in searched]
    GuestEvent.objects.bulk_create(
        GuestEvent(place=place, visit=visit, number=number, kind=kind, at=moment, dish=dish, data=data)
        for number, (kind, dish, data) in enumerate(events, start=1)
    )
    for position, (dish, quantity) in enumerate(left):
        BasketLine.objects.create(
            place=place,
            visit=visit,
            key=f"left{position}",
            dish=dish,
            title=dish.title,
            quantity=quantity,
            unit_price=dish.price,
        )
    return visit


def sold(
    place: PlacePage,
    at: str,
    total: str = "500.00",
    *,
    visit: Visit | None = None,
    table: int = 1,
    dish: DishPage | None = None,
    quantity: int = 1,
    status: OrderStatus = OrderStatus.CLOSED,
    acknowledged: int | None = None,
    served: int | None = None,
) -> Order:
    """An order of one line; `acknowledged` after so many seconds, `served` after so many minutes."""
    sent = local(place, at)
    day = place.record.business_day(sent)
    visit = visit or came(place, at, table=table)
    order: Order = Order.objects.create(
        place=place,
        visit=visit,
        table=visit.table,
        table_label=str(table),
        business_day=day,
        number=Order.objects.filter(place=place, business_day=day).count() + 1,
        status=status,
        currency=place.record.currency,
        purchases=1,
        items=quantity,
        total=Decimal(total),
        sent_at=sent,
        acknowledged_at=None if acknowledged is None else sent + datetime.timedelta(seconds=acknowledged),
        idempotency_key=public_id(),
    )
    BasketLine.objects.create(
        place=place,
        visit=visit,
        order=order,
        key=public_id()[:16],
        dish=dish,
        title=dish.title if dish else "Dish",
        quantity=quantity,
        unit_price=Decimal(total) / quantity,
    )
    if served is not None:
        brought(order, served)
    return order


def brought(order: Order, minutes: int) -> None:
    OrderStatusChange.objects.create(
        place=order.place, order=order, after=OrderStatus.SERVED, at=order.sent_at + minutes * MINUTE
    )


def rated(place: PlacePage, at: str, score: int) -> Rating:
    visit = came(place, at)
    rating: Rating = Rating.objects.create(place=place, visit=visit, score=score, at=local(place, at))
    return rating


def computed(place: PlacePage, morning: datetime.date, figures: dict[str, Any] | None = None) -> PlaceStatistics:
    """The place's statistics of a morning, as if the nightly run had kept them."""
    statistics: PlaceStatistics = PlaceStatistics.objects.create(
        place=place, day=morning, currency=place.record.currency, figures=figures or {}
    )
    return statistics
