"""When categories are served, places open and business days begin."""

import datetime
import json

import pytest

from menu_pages.models import CategoryPage, PlacePage
from menu_pages.serving_hours import is_served

# 2026-11-23 is a Monday.
MONDAY = datetime.date(2026, 11, 23)
FRIDAY, SATURDAY = 5, 6


def time(text: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(text) if text else None


def served(start: str | None, end: str | None, days: list[int], weekday: int, clock: str) -> bool:
    category = CategoryPage(served_from=time(start), served_until=time(end), served_weekdays=days)
    day = MONDAY + datetime.timedelta(days=weekday - 1)
    return is_served(category, datetime.datetime.combine(day, time(clock), tzinfo=datetime.UTC))


@pytest.mark.parametrize(
    ("start", "end", "clock", "expected"),
    [
        (None, None, "03:00", True),
        ("09:00", "12:00", "08:59", False),
        ("09:00", "12:00", "09:00", True),
        ("09:00", "12:00", "11:59", True),
        ("09:00", "12:00", "12:00", False),
        ("09:00", None, "08:59", False),
        ("09:00", None, "23:59", True),
        (None, "12:00", "00:00", True),
        (None, "12:00", "12:00", False),
        ("22:00", "02:00", "21:59", False),
        ("22:00", "02:00", "22:00", True),
        ("22:00", "02:00", "01:59", True),
        ("22:00", "02:00", "02:00", False),
        ("09:00", "09:00", "08:00", True),
        ("09:00", "09:00", "09:00", True),
        ("22:00", "00:00", "23:59", True),
        ("22:00", "00:00", "00:00", False),
    ],
)
def test_hours(start: str | None, end: str | None, clock: str, expected: bool) -> None:
    assert served(start, end, [], 1, clock) is expected


@pytest.mark.parametrize(
    ("weekday", "clock", "expected"),
    [
        (FRIDAY, "22:00", True),
        (SATURDAY, "01:00", True),  # Friday's night
        (SATURDAY, "22:00", False),
        (FRIDAY, "01:00", False),  # Thursday's night
    ],
)
def test_hours_past_midnight_belong_to_the_evening(weekday: int, clock: str, expected: bool) -> None:
    assert served("22:00", "02:00", [FRIDAY], weekday, clock) is expected


def test_sundays_night_runs_into_monday() -> None:
    assert served("22:00", "02:00", [7], 1, "01:00") is True
    assert served("22:00", "02:00", [1], 1, "01:00") is False


@pytest.mark.parametrize("weekday", range(1, 8))
def test_weekdays_alone(weekday: int) -> None:
    assert served(None, None, [6, 7], weekday, "12:00") is (weekday in (6, 7))


def test_todays_hours_are_those_of_the_places_weekday(place_a: PlacePage) -> None:
    today = place_a.record.local_now().isoweekday()
    others = [str(day) for day in range(1, 8) if day != today]
    rows = [
        {"weekdays": others, "opens": "10:00", "closes": "11:00"},
        {"weekdays": [str(today)], "opens": "12:00", "closes": "02:00"},
    ]
    place_a.hours = json.dumps([{"type": "hours", "value": row} for row in rows])

    assert place_a.hours_today == (datetime.time(12), datetime.time(2))


def test_a_place_that_says_no_hours_shows_none(place_a: PlacePage) -> None:
    assert place_a.hours_today is None


@pytest.mark.parametrize(
    ("moment", "starts", "day"),
    [
        ("2026-11-21T20:59:00+00:00", "00:00", "2026-11-21"),
        ("2026-11-21T21:00:00+00:00", "00:00", "2026-11-22"),  # midnight in Moscow
        ("2026-11-22T01:59:00+00:00", "05:00", "2026-11-21"),
        ("2026-11-22T02:00:00+00:00", "05:00", "2026-11-22"),
    ],
)
def test_the_business_day_is_local_and_begins_when_the_place_says(
    place_a: PlacePage, moment: str, starts: str, day: str
) -> None:
    place_a.record.day_starts_at = time(starts)

    found = place_a.record.business_day(datetime.datetime.fromisoformat(moment))

    assert found == datetime.date.fromisoformat(day)
