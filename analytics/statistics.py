"""Statistics of places, as of a morning: the one room behind the nightly task, the command and a finished import.

`compute` brings the facts of the places up to date, counts the figures of every period and keeps them. Doing so again
changes nothing; being killed in between leaves whole days and whole rows, and doing it again does the rest.
"""

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from analytics import facts, organisations, visit_facts
from analytics.dialect import on_postgresql, take_lock
from analytics.figures import Figures, figures_of_places
from analytics.keeping import keep
from analytics.models import PlaceStatistics
from menu_pages.models import PlaceRecord

logger = logging.getLogger(__name__)

# Places counted in one transaction; SQLite has one writer, and counting a large place takes half a second.
PLACES_AT_ONCE, PLACES_AT_ONCE_SQLITE = 100, 1


@dataclass(frozen=True, slots=True)
class Computed:
    """A place's figures of a morning, and since when they have been what they are."""

    record: PlaceRecord
    morning: datetime.date
    computed_at: datetime.datetime
    figures: Figures


def compute(records: Iterable[PlaceRecord], *, morning: datetime.date | None = None) -> list[Computed]:
    """Count and keep the figures of these places and of their organisations, however often that was done before.

    They are of the given morning, or of the one each place has now. Those of a morning that has not come are returned
    and not kept. A place whose figures cannot be counted is logged, left out, and keeps no other from theirs.
    """
    now = timezone.now()
    by_morning: dict[datetime.date, list[PlaceRecord]] = defaultdict(list)
    for record in records:
        by_morning[morning or record.business_day(now)].append(record)
    computed: list[Computed] = []
    for day, together in sorted(by_morning.items()):
        computed += compute_places(together, day)
    organisations.compute({one.record.organisation_id for one in computed}, morning=morning)
    return computed


def compute_places(records: Sequence[PlaceRecord], morning: datetime.date, *, again: bool = True) -> Iterator[Computed]:
    """Count and keep the figures of places, not of their organisations; `again=False` leaves out what stands already.

    Lazy: work is done as results are taken, in transactions of PLACES_AT_ONCE.
    """
    size = PLACES_AT_ONCE if on_postgresql() else PLACES_AT_ONCE_SQLITE
    records = sorted(records, key=lambda record: record.pk)
    for start in range(0, len(records), size):
        yield from _compute_chunk(records[start : start + size], morning, again=again)


def _compute_chunk(records: Sequence[PlaceRecord], morning: datetime.date, *, again: bool) -> list[Computed]:
    if not again:
        records = _not_standing(records, morning)
    try:
        facts.bring_up_to_date([record.pk for record in records], before=morning)
        visit_facts.bring_up_to_date([record.pk for record in records], before=morning)
        with transaction.atomic():
            take_lock()
            if not again:
                # Another worker may have been here while this one waited for the lock.
                records = _not_standing(records, morning)
            return _count_and_keep(records, morning)
    except (DataError, IntegrityError):
        # It is what a row holds. Whatever passes by itself is raised: the next run does it all.
        if len(records) == 1:
            logger.exception("The statistics of place %s were not counted", records[0].pk)
            return []
        half = len(records) // 2
        return [
            *_compute_chunk(records[:half], morning, again=again),
            *_compute_chunk(records[half:], morning, again=again),
        ]


def _not_standing(records: Sequence[PlaceRecord], morning: datetime.date) -> list[PlaceRecord]:
    ids = [record.pk for record in records]
    standing = set(PlaceStatistics.objects.filter(place__in=ids, day=morning).values_list("place_id", flat=True))
    return [record for record in records if record.pk not in standing]


def _count_and_keep(records: Sequence[PlaceRecord], morning: datetime.date) -> list[Computed]:
    figures = figures_of_places([record.pk for record in records], morning)
    now = timezone.now()
    rows = [
        PlaceStatistics(
            place_id=record.pk, day=morning, currency=record.currency, computed_at=now, figures=figures[record.pk]
        )
        for record in records
        if morning <= record.business_day(now)
    ]
    computed_at = keep(rows, owner=("place_id",))
    return [
        Computed(record, morning, computed_at.get((record.pk, morning), now), figures[record.pk]) for record in records
    ]
