"""What guests thought, week by week."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from analytics.reports import sections, spread
from analytics.reports.sections import Figure, Look, Section, Step, Table
from analytics.reports.spans import Span, cut
from analytics.reports.spans import Step as Cut
from analytics.reports.texts import span_text
from analytics.wording import day_label

KEY = "ratings"
SCORES = (5, 4, 3, 2, 1)
CENT = Decimal("0.01")


class Score(NamedTuple):
    """How many ratings of a score a day brought."""

    day: datetime.date
    score: int
    times: int


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar week, as far as it lies in the period; the average is None in one without ratings."""

    span: Span
    ratings: int
    average: Decimal | None


@dataclass(frozen=True)
class Ratings:
    ratings: int
    average: Decimal | None
    shares: Mapping[int, int]
    weeks: Sequence[Week]


def ratings(span: Span, scores: Iterable[Score]) -> Ratings:
    """Weeks from the first one with a rating on."""
    own = list(scores)
    counts = _counts(own)
    weeks: list[Week] = []
    for part in cut(span, Cut.WEEK):
        of_week = _counts(one for one in own if part.first <= one.day <= part.last)
        if of_week or weeks:
            weeks.append(Week(part, spread.total(of_week), _average(of_week)))
    return Ratings(spread.total(counts), _average(counts), {score: counts[score] for score in SCORES}, weeks)


def _counts(scores: Iterable[Score]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for one in scores:
        counts[one.score] += one.times
    return counts


def _average(counts: Counter[int]) -> Decimal | None:
    average = spread.average(counts)
    return average and average.quantize(CENT, ROUND_HALF_UP)


def section(found: Ratings) -> Section:
    how = [
        _(
            "Average = sum of the scores ÷ number of ratings, by the day a rating was given. Weeks begin on Mondays; "
            "those at the ends of the period may be shorter."
        ),
    ]
    title = _("Ratings")
    if not found.ratings:
        return Section(
            KEY,
            title,
            how,
            empty=_(
                "Nobody has rated the place in these days. Guests are asked on the page of an order once it is "
                "served: take orders on to “served” on the desk."
            ),
            next_step=Step.DESK,
        )
    return Section(
        KEY,
        title,
        how,
        figures=[
            Figure(_("Average"), sections.number(found.average)),
            Figure(_("Ratings"), sections.count(found.ratings)),
        ],
        tables=[
            Table(
                _("Scores"),
                [_("Score"), _("Ratings"), _("Share")],
                [
                    [
                        sections.text(score),
                        sections.count(found.shares[score]),
                        sections.share(sections.fraction(found.shares[score], found.ratings)),
                    ]
                    for score in SCORES
                ],
                look=Look.BARS,
            ),
            Table(
                _("Average by week"),
                [_("Week"), _("Average"), _("Ratings")],
                [
                    [sections.text(span_text(week.span)), sections.number(week.average), sections.count(week.ratings)]
                    for week in found.weeks
                ],
                look=Look.COLUMNS,
                labels=[day_label(week.span.first) for week in found.weeks],
            ),
        ],
    )
