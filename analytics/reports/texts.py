"""Values and days of a report in the reader's language."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.reports.sections import Kind, Value
from analytics.reports.spans import Span, Step, step_of
from analytics.wording import day_label, day_text, days_text, money_text, month_label, month_text, number_text
from menu_pages.money import THIN_NO_BREAK_SPACE, locale_of

NOTHING = "—"
HOUR = 60


def value_text(value: Value, currency: str) -> str:
    """As it is read on a screen and on paper."""
    amount = value.value
    if amount is None:
        return NOTHING
    if value.kind is Kind.TEXT:
        return str(amount)
    if isinstance(amount, datetime.date):
        return date_format(amount, "SHORT_DATE_FORMAT")
    return _number(value.kind, Decimal(amount), currency)


def change_words(change: Decimal | None) -> str:
    """“12 % more”, “3 % less”, “as before”: words, and no colour is needed to tell them apart."""
    if change is None:
        return NOTHING
    per_cent = (100 * change).quantize(Decimal(1), ROUND_HALF_UP)
    if not per_cent:
        return _("as before")
    words = {"percent": f"{number_text(abs(per_cent))}{THIN_NO_BREAK_SPACE}%"}
    return _("%(percent)s more") % words if per_cent > 0 else _("%(percent)s less") % words


def _number(kind: Kind, amount: Decimal, currency: str) -> str:
    if kind is Kind.MONEY:
        return money_text(amount, currency)
    if kind is Kind.SHARE:
        return f"{number_text((100 * amount).quantize(Decimal('0.1'), ROUND_HALF_UP))}{THIN_NO_BREAK_SPACE}%"
    if kind is Kind.CHANGE:
        return change_words(amount)
    if kind is Kind.MINUTES:
        return minutes_text(amount)
    if kind is Kind.SECONDS:
        return seconds_text(amount)
    return number_text(amount)


def minutes_text(amount: Decimal) -> str:
    """“47 min”, “1 h 12 min”."""
    whole = int(amount.to_integral_value(ROUND_HALF_UP))
    hours, minutes = divmod(whole, HOUR)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": minutes}


def seconds_text(amount: Decimal) -> str:
    """“25 s”, “1 min 25 s”."""
    whole = int(amount.to_integral_value(ROUND_HALF_UP))
    minutes, seconds = divmod(whole, 60)
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
    return _("%(seconds)d s") % {"seconds": seconds}


def span_text(span: Span) -> str:
    """“Monday, 2 March 2026”, “2 March – 8 March 2026”."""
    return day_text(span.first) if span.days == 1 else days_text(span.first, span.last)


def part_text(part: Span, whole: Span) -> str:
    """A part of a span cut in steps, in full: a month by its name."""
    return month_text(part.first) if step_of(whole) is Step.MONTH else span_text(part)


def part_label(part: Span, whole: Span) -> str:
    """The same where there is little room."""
    return month_label(part.first) if step_of(whole) is Step.MONTH else day_label(part.first)


def moment_text(moment: datetime.datetime, zone: ZoneInfo) -> str:
    """“2 March 2026, 02:04”, by the clock of the zone."""
    local = moment.astimezone(zone)
    return f"{format_date(local, 'd MMMM y', locale=locale_of())}, {local:%H:%M}"
