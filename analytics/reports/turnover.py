"""How fast: tables, and orders from being sent to being on the table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from analytics.models import Measure
from analytics.reports import sections, spread
from analytics.reports.sections import Figure, Look, Section, Step, Table

KEY = "turnover"
MOST = Decimal("0.9")
CENT = Decimal("0.01")
LAST = 10**9


class TallyRow(NamedTuple):
    """How many times a measure had a value over the whole period."""

    measure: str
    label: str
    value: int
    times: int


@dataclass(frozen=True, slots=True)
class TableTurns:
    label: str
    seatings: int
    seatings_a_day: Decimal
    median_minutes: Decimal | None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long orders waited: the median, and what nine in ten did not exceed."""

    orders: int
    median: Decimal | None
    most: int | None


@dataclass(frozen=True)
class Turnover:
    open_days: int
    tables: Sequence[TableTurns]
    seatings: int
    seatings_a_day: Decimal | None
    median_minutes: Decimal | None
    acknowledged: Wait
    served: Wait


def turnover(rows: Iterable[TallyRow], open_days: int) -> Turnover:
    """`open_days` are those on which a party sat at some table."""
    by_table: dict[str, Counter[int]] = {}
    waits: dict[str, Counter[int]] = {Measure.ACKNOWLEDGED: Counter(), Measure.SERVED: Counter()}
    for row in rows:
        if row.measure == Measure.AT_TABLE:
            by_table.setdefault(row.label, Counter())[row.value] += row.times
        elif row.measure in waits:
            waits[row.measure][row.value] += row.times
    together = sum(by_table.values(), Counter[int]())
    seatings = spread.total(together)
    return Turnover(
        open_days,
        [_turns(label, by_table[label], open_days) for label in sorted(by_table, key=_numbers_first)],
        seatings,
        _a_day(seatings, open_days * len(by_table)) if seatings else None,
        spread.median(together),
        _wait(waits[Measure.ACKNOWLEDGED]),
        _wait(waits[Measure.SERVED]),
    )


def _turns(label: str, counts: Counter[int], open_days: int) -> TableTurns:
    seatings = spread.total(counts)
    return TableTurns(label, seatings, _a_day(seatings, open_days), spread.median(counts))


def _a_day(seatings: int, days: int) -> Decimal:
    return (Decimal(seatings) / max(days, 1)).quantize(CENT, ROUND_HALF_UP)


def _wait(counts: Counter[int]) -> Wait:
    return Wait(spread.total(counts), spread.median(counts), spread.reached_by(counts, MOST))


def _numbers_first(label: str) -> tuple[int, str]:
    return (int(label) if label.isdecimal() else LAST, label)


def section(found: Turnover) -> Section:
    how = [
        _(
            "Time at the table = from opening a table to closing it, in whole minutes; a table that is still open does "
            "not count. Parties a day = parties ÷ days on which somebody sat at a table; of all tables together, "
            "besides, ÷ the tables that had a party."
        ),
        _(
            "Until acknowledged = from sending an order to the first answer of the staff. Until served = from sending "
            "it to the step “served”, the last one if it was taken back. Cancelled orders and those of an old till are "
            "left out."
        ),
        _("The median is the middle value; nine in ten waited no longer than the second number."),
    ]
    title = _("Tables and waiting")
    if not (found.seatings or found.acknowledged.orders or found.served.orders):
        return Section(KEY, title, how, empty=_("No table was opened and closed in these days."), next_step=Step.DESK)
    waits = [
        (_("Until acknowledged"), found.acknowledged, sections.seconds),
        (_("Until served"), found.served, sections.minutes),
    ]
    tables = [
        Table(
            _("Orders"),
            [_("Waiting"), _("Median"), _("Nine in ten, at most"), _("Orders")],
            [
                [sections.text(name), make(wait.median), make(wait.most), sections.count(wait.orders)]
                for name, wait, make in waits
            ],
        ),
        Table(
            _("Tables"),
            [_("Table"), _("Parties"), _("Parties a day"), _("Time at the table")],
            [
                [
                    sections.text(turns.label),
                    sections.count(turns.seatings),
                    sections.number(turns.seatings_a_day),
                    sections.minutes(turns.median_minutes),
                ]
                for turns in found.tables
            ],
            look=Look.BARS,
        ),
    ]
    return Section(
        KEY,
        title,
        how,
        figures=[
            Figure(_("Time at the table, median"), sections.minutes(found.median_minutes)),
            Figure(_("Parties a table a day"), sections.number(found.seatings_a_day)),
            Figure(_("Until acknowledged, median"), sections.seconds(found.acknowledged.median)),
            Figure(_("Until served, median"), sections.minutes(found.served.median)),
        ],
        tables=[table for table in tables if table.rows],
    )
