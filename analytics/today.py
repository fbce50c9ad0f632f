"""How the current business day goes, for the moderator's home screen."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

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
    """The day so far of each place, by its own clock and its own beginning of the day. One query for all of them."""
    days = [(record, record.business_day(record.local_now())) for record in records]
    if not days:
        return []
    their_days = Q()
    for record, day in days:
        their_days |= Q(place_id=record.pk, business_day=day)
    figures = (
        Order.objects.counted()
        .filter(their_days)
        .order_by()
        .values("place_id")
        .annotate(orders=Count("pk"), revenue=Sum("total"))
    )
    by_place = {row["place_id"]: (row["orders"], row["revenue"]) for row in figures}
    return [Today(record, day, *by_place.get(record.pk, (0, Decimal(0)))) for record, day in days]
