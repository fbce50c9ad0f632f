"""When an order was: ISO 8601 by the place's clock, unless it says by which."""

import datetime
import re

from django.utils.translation import gettext as _

from menu_pages.models import PlaceRecord

# ISO 8601 as tills write it, basic or extended; what the numbers mean is `fromisoformat`'s to judge.
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2}|\d{8})"
    r"(?:[ T](\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|\d{2}(?:\d{2})?)?) ?(Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
FIRST_YEAR = 1970


class WrongMomentError(ValueError):
    """No moment an order can have been sent at; the message is for the person who wrote it."""


class Clock:
    """Reads the moments of one file. A date without a time is the beginning of that business day, and is noted.

    A local time that was twice (clocks set back) is the first of the two; one that was never (clocks set forward) is as
    long after midnight as it says.
    """

    def __init__(self, record: PlaceRecord, now: datetime.datetime) -> None:
        self.zone = record.zone
        self.day_starts_at = record.day_starts_at
        self.now = now
        self.met_bare_date = False

    def read(self, raw: str) -> datetime.datetime:
        """The moment in UTC; raises `WrongMomentError`."""
        found = _MOMENT.fullmatch(raw.strip().upper())
        if found is None:
            raise _wrong(raw)
        date, time, offset = found.groups()
        try:
            moment = self._moment(date, time, offset or "")
        except (ValueError, OverflowError) as error:
            raise _wrong(raw) from error
        if moment.year < FIRST_YEAR:
            raise WrongMomentError(_("“%(value)s” is too long ago for an order.") % {"value": raw.strip()[:40]})
        if moment > self.now:
            raise WrongMomentError(_("“%(value)s” is in the future.") % {"value": raw.strip()[:40]})
        return moment

    def _moment(self, date: str, time: str | None, offset: str) -> datetime.datetime:
        if time is None:
            self.met_bare_date = True
            day = datetime.date.fromisoformat(date)
            return datetime.datetime.combine(day, self.day_starts_at, self.zone).astimezone(datetime.UTC)
        read = datetime.datetime.fromisoformat(f"{date}T{time}{offset}")
        return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(datetime.UTC)


def _wrong(raw: str) -> WrongMomentError:
    return WrongMomentError(
        _("“%(value)s” is no date and time. Write it as 2024-12-31 18:05:00.") % {"value": raw.strip()[:40]}
    )
