"""The nightly run: which places and organisations wait for the figures of a morning, by each place's own clock.

A morning of a place comes at STATISTICS_HOUR of its calendar day, by its time zone, or when its business day before has
ended, if that is later. Who waits is read off the rows that stand, so that a run may come late, twice, from two
schedulers at once, or be killed: the rows in the end are the same. An hour that the clock leaves out in spring has come
when the clock is past it; one that comes twice in autumn finds its row there the second time.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db.models import F, Max, OuterRef, Subquery
from django.utils import timezone

from analytics import organisations
from analytics.models import OrganisationStatistics, PlaceStatistics
from analytics.resting import REST_AFTER
from analytics.statistics import compute_places
from menu_pages.models import PlaceRecord
from orders.models import Order, Visit

# Mornings nobody was there to count are made up for, as of their dates; more of them nobody looks through.
MOST_MORNINGS = 31
DAY = datetime.timedelta(days=1)

Owner = TypeVar("Owner")
# With the annotations of `run`: the day of the last row, and whether the place is published.
Known = Any


class Span(NamedTuple):
    """The first and the last business day with an order; where nobody has ordered yet, with a visit."""

    first: datetime.date
    last: datetime.date


def run(*, now: datetime.datetime | None = None) -> int:
    """Count what waits at this moment; returns the number of places' rows. A few queries when nothing waits."""
    now = now or timezone.now()
    last_row = PlaceStatistics.objects.filter(place_id=OuterRef("pk")).order_by("-day").values("day")[:1]
    records: list[Known] = list(
        PlaceRecord.objects.only("organisation_id", "currency", "time_zone", "day_starts_at")
        .annotate(last_row=Subquery(last_row), live=F("place__live"))
        .order_by("pk")
    )
    mornings = {record.pk: morning_of(record, now) for record in records}
    counted = 0
    for morning, waiting in _waiting_places(records, mornings):
        counted += sum(1 for _computed in compute_places(waiting, morning, again=False))
    for morning, groups in _waiting_groups(records, mornings):
        organisations.compute_groups(groups, morning, again=False)
    return counted


def morning_of(record: PlaceRecord, now: datetime.datetime) -> datetime.date:
    """The last morning that has come at the place: its figures end with the business day before."""
    local = now.astimezone(record.zone)
    day = record.business_day(now)
    too_early = day == local.date() and local.hour < settings.STATISTICS_HOUR
    return day - DAY if too_early else day


def _waiting_places(
    records: Sequence[Known], mornings: Mapping[int, datetime.date]
) -> Iterator[tuple[datetime.date, Sequence[PlaceRecord]]]:
    late = [record for record in records if record.last_row is None or record.last_row < mornings[record.pk]]
    spans = _spans(late)
    return _by_morning((record, _missed(record.last_row, mornings[record.pk], spans.get(record.pk))) for record in late)


def _waiting_groups(
    records: Sequence[Known], mornings: Mapping[int, datetime.date]
) -> Iterator[tuple[datetime.date, Sequence[Sequence[PlaceRecord]]]]:
    come = [
        (group, min(mornings[record.pk] for record in group))
        for group in organisations.sharing(record for record in records if record.live)
    ]
    rows = OrganisationStatistics.objects.order_by()
    standing = set(
        rows.filter(
            organisation__in={group[0].organisation_id for group, _morning in come},
            day__in={morning for _group, morning in come},
        ).values_list("organisation_id", "currency", "day")
    )
    late = [
        (group, morning)
        for group, morning in come
        if (group[0].organisation_id, group[0].currency, morning) not in standing
    ]
    last_rows = {
        (organisation_id, currency): day
        for organisation_id, currency, day in rows.filter(
            organisation__in={group[0].organisation_id for group, _morning in late}
        )
        .values_list("organisation_id", "currency")
        .annotate(Max("day"))
    }
    spans = _spans([record for group, _morning in late for record in group])
    return _by_morning(
        (
            group,
            _missed(
                last_rows.get((group[0].organisation_id, group[0].currency)),
                morning,
                _joined(spans[record.pk] for record in group if record.pk in spans),
            ),
        )
        for group, morning in late
    )


def _spans(records: Sequence[Known]) -> dict[int, Span]:
    """Of the places that have orders or visits. One query; all ends are read off indexes."""
    known = {record.pk: record for record in records}
    ends = (*_ends(Order, "business_day"), *_ends(Visit, "started_at"))
    spans = {}
    for place_id, *found in PlaceRecord.objects.filter(pk__in=known).order_by().values_list("pk", *ends):
        ordered, came = found[:2], found[2:]
        if None not in ordered:
            spans[place_id] = Span(*ordered)
        elif None not in came:
            spans[place_id] = Span(*map(known[place_id].business_day, came))
    return spans


def _ends(model: Any, field: str) -> list[Subquery]:
    """A place's lowest and highest of these."""
    own = model.objects.filter(place_id=OuterRef("pk")).values(field)
    return [Subquery(own.order_by(order)[:1]) for order in (field, f"-{field}")]


def _joined(spans: Iterable[Span]) -> Span | None:
    known = list(spans)
    return Span(min(span.first for span in known), max(span.last for span in known)) if known else None


def _missed(last_row: datetime.date | None, morning: datetime.date, span: Span | None) -> list[datetime.date]:
    """The mornings to be counted, up to this one: those after the last that was, on which anything has changed."""
    if span is None:
        return []
    first = max(last_row + DAY, morning - (MOST_MORNINGS - 1) * DAY) if last_row else morning
    days = (first + number * DAY for number in range((morning - first).days + 1))
    return [day for day in days if span.first < day <= span.last + REST_AFTER]


def _by_morning(
    waiting: Iterable[tuple[Owner, Sequence[datetime.date]]],
) -> Iterator[tuple[datetime.date, Sequence[Owner]]]:
    """From the oldest morning: a run that is killed finds the others by the last row that stands."""
    by_morning: dict[datetime.date, list[Owner]] = defaultdict(list)
    for owner, days in waiting:
        for day in days:
            by_morning[day].append(owner)
    yield from sorted(by_morning.items())
