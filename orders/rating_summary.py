"""Ratings in figures: how many, the average, how many of each score."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count

SCORES = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Share:
    score: int
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Summary:
    count: int
    average: Decimal | None
    shares: list[Share]


def summary(ratings: Any) -> Summary:
    """Of a queryset of ratings, whatever its order: the average to one place, half up; none without ratings. One
    query."""
    counts = dict(ratings.order_by().values_list("score").annotate(count=Count("pk", distinct=True)))
    total = sum(counts.values())
    points = sum(score * count for score, count in counts.items())
    return Summary(
        count=total,
        average=(Decimal(points) / total).quantize(Decimal("0.1"), ROUND_HALF_UP) if total else None,
        shares=[
            Share(score, counts.get(score, 0), round(100 * counts.get(score, 0) / total) if total else 0)
            for score in SCORES
        ],
    )
