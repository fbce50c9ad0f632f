"""When the place sells: weekday by hour, averages over the days it was open."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from analytics.reports import sections
from analytics.reports.sections import Look, Section, Step, Table, Value
from analytics.wording import WEEKDAYS, weekday_text

KEY = "hours"
TENTH = Decimal("0.1")
WHOLE = Decimal(1)
Make = Callable[[Decimal | None], Value]


class HourRow(NamedTuple):
    """What an hour of all days of a weekday brought together."""

    weekday: int
    hour: int
    orders: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Weekday:
    """Averages of an open day, hour by hour and in all; None where the place was open on no such day."""

    weekday: int
    open_days: int
    orders: Sequence[Decimal | None]
    revenue: Sequence[Decimal | None]
    orders_a_day: Decimal | None
    revenue_a_day: Decimal | None


@dataclass(frozen=True)
class HeatMap:
    hours: Sequence[int]
    weekdays: Sequence[Weekday]


def heat_map(rows: Iterable[HourRow], open_days: Mapping[int, int], first_hour: int) -> HeatMap:
    """`open_days` says how many days of each weekday had orders; the day begins with `first_hour`."""
    sold = {(row.weekday, row.hour): row for row in rows if row.orders}
    hours = business_hours({hour for _weekday, hour in sold}, first_hour)
    return HeatMap(hours, [_weekday(weekday, open_days.get(weekday, 0), hours, sold) for weekday in WEEKDAYS])


def business_hours(hours: set[int], first_hour: int) -> list[int]:
    """From the first hour with orders to the last one, in the order of the business day."""
    order = [(first_hour + number) % 24 for number in range(24)]
    places = [place for place, hour in enumerate(order) if hour in hours]
    return order[places[0] : places[-1] + 1] if places else []


def _weekday(weekday: int, open_days: int, hours: Sequence[int], sold: Mapping[tuple[int, int], HourRow]) -> Weekday:
    own = [sold.get((weekday, hour)) for hour in hours]
    orders = [row.orders if row else 0 for row in own]
    revenue = [row.revenue if row else Decimal(0) for row in own]
    return Weekday(
        weekday,
        open_days,
        [_average(amount, open_days, TENTH) for amount in orders],
        [_average(amount, open_days, WHOLE) for amount in revenue],
        _average(sum(orders), open_days, TENTH),
        _average(sum(revenue, Decimal(0)), open_days, WHOLE),
    )


def _average(amount: Decimal | int, days: int, step: Decimal) -> Decimal | None:
    return (Decimal(amount) / days).quantize(step, ROUND_HALF_UP) if days else None


def section(found: HeatMap) -> Section:
    how = [
        _(
            "A cell = the orders sent in that hour on all such weekdays ÷ the number of those days that had orders. "
            "The hour is the place’s own clock’s; the day begins where its business day does."
        ),
    ]
    title = _("Weekdays and hours")
    if not found.hours:
        return Section(KEY, title, how, empty=_("Nothing was sold in these days."), next_step=Step.FIRST_ORDERS)
    columns = [_("Weekday"), *(f"{hour}" for hour in found.hours), _("Whole day"), _("Open days")]
    return Section(
        KEY,
        title,
        how,
        tables=[
            Table(
                _("Orders in an hour, on average"),
                columns,
                [_row(day, day.orders, day.orders_a_day, sections.number) for day in found.weekdays],
                look=Look.HEAT,
            ),
            Table(
                _("Revenue in an hour, on average"),
                columns,
                [_row(day, day.revenue, day.revenue_a_day, sections.money) for day in found.weekdays],
                look=Look.BEHIND,
            ),
        ],
    )


def _row(day: Weekday, cells: Sequence[Decimal | None], whole: Decimal | None, make: Make) -> list[Value]:
    return [
        sections.text(capfirst(weekday_text(day.weekday))),
        *(make(cell) for cell in cells),
        make(whole),
        sections.count(day.open_days),
    ]
