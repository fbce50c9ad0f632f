"""Numbers and days as the reader's language writes them within a sentence."""

import datetime
from decimal import Decimal

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from django.utils.text import capfirst

from menu_pages.money import THIN_NO_BREAK_SPACE, format_money, locale_of, rounded

WEEKDAYS = range(1, 8)


def number_text(value: Decimal | int) -> str:
    """“1 250”, “2,5”: without idle zeros, never broken across lines."""
    return format_decimal(value, format="#,##0.##", locale=locale_of()).replace("\u00a0", THIN_NO_BREAK_SPACE)


def money_text(amount: Decimal, currency: str) -> str:
    return format_money(rounded(amount), currency)


def share_text(part: Decimal, whole: Decimal) -> str:
    """“12,5 %” of the whole; of nothing, nothing."""
    return f"{number_text(round(100 * part / whole, 1))}{THIN_NO_BREAK_SPACE}%" if whole else ""


def separators() -> str:
    """The signs of the decimals and of the thousands, as a chart's layout takes them."""
    grouping = get_group_symbol(locale_of())
    return get_decimal_symbol(locale_of()) + (THIN_NO_BREAK_SPACE if grouping.isspace() else grouping)


def weekday_text(number: int) -> str:
    """“Monday” for 1."""
    return get_day_names("wide", "stand-alone", locale_of())[number - 1]


def weekday_label(number: int) -> str:
    """“Mon” for 1."""
    return capfirst(get_day_names("abbreviated", "stand-alone", locale_of())[number - 1])


def day_text(day: datetime.date) -> str:
    """“Monday, 2 November 2026”."""
    return format_date(day, "EEEE, d MMMM y", locale=locale_of())


def day_label(day: datetime.date) -> str:
    """“2 Nov”."""
    return format_date(day, "d MMM", locale=locale_of())


def days_text(first: datetime.date, last: datetime.date) -> str:
    """“2 November – 8 November 2026”."""
    beginning = "d MMMM" if first.year == last.year else "d MMMM y"
    return f"{format_date(first, beginning, locale=locale_of())} – {format_date(last, 'd MMMM y', locale=locale_of())}"


def month_text(day: datetime.date) -> str:
    """“November 2026”."""
    return format_date(day, "LLLL y", locale=locale_of())


def month_label(day: datetime.date) -> str:
    """“Nov 26”."""
    return format_date(day, "LLL yy", locale=locale_of())


def moment_text(moment: datetime.datetime) -> str:
    """“3 November, 02:00”, by the clock of the moment's own zone."""
    return f"{format_date(moment, 'd MMMM', locale=locale_of())}, {moment:%H:%M}"
