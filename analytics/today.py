"""How the current business day goes, for the moderator's home screen."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from menu_pages.models import PlaceRecord
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Today:
    """One place's day so far: orders sent and not cancelled, and their money in the place's currency."""

    record: PlaceRecord
    day: datetime.date
    orders: int
    revenue: Decimal


def today(records: Iterable[PlaceRecord]) -> list[Today]:
    """The day so far of each place, by its own clock and its own beginning of the day. One query a place."""
    return [_of(record) for record in records]


def _of(record: PlaceRecord) -> Today:
    day = record.business_day(record.local_now())
    figures = (
        Order.objects.counted()
        .filter(place_id=record.pk, business_day=day)
        .aggregate(orders=Count("pk"), revenue=Sum("total"))
    )
    return Today(record, day, figures["orders"], figures["revenue"] or Decimal(0))
