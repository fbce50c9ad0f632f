"""Reading what a report is made of: the only part of the reports that knows tables.

All but the checks are facts the nightly run has kept; the checks' totals come from the orders, by an index.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import ExtractIsoWeekDay
from django.utils import timezone

from analytics.chosen_period import ALL, period_before
from analytics.models import HourSales, LostDemand, LostKind, Measure, PlaceDay, PlaceStatistics, Tally, VisitDay
from analytics.reports import check_sizes, funnel, heat_map, lost_demand, ratings, revenue, turnover
from analytics.reports.heat_map import HourRow
from analytics.reports.lost_demand import SHOWN, Lost
from analytics.reports.ratings import Score
from analytics.reports.sections import Section
from analytics.reports.spans import SHIFTS, Span
from analytics.reports.turnover import TallyRow
from menu_pages.models import PlacePage, PlaceRecord
from menu_pages.themes.registry import get_theme
from orders.models import Order


@dataclass(frozen=True)
class Report:
    """A place over a period; `computed_at` is None before the first nightly run."""

    place: PlacePage
    currency: str
    period: str
    span: Span
    morning: datetime.date
    computed_at: datetime.datetime | None
    sections: Sequence[Section]


def latest_statistics(place: PlacePage) -> PlaceStatistics | None:
    """The figures of the last morning there is. One query."""
    row: PlaceStatistics | None = PlaceStatistics.objects.filter(place=place).order_by("-day").first()
    return row


def gather(place: PlacePage, period: str, statistics: PlaceStatistics | None) -> Report:
    """The report as of the morning of these statistics, in the reader's language. Fourteen queries, however long the
    period and however much was sold; two more for all time."""
    record = place.record
    morning = statistics.day if statistics else record.business_day(timezone.now())
    found = period_before(morning, period, _first_day(place) if period == ALL else None)
    span = Span(found.first, found.last)
    currency = statistics.currency if statistics else record.currency
    shift = SHIFTS.get(period)
    earlier = span.earlier(shift) if shift else span
    days = list(PlaceDay.objects.filter(place=place, day__range=(earlier.first, span.last)).order_by("day"))
    checks = _checks(place, span)
    return Report(
        place=place,
        currency=currency,
        period=period,
        span=span,
        morning=morning,
        computed_at=statistics.computed_at if statistics else None,
        sections=[
            revenue.section(revenue.revenue(span, shift, days, checks, _checks(place, earlier) if shift else {})),
            heat_map.section(_heat_map(record, span, days)),
            check_sizes.section(check_sizes.check_sizes(checks), currency),
            *_guests(place, span),
        ],
    )


def _guests(place: PlacePage, span: Span) -> list[Section]:
    """What visits, tables and ratings say."""
    visits = list(VisitDay.objects.filter(place=place, day__range=span).order_by("day"))
    tallies = Tally.objects.filter(place=place, day__range=span)
    scores = tallies.filter(measure=Measure.SCORE).order_by("day").values_list("day", "value", "times")
    times = tallies.exclude(measure=Measure.SCORE).order_by()
    seated_days = times.filter(measure=Measure.AT_TABLE).aggregate(days=Count("day", distinct=True))["days"]
    rows = times.values_list("measure", "label", "value").annotate(together=Sum("times"))
    return [
        funnel.section(funnel.funnel(span, visits), lambda theme: get_theme(theme).title),
        lost_demand.section(_lost_demand(place, span, visits)),
        turnover.section(turnover.turnover([TallyRow(*row) for row in rows], seated_days)),
        ratings.section(ratings.ratings(span, [Score(*row) for row in scores])),
    ]


def _first_day(place: PlacePage) -> datetime.date | None:
    """The first day of which anything is known. Two queries."""
    days = (model.objects.filter(place=place).aggregate(first=Min("day"))["first"] for model in (PlaceDay, VisitDay))
    return min((day for day in days if day), default=None)


def _checks(place: PlacePage, span: Span) -> dict[Decimal, int]:
    orders = Order.objects.counted().filter(place=place, business_day__range=span).order_by()
    return dict(orders.values_list("total").annotate(times=Count("pk")))


def _heat_map(record: PlaceRecord, span: Span, days: Sequence[PlaceDay]) -> heat_map.HeatMap:
    sold = HourSales.objects.filter(place_id=record.pk, day__range=span).order_by()
    by_hour = sold.annotate(weekday=ExtractIsoWeekDay("day")).values_list("weekday", "hour")
    rows = by_hour.annotate(together=Sum("orders"), money=Sum("revenue"))
    open_days: dict[int, int] = {}
    for fact in days:
        if span.first <= fact.day <= span.last:
            open_days[fact.day.isoweekday()] = open_days.get(fact.day.isoweekday(), 0) + 1
    return heat_map.heat_map([HourRow(*row) for row in rows], open_days, record.day_starts_at.hour)


def _lost_demand(place: PlacePage, span: Span, visits: Sequence[VisitDay]) -> lost_demand.LostDemand:
    lost = LostDemand.objects.filter(place=place, day__range=span).order_by()
    times: dict[str, Any] = lost.aggregate(
        **{
            kind: Sum("times", filter=Q(kind=kind), default=0)
            for kind in (LostKind.SOLD_OUT.value, LostKind.NOT_FOUND.value)
        }
    )
    return lost_demand.LostDemand(
        sold_out=_most(lost, LostKind.SOLD_OUT),
        sold_out_times=times[LostKind.SOLD_OUT.value],
        searches=_most(lost, LostKind.NOT_FOUND),
        searches_times=times[LostKind.NOT_FOUND.value],
        left=_most(lost, LostKind.LEFT),
        baskets=sum(row.abandoned for row in visits),
        money=sum((row.abandoned_money for row in visits), Decimal(0)),
        visits=sum(row.scanned for row in visits),
    )


def _most(lost: Any, kind: LostKind) -> list[Lost]:
    rows = lost.filter(kind=kind).values_list("words").annotate(together=Sum("times"), lost=Sum("money"))
    return [Lost(*row) for row in rows.order_by("-together", "-lost", F("words"))[:SHOWN]]
