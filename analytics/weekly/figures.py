"""The week of a place against the one before it, and which of its figures moved."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from analytics.models import Measure, Tally, VisitDay
from analytics.reports import sections, spread
from analytics.reports.sections import Value
from analytics.reports.spans import Span
from orders.models import Order

WEEK = datetime.timedelta(days=7)
# Less than that is no news; and of the news there are so many at most.
NEWS = Decimal("0.05")
MOST_NEWS = 6
CENT = Decimal("0.01")


@dataclass
class Counts:
    """A week of a place as it is counted."""

    checks: Counter[Decimal] = field(default_factory=Counter)
    items: int = 0
    scanned: int = 0
    ordered: int = 0
    left: Decimal = Decimal(0)
    tallies: dict[str, Counter[int]] = field(default_factory=dict)

    @property
    def orders(self) -> int:
        return spread.total(self.checks)

    @property
    def revenue(self) -> Decimal:
        return sum((check * times for check, times in self.checks.items()), Decimal(0))


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure of the week and of the week before."""

    key: str
    now: Value
    before: Value
    change: Decimal


@dataclass(frozen=True)
class Week:
    revenue: Decimal
    # None after a week without orders.
    revenue_change: Decimal | None
    moved: Sequence[Moved]


def weeks(counts: Mapping[int, tuple[Counts, Counts]]) -> dict[int, Week]:
    """Of each place that sold anything now or before (the pair: the week, the one before it)."""
    return {place: _week(now, before) for place, (now, before) in counts.items() if now.orders or before.orders}


def _week(now: Counts, before: Counts) -> Week:
    found = _figures(now)
    earlier = _figures(before)
    moved = [
        Moved(key, found[key], earlier[key], change)
        for key in found
        if key != "revenue" and (change := _change(found[key], earlier[key])) is not None and abs(change) >= NEWS
    ]
    moved.sort(key=lambda one: -abs(one.change))
    return Week(now.revenue, _change(found["revenue"], earlier["revenue"]), moved[:MOST_NEWS])


def _figures(counts: Counts) -> dict[str, Value]:
    tallies = counts.tallies
    score = spread.average(tallies.get(Measure.SCORE, Counter()))
    return {
        "revenue": sections.money(counts.revenue),
        "orders": sections.count(counts.orders),
        "median_check": sections.money(spread.median(counts.checks)),
        "items": sections.count(counts.items),
        "conversion": sections.share(sections.fraction(counts.ordered, counts.scanned)),
        "left": sections.money(counts.left),
        "acknowledged": sections.seconds(spread.median(tallies.get(Measure.ACKNOWLEDGED, Counter()))),
        "served": sections.minutes(spread.median(tallies.get(Measure.SERVED, Counter()))),
        "score": sections.number(score and score.quantize(CENT, ROUND_HALF_UP)),
    }


def _change(now: Value, before: Value) -> Decimal | None:
    if not isinstance(now.value, int | Decimal) or not isinstance(before.value, int | Decimal) or not before.value:
        return None
    return Decimal(now.value) / Decimal(before.value) - 1


def count_weeks(places: Iterable[int], week: Span) -> dict[int, tuple[Counts, Counts]]:
    """The week and the one before it of each place, from its orders and facts. Three queries."""
    ids = list(places)
    counts = {place: (Counts(), Counts()) for place in ids}
    days = (week.first - WEEK, week.last)

    def of(place: int, day: datetime.date) -> Counts:
        return counts[place][0 if day >= week.first else 1]

    orders = Order.objects.counted().filter(place_id__in=ids, business_day__range=days).order_by()
    for place, day, total, items in orders.values_list("place_id", "business_day", "total", "items"):
        of(place, day).checks[total] += 1
        of(place, day).items += items
    for row in VisitDay.objects.filter(place_id__in=ids, day__range=days):
        own = of(row.place_id, row.day)
        own.scanned += row.scanned
        own.ordered += row.ordered
        own.left += row.abandoned_money
    tallies = Tally.objects.filter(place_id__in=ids, day__range=days).exclude(measure=Measure.AT_TABLE)
    for place, day, measure, value, times in tallies.values_list("place_id", "day", "measure", "value", "times"):
        of(place, day).tallies.setdefault(measure, Counter())[value] += times
    return counts
