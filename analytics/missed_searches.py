"""What guests searched for and did not find, in one spelling, kept beside the other lost demand."""

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from analytics.business_days import business_day, midnights_around, text_in_json
from analytics.dialect import listed
from analytics.models import LostDemand, LostKind
from orders.models import EventKind

# Different words kept of a place's day, the most frequent ones; no menu misses more, and typing nonsense fills nothing.
MOST_A_DAY = 50
LONGEST = 60

SEARCHES = """
    SELECT place_id, day, words, COUNT(*)
    FROM (
        SELECT v.place_id, {day} AS day, {words} AS words
        FROM orders_visit v
            JOIN menu_pages_placerecord r ON r.place_id = v.place_id
            JOIN orders_guestevent e ON e.visit_id = v.id AND e.kind = '{kind}'
        WHERE v.place_id IN {places} AND v.started_at >= %s AND v.started_at < %s
    ) AS searched
    WHERE day >= %s AND day < %s
    GROUP BY place_id, day, words
"""


def one_spelling(words: str) -> str:
    """“  Тыквенный СУП” as “тыквенный суп”: small letters, single spaces, not too long."""
    return " ".join(words.casefold().split())[:LONGEST].rstrip()


def keep_searches(places: Sequence[int], first: datetime.date, end: datetime.date) -> None:
    """Add the searches of these days to the lost demand, which is to hold none of them yet. Two queries."""
    found: dict[tuple[int, datetime.date], Counter[str]] = {}
    for place_id, day, words, times in _rows(places, first, end):
        spelling = one_spelling(words or "")
        if spelling:
            found.setdefault((place_id, day), Counter())[spelling] += times
    LostDemand.objects.bulk_create(
        [
            LostDemand(place_id=place_id, day=day, kind=LostKind.NOT_FOUND, words=words, times=times)
            for (place_id, day), counted in sorted(found.items())
            for words, times in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_A_DAY]
        ]
    )


def _rows(places: Sequence[int], first: datetime.date, end: datetime.date) -> list[Any]:
    sql = SEARCHES.format(
        day=business_day("v.started_at", "r"),
        words=text_in_json("e.data", "words"),
        kind=EventKind.NOTHING_FOUND.value,
        places=listed(places),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*places, *midnights_around(first, end), first, end])
        return list(cursor.fetchall())
