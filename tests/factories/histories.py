"""Orders of days gone by, written as they stand in the tables, without a guest's walk for each."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from menu_pages.models import DishPage, PlacePage
from orders.identifiers import public_id
from orders.models import BasketLine, Order, OrderImport, OrderStatus, Visit


@dataclass(frozen=True)
class Line:
    """A dish by its page, or by its title alone."""

    dish: DishPage | str
    quantity: int = 1
    price: str = "100"
    options_price: str = "0"
    category: str = ""


@dataclass(frozen=True)
class Check:
    """An order to be made: when, by the place's clock, and what; `guests` are those an old till knew of."""

    at: datetime.datetime
    lines: Sequence[Line]
    table: str = ""
    cancelled: bool = False
    visit: Visit | None = None
    guests: int | None = None
    imported: bool = False


def make_history(place: PlacePage, checks: Iterable[Check]) -> list[Order]:
    """The orders, each with its lines and totals, and a visit of its own unless it names one or came from a till."""
    history = OrderImport.objects.get_or_create(place=place, file_name="till.csv")[0]
    return [_make(place, check, history) for check in checks]


def _make(place: PlacePage, check: Check, history: OrderImport) -> Order:
    sent_at = check.at.replace(tzinfo=place.record.zone)
    visit = None if check.imported else check.visit or Visit.objects.create(place=place)
    order = Order(
        place=place,
        table_label=check.table,
        guests=check.guests,
        history_import=history if check.imported else None,
        visit=visit,
        business_day=place.record.business_day(sent_at),
        number=Order.objects.filter(place=place).count() + 1,
        status=OrderStatus.CANCELLED if check.cancelled else OrderStatus.CLOSED,
        currency=place.record.currency,
        purchases=len(check.lines),
        items=sum(line.quantity for line in check.lines),
        sent_at=sent_at,
        idempotency_key=public_id(),
    )
    lines = [
        BasketLine(
            place=place,
            visit=visit,
            order=order,
            key=str(position),
            position=position,
            dish=line.dish if isinstance(line.dish, DishPage) else None,
            title=line.dish.title if isinstance(line.dish, DishPage) else line.dish,
            category=line.category,
            quantity=line.quantity,
            unit_price=Decimal(line.price),
            options_price=Decimal(line.options_price),
        )
        for position, line in enumerate(check.lines)
    ]
    order.total = sum((line.line_total for line in lines), Decimal(0))
    order.save()
    BasketLine.objects.bulk_create(lines)
    return order
