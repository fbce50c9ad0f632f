"""Places at rest: without an order for so long that no period has changed since the morning before."""

import datetime
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from analytics.figures import nothing_sold
from analytics.models import PlaceStatistics
from analytics.periods import LENGTHS
from analytics.statistics import Computed
from menu_pages.models import PlaceRecord
from orders.models import Order

# An order leaves the longest period on the morning after so many days; that morning is the last with other figures.
REST_AFTER = datetime.timedelta(days=max(LENGTHS) + 1)


def at_rest(records: Sequence[PlaceRecord], *, morning: datetime.date | None = None) -> list[Computed]:
    """The places whose figures of the morning (each place's own, unless one is given) are known without counting.

    Theirs are what they were on a morning before, or nothing at all where nobody has ordered yet. Two queries.
    """
    now = timezone.now()
    mornings = {record.pk: morning or record.business_day(now) for record in records}
    if not mornings:
        return []
    orders = Order.objects.filter(place_id=OuterRef("pk"), business_day__lt=max(mornings.values()))
    last_order = dict(
        PlaceRecord.objects.filter(pk__in=mornings).values_list(
            "pk", Subquery(orders.order_by("-business_day").values("business_day")[:1])
        )
    )
    resting = [
        record
        for record in records
        if last_order[record.pk] is None or last_order[record.pk] + REST_AFTER < mornings[record.pk]
    ]
    rows = _last_rows([record.pk for record in resting], max(mornings.values()))
    known = []
    for record in resting:
        last, row, day = last_order[record.pk], rows.get(record.pk), mornings[record.pk]
        if row is not None and row.day <= day and (last is None or row.day >= last + REST_AFTER):
            known.append(Computed(record, day, row.computed_at, row.figures))
        elif row is None and last is None:
            known.append(Computed(record, day, now, nothing_sold()))
    return known


def _last_rows(places: Sequence[int], morning: datetime.date) -> dict[int, PlaceStatistics]:
    last = PlaceStatistics.objects.filter(place_id=OuterRef("place_id"), day__lte=morning).order_by("-day")
    rows = PlaceStatistics.objects.filter(place__in=places, pk=Subquery(last.values("pk")[:1]))
    return {row.place_id: row for row in rows}
