"""Until when a dish is off sale, as the board's form says it."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menu_pages.models import PlaceRecord

DAY, HOUR, TIME, OPEN, RETURN = "day", "hour", "time", "open", "return"
CHOICES = (
    (DAY, gettext_lazy("Until the end of the day")),
    (HOUR, gettext_lazy("For an hour")),
    (OPEN, gettext_lazy("Until I put it back")),
    (TIME, gettext_lazy("Until a date and time")),
)
LONGEST = datetime.timedelta(days=366)


def end_of_day(record: PlaceRecord, now: datetime.datetime) -> datetime.datetime:
    """When the business day of this moment ends: the next `day_starts_at` of the place."""
    next_day = record.business_day(now) + datetime.timedelta(days=1)
    return datetime.datetime.combine(next_day, record.day_starts_at, record.zone)


def until_of(choice: str, at: str, record: PlaceRecord) -> datetime.datetime | None:
    """The moment a choice means, `None` for “until it is put back”; `at` is local to the place.

    Raises `ValidationError`.
    """
    now = timezone.now()
    if choice == OPEN:
        return None
    if choice == HOUR:
        return now + datetime.timedelta(hours=1)
    if choice == DAY:
        return end_of_day(record, now)
    if choice != TIME:
        raise ValidationError(_("Choose from the list."))
    return _moment(at, record, now)


def _moment(at: str, record: PlaceRecord, now: datetime.datetime) -> datetime.datetime:
    try:
        local = parse_datetime(at.strip())
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        raise ValidationError(_("Give the date and the time."))
    moment = local.replace(tzinfo=record.zone)
    if moment <= now:
        raise ValidationError(_("This time has passed. Choose a later one."))
    if moment > now + LONGEST:
        raise ValidationError(_("This is more than a year away. Unpublish the dish instead."))
    return moment
