"""Months by the calendar of the service's own country."""

import calendar
import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.billing.models import Plan


def zone() -> ZoneInfo:
    return ZoneInfo(settings.SELLER_TIME_ZONE)


def local(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(zone())


def end_of_period(start: datetime.datetime, plan: Plan, anchor_day: int) -> datetime.datetime:
    """The end of a period of `plan` begun at `start`.

    Months end on `anchor_day`, or on the last day of a month that is too short for it, and at the same time of day by
    the clock on the wall: 31 January, 28 February, 31 March. Days are of the calendar too.
    """
    here = local(start)
    if plan.months:
        months = here.year * 12 + here.month - 1 + plan.months
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        day = datetime.date(year, month + 1, min(anchor_day, last))
    else:
        day = here.date() + datetime.timedelta(days=plan.days)
    return datetime.datetime.combine(day, here.time(), zone()).astimezone(datetime.UTC)
