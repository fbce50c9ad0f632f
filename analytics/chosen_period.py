"""Which of the periods of the statistics a reader looks at: all time, or the last days before a morning."""

import datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest
from django.utils.translation import gettext, ngettext

from analytics.periods import LENGTHS, PERIODS

ALL = PERIODS[-1]
DAYS = dict(zip(PERIODS[:-1], LENGTHS, strict=True))
# Shown when nothing else is asked for; without orders in it, the next longer one that has some.
USUAL = "30"


class Period(NamedTuple):
    key: str
    first: datetime.date
    last: datetime.date


def period_title(key: str) -> str:
    if key == ALL:
        return gettext("All time")
    return ngettext("%(count)s day", "%(count)s days", DAYS[key]) % {"count": DAYS[key]}


def asked_period(request: HttpRequest) -> str:
    """The period of the address, “” without one; 404 for a word that is none."""
    asked = request.GET.get("period", "")
    if asked and asked not in PERIODS:
        raise Http404
    return asked


def usual_period(figures: dict[str, Any]) -> str:
    """The last 30 days, or the shortest longer period that has orders."""
    return next((key for key in PERIODS[PERIODS.index(USUAL) :] if orders_in(figures, key)), USUAL)


def orders_in(figures: dict[str, Any], key: str) -> int:
    return int(figures.get(key, {}).get("orders") or 0)


def period_before(morning: datetime.date, key: str, first_day: datetime.date | None) -> Period:
    """The days of a period that ends the day before `morning`; all time begins with the first day known."""
    last = morning - datetime.timedelta(days=1)
    if key != ALL:
        return Period(key, morning - datetime.timedelta(days=DAYS[key]), last)
    return Period(key, min(first_day or last, last), last)
