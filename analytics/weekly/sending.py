"""The week in a letter: on Monday morning, once to each owner who wants it, with all the places of the organisation.

The mark that a week was written is a row of its own in the letter's transaction: of two workers one writes it and the
other finds it, and a Monday that was missed is made up until Thursday: later it is old news.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.letters.sending import send_later
from accounts.models import Membership
from accounts.profile.weekly_letter import switch_address
from accounts.roles import Role
from analytics.models import PlaceDay, PlaceStatistics, WeeklyLetter
from analytics.reports.area import AREA
from analytics.reports.spans import Span
from analytics.reports.texts import change_words, span_text, value_text
from analytics.weekly.figures import Week, count_weeks, weeks
from menu_pages.models import PlaceRecord
from menu_pages.money import format_money, rounded
from menu_pages.places_admin import address

# By the place's clock; the night's figures are there by then.
LETTER_HOUR = 7
LAST_WEEKDAY = 3
WEEK = datetime.timedelta(days=7)
MOST_OWNERS = 20


def write_weekly_letters(*, now: datetime.datetime | None = None) -> int:
    """Write every letter that is due and was not written; returns how many. Two queries when there is none.

    An organisation is due from Monday at seven in all of its places until Thursday, once the figures of each that sold
    anything have been counted since the week ended.
    """
    moment = now or timezone.now()
    records = PlaceRecord.objects.select_related("place", "organisation").order_by("place__title", "place_id")
    by_organisation: dict[int, list[PlaceRecord]] = defaultdict(list)
    for record in records:
        by_organisation[record.organisation_id].append(record)
    due: dict[datetime.date, dict[int, list[PlaceRecord]]] = defaultdict(dict)
    for organisation_id, own in by_organisation.items():
        monday = _monday(own, moment)
        if monday:
            due[monday][organisation_id] = own
    return sum(_write_week(monday, organisations) for monday, organisations in due.items())


def _monday(records: Iterable[PlaceRecord], moment: datetime.datetime) -> datetime.date | None:
    """The Monday that has begun everywhere, once it is late enough."""
    found = set()
    for record in records:
        local = moment.astimezone(record.zone)
        if local.weekday() > LAST_WEEKDAY or (local.weekday() == 0 and local.hour < LETTER_HOUR):
            return None
        found.add(local.date() - datetime.timedelta(days=local.weekday()))
    return found.pop() if len(found) == 1 else None


def _write_week(monday: datetime.date, organisations: Mapping[int, Sequence[PlaceRecord]]) -> int:
    week = Span(monday - WEEK, monday - datetime.timedelta(days=1))
    written = WeeklyLetter.objects.filter(week=week.first).values("membership_id")
    waiting = Membership.objects.filter(
        organisation_id__in=organisations, role=Role.OWNER, weekly_letter=True, user__is_active=True
    ).exclude(pk__in=written)
    by_organisation: dict[int, list[Membership]] = defaultdict(list)
    for membership in waiting.select_related("user", "organisation").order_by("pk"):
        by_organisation[membership.organisation_id].append(membership)
    ready = _ready(monday, week, {key: organisations[key] for key in by_organisation}) if by_organisation else set()
    return sum(_write_to_owners(organisations[key], by_organisation[key][:MOST_OWNERS], week) for key in sorted(ready))


def _ready(monday: datetime.date, week: Span, organisations: Mapping[int, Sequence[PlaceRecord]]) -> set[int]:
    """Those that sold anything in the two weeks and whose figures are there. Two queries."""
    places = [record.pk for own in organisations.values() for record in own]
    days = (week.first - WEEK, week.last)
    sold = set(PlaceDay.objects.filter(place_id__in=places, day__range=days).values_list("place_id", flat=True))
    counted = set(PlaceStatistics.objects.filter(place_id__in=sold, day__gte=monday).values_list("place_id", flat=True))
    return {
        key
        for key, own in organisations.items()
        if (selling := {record.pk for record in own} & sold) and selling <= counted
    }


def _write_to_owners(records: Sequence[PlaceRecord], owners: Sequence[Membership], week: Span) -> int:
    found = weeks(count_weeks([record.pk for record in records], week))
    return sum(_write(membership, records, found, week) for membership in owners) if found else 0


def _write(membership: Membership, records: Sequence[PlaceRecord], found: Mapping[int, Week], week: Span) -> bool:
    language = membership.user.language or settings.LANGUAGE_CODE
    try:
        with transaction.atomic():
            WeeklyLetter.objects.create(membership=membership, week=week.first)
            with translation.override(language):
                context = {
                    "organisation": membership.organisation,
                    "days": span_text(week),
                    "places": [_in_words(record, found[record.pk]) for record in records if record.pk in found],
                    "switch": switch_address(membership),
                }
            send_later(
                template="analytics/letters/weekly.html",
                to=membership.user.email,
                language=language,
                context=context,
            )
    except IntegrityError:
        # Another worker has just written it.
        return False
    return True


def _in_words(record: PlaceRecord, week: Week) -> dict[str, Any]:
    titles = {
        "orders": _("Number of checks"),
        "median_check": _("Median check"),
        "items": _("Dishes sold"),
        "conversion": _("Ordered, of those who scanned"),
        "left": _("Left in baskets"),
        "acknowledged": _("Until acknowledged, median"),
        "served": _("Until served, median"),
        "score": _("Average of the ratings"),
    }
    return {
        "title": record.place.title,
        "revenue": format_money(rounded(week.revenue), record.currency),
        "change": change_words(week.revenue_change) if week.revenue_change is not None else "",
        "moved": [
            {
                "title": titles[moved.key],
                "now": value_text(moved.now, record.currency),
                "change": change_words(moved.change),
                "before": value_text(moved.before, record.currency),
            }
            for moved in week.moved
        ],
        "link": f"{settings.SITE_URL}{address(AREA, record.place)}?period=7",
    }
