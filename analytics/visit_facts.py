"""The additive facts of what guests did beside paying: how far visits came, what was wanted and not got, how long
things took. Kept by the nightly run, so that no report reads a year of guest events.

What is late – a session that expires, a rating from home, a table closed the next day – is found because the last days
are counted again each time. Counting again changes nothing when nothing has come.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from analytics.business_days import midnights_around
from analytics.dialect import listed, take_lock
from analytics.missed_searches import keep_searches
from analytics.models import LostDemand, SealedDays, Tally, VisitDay
from analytics.visit_sql import LOST, TALLIES, VISITS, words_of
from menu_pages.pieces import write_in_pieces
from orders.models import Seating, Visit

# Days counted again each time: the sessions and tables of a week ago are over.
COUNTED_AGAIN = datetime.timedelta(days=7)
# Days of all the places together in one transaction.
DAYS_AT_ONCE = 28
FACTS = (VisitDay, LostDemand, Tally)


def bring_up_to_date(places: Sequence[int], before: datetime.date) -> None:
    """Count the days before `before` that are new, and the week before them again.

    Short transactions, the oldest days first: whoever is killed in between has counted whole days, and the next run
    goes on from there. Four queries when nobody has ever come.
    """
    since = {place_id: day for place_id, day in _first_days(places).items() if day < before}
    if not since:
        return
    steps: list[Callable[[], None]] = []
    first = min(since.values())
    while first < before:
        end = min(first + datetime.timedelta(days=DAYS_AT_ONCE), before)
        asked = sorted(place_id for place_id, day in since.items() if day < end)
        steps.append(partial(count_again, asked, first, end))
        first = end
    write_in_pieces(steps)


def count_again(places: Sequence[int], first: datetime.date, end: datetime.date) -> None:
    """Forget the facts of these days, `end` not among them, and count them anew; to be called in a transaction.

    Days of a place that are sealed stay as they are: what they were counted from is gone.
    """
    take_lock()
    sealed = dict(SealedDays.objects.filter(place_id__in=places, before__gt=first).values_list("place_id", "before"))
    together: dict[datetime.date, list[int]] = {}
    for place_id in places:
        together.setdefault(sealed.get(place_id, first), []).append(place_id)
    for start, ids in sorted(together.items()):
        if start < end:
            _count(ids, start, end)


def _count(places: Sequence[int], first: datetime.date, end: datetime.date) -> None:
    for model in FACTS:
        model.objects.filter(place_id__in=places, day__gte=first, day__lt=end).delete()
    words = words_of(listed(places))
    near = [*places, *midnights_around(first, end)]
    days = [first, end]
    with connection.cursor() as cursor:
        cursor.execute(VISITS.format(**words), [*near, *days])
        cursor.execute(LOST.format(**words), [*near, *days])
        cursor.execute(TALLIES.format(**words), [*near, *days, *near, *days, *places, *days, *places, *days])
    keep_searches(places, first, end)


def _first_days(places: Sequence[int]) -> dict[int, datetime.date]:
    """From which day on a place is to be counted: a week before the last day known, else its first visit or seating."""
    found: dict[int, datetime.date] = {}
    for model in (VisitDay, Tally):
        for place_id, day in _by_place(model, places, Max("day")).items():
            found[place_id] = max(day, found.get(place_id, day))
    found = {place_id: day - COUNTED_AGAIN for place_id, day in found.items()}
    new = [place_id for place_id in places if place_id not in found]
    for beginnings, moment in ((Visit, "started_at"), (Seating, "opened_at")):
        for place_id, first in _by_place(beginnings, new, Min(moment)).items():
            # No later than its business day, wherever the place is.
            day = first.date() - datetime.timedelta(days=2)
            found[place_id] = min(day, found.get(place_id, day))
    return found


def _by_place(model: Any, places: Sequence[int], aggregate: Any) -> Mapping[int, Any]:
    rows = model.objects.filter(place_id__in=places).order_by().values_list("place_id").annotate(found=aggregate)
    return dict(rows)
