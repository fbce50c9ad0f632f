"""From the scan to the order: how many visits came how far."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from analytics.reports import sections
from analytics.reports.sections import Figure, Look, Section, Step, Table, Value
from analytics.reports.spans import Span, cut, step_of
from analytics.reports.texts import part_label, part_text

KEY = "funnel"
STEPS = ("scanned", "opened", "looked", "chosen", "ordered")


class Facts(Protocol):
    """How far the visits of a day and theme came (`VisitDay`)."""

    day: datetime.date
    theme: str
    scanned: int
    opened: int
    looked: int
    chosen: int
    ordered: int


# Visits that reached each of STEPS.
Reached = tuple[int, ...]


@dataclass(frozen=True)
class Funnel:
    span: Span
    reached: Reached
    themes: Sequence[tuple[str, Reached]]
    stretches: Sequence[tuple[Span, Reached]]


def funnel(span: Span, rows: Iterable[Facts]) -> Funnel:
    """Themes by their number of visits; days, weeks or months by what the span is long."""
    own = list(rows)
    themes = {row.theme for row in own}
    by_theme = [(theme, _reached(row for row in own if row.theme == theme)) for theme in themes]
    by_day: dict[datetime.date, list[Facts]] = {}
    for row in own:
        by_day.setdefault(row.day, []).append(row)
    return Funnel(
        span,
        _reached(own),
        sorted(((theme, reached) for theme, reached in by_theme if reached[0]), key=lambda row: (-row[1][0], row[0])),
        [
            (part, _reached(row for day, found in by_day.items() if part.first <= day <= part.last for row in found))
            for part in cut(span, step_of(span))
        ],
    )


def _reached(rows: Iterable[Facts]) -> Reached:
    own = list(rows)
    return tuple(sum(getattr(row, step) for row in own) for step in STEPS)


def section(found: Funnel, theme_title: Callable[[str], str]) -> Section:
    how = [
        _(
            "A visit is one phone’s session; it belongs to the day it began on, and to the theme the menu had then. "
            "Orders of an old till are no part of this."
        ),
        _(
            "Scanned = visits that opened a table’s code. Used the menu = those that opened a category or a dish, or "
            "looked for something in vain. Looked at a dish = opened its page. Chose = put a dish in the basket. "
            "Ordered = sent an order that was not cancelled."
        ),
        _(
            "Who reached a later step has passed the earlier ones: a dish may be chosen from the list without being "
            "opened."
        ),
    ]
    title = _("From the scan to the order")
    if not found.reached[0]:
        return Section(
            KEY, title, how, empty=_("Nobody has scanned a table’s code in these days."), next_step=Step.CODES
        )
    titles = [_("Scanned a code"), _("Used the menu"), _("Looked at a dish"), _("Chose"), _("Ordered")]
    scans = found.reached[0]
    return Section(
        KEY,
        title,
        how,
        figures=[
            Figure(_("Ordered, of those who scanned"), sections.share(sections.fraction(found.reached[-1], scans))),
            Figure(_("Visits"), sections.count(scans)),
        ],
        tables=[
            Table(
                _("Steps"),
                [_("Step"), _("Visits"), _("Of all scans"), _("Of the step before")],
                [
                    [
                        sections.text(titles[place]),
                        sections.count(visits),
                        sections.share(sections.fraction(visits, scans)),
                        sections.share(sections.fraction(visits, found.reached[place - 1]) if place else None),
                    ]
                    for place, visits in enumerate(found.reached)
                ],
                look=Look.BARS,
            ),
            Table(
                _("By theme"),
                [_("Theme"), *titles, _("Ordered, of those who scanned")],
                [_row(theme_title(theme), reached) for theme, reached in found.themes],
            ),
            Table(
                _("Over time"),
                [_("Days"), *titles, _("Ordered, of those who scanned")],
                [_row(part_text(part, found.span), reached) for part, reached in found.stretches],
                look=Look.COLUMNS,
                marked=5,
                labels=[part_label(part, found.span) for part, _reached in found.stretches],
                note=_("A column is the visits that scanned a code; the line across it is those that ordered."),
            ),
        ],
    )


def _row(name: str, reached: Reached) -> list[Value]:
    return [
        sections.text(name),
        *(sections.count(visits) for visits in reached),
        sections.share(sections.fraction(reached[-1], reached[0])),
    ]
