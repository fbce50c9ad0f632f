"""What came in, against the same weekdays before: facts of days in, a section out."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.reports import sections, spread
from analytics.reports.sections import Figure, Look, Section, Table, Value
from analytics.reports.spans import Span, cut, step_of
from analytics.reports.texts import part_label, part_text, span_text

KEY = "revenue"
# So much of the days with orders has to have had some before.
ENOUGH = Decimal("0.5")


class Facts(Protocol):
    """What a business day brought (`PlaceDay`)."""

    day: datetime.date
    orders: int
    revenue: Decimal
    items: int
    guests: int


Checks = Mapping[Decimal, int]
MEASURES = ("revenue", "orders", "items", "guests")


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure now and before; `alike` is its change over the days that had orders both now and before."""

    measure: str
    now: Decimal
    before: Decimal | None
    change: Decimal | None
    alike: Decimal | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days of the period and the revenue of the same weekdays before; None where none are compared."""

    span: Span
    revenue: Decimal
    before: Decimal | None


@dataclass(frozen=True)
class Revenue:
    """`compares` says whether a time before was asked for; `earlier` is None when it has too few days, too."""

    span: Span
    compares: bool
    earlier: Span | None
    figures: Sequence[Compared]
    # Days of the period whose weekday before had orders too.
    days_alike: int
    stretches: Sequence[Stretch]

    def figure(self, measure: str) -> Compared:
        return next(figure for figure in self.figures if figure.measure == measure)


def revenue(span: Span, shift: int | None, days: Iterable[Facts], checks: Checks, checks_before: Checks) -> Revenue:
    """`days` hold those of the span and of the one `shift` days earlier.

    Without a shift nothing is compared, nor with a time before that has too few days with orders: any change would be
    that of the days.
    """
    known = {fact.day: fact for fact in days}
    earlier = span.earlier(shift) if shift else None
    before = [fact for day, fact in known.items() if earlier and earlier.first <= day <= earlier.last]
    back = datetime.timedelta(days=shift or 0)
    now = [fact for day, fact in known.items() if span.first <= day <= span.last]
    pairs = [(fact, known[fact.day - back]) for fact in now if earlier and fact.day - back in known]
    earlier = earlier if len(pairs) >= ENOUGH * len(now) and pairs else None
    figures = [
        _compared(
            measure,
            _sum(measure, now),
            _sum(measure, before) if earlier else None,
            _sum(measure, [fact for fact, _same in pairs]),
            _sum(measure, [same for _fact, same in pairs]),
        )
        for measure in MEASURES
    ]
    median = spread.median(checks) or Decimal(0)
    figures.insert(2, _compared("median_check", median, spread.median(checks_before) if earlier else None, None, None))
    return Revenue(
        span,
        bool(shift),
        earlier,
        figures,
        len(pairs),
        [
            Stretch(
                part,
                _between(known, part),
                _between(known, Span(part.first - back, part.last - back)) if earlier else None,
            )
            for part in cut(span, step_of(span))
        ],
    )


def section(found: Revenue) -> Section:
    how = [
        _("Revenue = sum of the checks of every order that was sent and not cancelled, by business day."),
        _(
            "Change = now ÷ before − 1. The time before begins a whole number of weeks earlier and is as long, so that "
            "it has the same weekdays: 7 days are compared with those a week earlier, 30 with those five weeks "
            "earlier, 90 with those 13 weeks earlier, 365 with those 364 days earlier."
        ),
        _(
            "Like for like = the same, over the days alone that had orders both times: a day the place was closed, or "
            "was not open yet, does not count."
        ),
    ]
    if not found.figure("orders").now:
        return Section(
            KEY, _("Revenue"), how, empty=_("Nothing was sold in these days."), next_step=sections.Step.FIRST_ORDERS
        )
    titles = {
        "revenue": _("Revenue"),
        "orders": _("Number of checks"),
        "median_check": _("Median check"),
        "items": _("Dishes sold"),
        "guests": _("Guests"),
    }
    shown = [found.figure(key) for key in ("revenue", "orders", "median_check")]
    columns = [_("Figure"), _("Now")]
    if found.earlier:
        columns += [_("How it changed"), _("Like for like"), _("The time before")]
    return Section(
        KEY,
        _("Revenue"),
        how,
        figures=[
            Figure(
                titles[figure.measure],
                _value(figure.measure, figure.now),
                change=_said_first(figure) if found.earlier else None,
            )
            for figure in shown
        ],
        tables=[
            _by_stretch(found),
            Table(
                _compared_title(found),
                columns,
                [
                    [sections.text(titles[figure.measure]), _value(figure.measure, figure.now)]
                    + (
                        [
                            sections.change(figure.change),
                            sections.change(figure.alike),
                            _value(figure.measure, figure.before),
                        ]
                        if found.earlier
                        else []
                    )
                    for figure in found.figures
                ],
                note=_compared_note(found),
            ),
        ],
    )


def _said_first(figure: Compared) -> Value:
    """Like for like, where that is known: it is the change of the sales, not of the days."""
    return sections.change(figure.change if figure.alike is None else figure.alike)


def _by_stretch(found: Revenue) -> Table:
    columns = [_("Days"), _("Revenue")]
    rows: list[list[Value]] = [
        [sections.text(part_text(part.span, found.span)), sections.money(part.revenue)] for part in found.stretches
    ]
    if found.earlier:
        columns += [_("The time before"), _("How it changed")]
        for row, part in zip(rows, found.stretches, strict=True):
            row += [sections.money(part.before), sections.change(_change(part.revenue, part.before))]
    return Table(
        _("Revenue over time"),
        columns,
        rows,
        look=Look.COLUMNS,
        marked=2 if found.earlier else None,
        labels=[part_label(part.span, found.span) for part in found.stretches],
        note=_("The line across a column is the same weekdays before.") if found.earlier else "",
    )


def _compared_title(found: Revenue) -> str:
    if found.earlier is None:
        return _("In all")
    return _("Against %(days)s") % {"days": span_text(found.earlier)}


def _compared_note(found: Revenue) -> str:
    if found.earlier is None:
        return _("The time before has too few days with orders to be compared.") if found.compares else ""
    words = ngettext(
        "Like for like: %(days)d day had orders both times.",
        "Like for like: %(days)d days had orders both times.",
        found.days_alike,
    )
    return words % {"days": found.days_alike}


def _value(measure: str, amount: Decimal | None) -> Value:
    if measure in ("revenue", "median_check"):
        return sections.money(amount)
    return sections.count(None if amount is None else int(amount))


def _compared(
    measure: str, now: Decimal, before: Decimal | None, alike: Decimal | None, alike_before: Decimal | None
) -> Compared:
    return Compared(measure, now, before, _change(now, before), _change(alike, alike_before))


def _change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return now / before - 1 if now is not None and before else None


def _sum(measure: str, days: Iterable[Facts]) -> Decimal:
    return sum((Decimal(getattr(fact, measure)) for fact in days), Decimal(0))


def _between(known: Mapping[datetime.date, Facts], span: Span) -> Decimal:
    days = (span.first + datetime.timedelta(days=number) for number in range(span.days))
    return sum((known[day].revenue for day in days if day in known), Decimal(0))
