"""When a place's figures are counted: at two in the morning by its own clock, once, and later rather than never."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.scope import no_scope
from analytics import nightly
from analytics.models import OrganisationDay, OrganisationStatistics, PlaceDay, PlaceStatistics, VisitDay
from analytics.tasks import compute_statistics
from menu_pages.models import PlacePage
from menu_pages.provisioning import create_place
from orders.models import Order
from tests.analytics.recount import recount, recount_together
from tests.factories.histories import Check, Line, make_history
from tests.factories.menus import make_place
from tests.factories.people import make_user, signed_in
from tests.factories.sales import came

DAY = datetime.timedelta(days=1)
SOUP = [Line("Soup", price="100")]


def at(zone: str, text: str, fold: int = 0) -> datetime.datetime:
    """A moment by the clock of a zone."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(datetime.UTC)


def sold(place: PlacePage, *days: str) -> None:
    """One order at noon of each of the days."""
    make_history(place, [Check(datetime.datetime.fromisoformat(f"{day} 12:00"), SOUP) for day in days])


def mornings(place: PlacePage) -> list[str]:
    return [str(row.day) for row in PlaceStatistics.objects.filter(place=place).order_by("day")]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menu_pages.pieces.PAUSE_SECONDS", 0)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Asia/Kamchatka", "2026-06-10 01:59", "2026-06-10 02:00"),
        ("Europe/Kaliningrad", "2026-06-10 01:59", "2026-06-10 02:00"),
        ("Asia/Kathmandu", "2026-06-10 01:59", "2026-06-10 02:00"),
        # The clock leaves out the hour before two, or two o'clock itself: it has come when it is past.
        ("Europe/London", "2026-03-29 00:59", "2026-03-29 02:00"),
        ("America/New_York", "2026-03-08 01:59", "2026-03-08 03:00"),
        # From 01:59 back to 01:00, and only then to two.
        ("America/New_York", "2026-11-01 01:59", "2026-11-01 02:00"),
    ],
)
def test_a_morning_comes_at_two_by_the_places_clock(place_a: PlacePage, zone: str, before: str, after: str) -> None:
    place_a.record.time_zone = zone
    place_a.record.save()
    morning = after[:10]
    yesterday = datetime.date.fromisoformat(morning) - DAY
    sold(place_a, str(yesterday - DAY), str(yesterday), morning)

    nightly.run(now=at(zone, before))
    too_early = mornings(place_a)
    nightly.run(now=at(zone, after))

    assert too_early == [str(yesterday)]
    assert mornings(place_a) == [str(yesterday), morning]
    assert PlaceStatistics.objects.get(day=morning).figures["all"]["orders"] == 2


def test_two_o_clock_that_comes_twice_comes_once(place_a: PlacePage) -> None:
    place_a.record.time_zone = "Europe/Berlin"
    place_a.record.save()
    sold(place_a, "2026-10-20", "2026-10-24")

    first = nightly.run(now=at("Europe/Berlin", "2026-10-25 02:00"))
    again = nightly.run(now=at("Europe/Berlin", "2026-10-25 02:00", fold=1))

    assert (first, again) == (1, 0)
    assert mornings(place_a) == ["2026-10-25"]


def test_each_place_has_a_night_of_its_own(place_a: PlacePage, place_b: PlacePage) -> None:
    """Moscow is hours before London."""
    sold(place_a, "2026-06-08")
    sold(place_b, "2026-06-08")

    nightly.run(now=at("Europe/Moscow", "2026-06-09 02:05"))

    assert (mornings(place_a), mornings(place_b)) == (["2026-06-09"], [])
    nightly.run(now=at("Europe/London", "2026-06-09 02:05"))
    assert (mornings(place_a), mornings(place_b)) == (["2026-06-09"], ["2026-06-09"])


def test_a_bar_that_closes_at_five_is_counted_when_its_day_has_ended(place_a: PlacePage) -> None:
    """At two its business day goes on: counted then, the figures would end in the middle of it."""
    place_a.record.day_starts_at = datetime.time(5)
    place_a.record.save()
    checks = [datetime.datetime.fromisoformat(text) for text in ("2026-06-08 23:00", "2026-06-09 01:30")]
    make_history(place_a, [Check(moment, SOUP) for moment in checks])

    nightly.run(now=at("Europe/Moscow", "2026-06-09 02:00"))
    at_two = mornings(place_a)
    nightly.run(now=at("Europe/Moscow", "2026-06-09 05:00"))

    assert at_two == []
    assert mornings(place_a) == ["2026-06-09"]
    assert PlaceStatistics.objects.get().figures["7"]["orders"] == 2
    assert [day.day for day in PlaceDay.objects.all()] == [datetime.date(2026, 6, 8)]


def test_the_hour_is_a_setting(place_a: PlacePage, settings: LazySettings) -> None:
    settings.STATISTICS_HOUR = 4
    sold(place_a, "2026-06-08")

    nightly.run(now=at("Europe/Moscow", "2026-06-09 03:59"))
    assert mornings(place_a) == []
    nightly.run(now=at("Europe/Moscow", "2026-06-09 04:00"))
    assert mornings(place_a) == ["2026-06-09"]


def test_missed_nights_are_made_up_as_of_their_dates(place_a: PlacePage) -> None:
    sold(place_a, "2026-06-01", "2026-06-03", "2026-06-04")
    nightly.run(now=at("Europe/Moscow", "2026-06-02 02:00"))

    nightly.run(now=at("Europe/Moscow", "2026-06-05 11:30"))

    rows = PlaceStatistics.objects.order_by("day")
    assert mornings(place_a) == ["2026-06-02", "2026-06-03", "2026-06-04", "2026-06-05"]
    assert [row.figures["all"]["orders"] for row in rows] == [1, 1, 2, 3]


def test_a_worker_that_was_away_for_long_makes_up_a_month(place_a: PlacePage) -> None:
    sold(place_a, "2026-01-01")
    nightly.run(now=at("Europe/Moscow", "2026-01-02 02:00"))

    nightly.run(now=at("Europe/Moscow", "2026-06-30 02:00"))

    assert len(mornings(place_a)) == 1 + nightly.MOST_MORNINGS
    assert mornings(place_a)[1] == "2026-05-31"


def test_a_later_run_leaves_earlier_mornings_alone(place_a: PlacePage) -> None:
    sold(place_a, "2026-06-01", "2026-06-02")
    nightly.run(now=at("Europe/Moscow", "2026-06-02 02:00"))
    first = PlaceStatistics.objects.values().get()
    Order.objects.filter(business_day="2026-06-01").update(status="cancelled")

    nightly.run(now=at("Europe/Moscow", "2026-06-03 02:00"))

    assert PlaceStatistics.objects.values().get(day="2026-06-02") == first
    assert PlaceStatistics.objects.get(day="2026-06-03").figures["all"]["orders"] == 1


def test_a_place_at_rest_gets_no_more_rows(
    place_a: PlacePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sold(place_a, "2025-06-01")
    last = datetime.date(2025, 6, 1) + nightly.REST_AFTER
    nightly.run(now=at("Europe/Moscow", f"{last} 02:00"))
    assert mornings(place_a) == [str(last)]
    assert PlaceStatistics.objects.get().figures["365"]["orders"] == 0

    with django_assert_num_queries(2):
        nightly.run(now=at("Europe/Moscow", f"{last + DAY} 02:00"))

    assert mornings(place_a) == [str(last)]


def test_guests_are_counted_where_nobody_has_ordered_yet(
    place_a: PlacePage, place_b: PlacePage, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in ("2026-06-08 22:30", "2026-06-10 13:00"):
        came(place_a, day)

    nightly.run(now=at("Europe/Moscow", "2026-06-11 02:00"))

    assert list(VisitDay.objects.order_by("day").values_list("place", "day", "scanned")) == [
        (place_a.pk, datetime.date(2026, 6, day), 1) for day in (8, 10)
    ]
    row = PlaceStatistics.objects.get()
    assert (row.place_id, row.day, row.figures["all"]["orders"]) == (place_a.pk, datetime.date(2026, 6, 11), 0)
    with django_assert_num_queries(2):
        nightly.run(now=at("Europe/Moscow", "2026-06-11 02:05"))
    page = signed_in(alice).get("/admin/?period=all").content.decode()
    assert "data-chart" not in page
    assert "Nothing has been ordered here yet" in page


@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_the_same_for_any_number_of_places(
    place_a: PlacePage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    places = [place_a, *(make_place(make_user(f"{n}@example.com"), f"Place {n}") for n in range(1, count))]
    for place in places:
        sold(place, "2026-06-08")
    now = at("Europe/Moscow", "2026-06-09 02:00")
    nightly.run(now=now)

    with django_assert_num_queries(1):
        nightly.run(now=now)


def test_an_organisation_waits_for_the_last_of_its_places(place_a: PlacePage) -> None:
    """Kaliningrad's day ends an hour after Moscow's."""
    bar = create_place(
        organisation=place_a.record.organisation, title="Bar", currency="RUB", time_zone="Europe/Kaliningrad"
    )
    sold(place_a, "2026-06-07", "2026-06-08")
    sold(bar, "2026-06-08")

    nightly.run(now=at("Europe/Moscow", "2026-06-09 02:00"))
    first = [row.day for row in OrganisationStatistics.objects.all()]
    nightly.run(now=at("Europe/Moscow", "2026-06-09 03:00"))

    rows = OrganisationStatistics.objects.order_by("day")
    assert first == [datetime.date(2026, 6, 8)]
    assert [row.day for row in rows] == [datetime.date(2026, 6, 8), datetime.date(2026, 6, 9)]
    assert rows[1].figures == recount_together([place_a, bar], rows[1].day)
    assert [(day.day.day, day.orders) for day in OrganisationDay.objects.order_by("day")] == [(7, 1), (8, 2)]


def test_places_of_other_currencies_and_unpublished_ones_are_not_added_up(place_a: PlacePage) -> None:
    organisation = place_a.record.organisation
    abroad = create_place(organisation=organisation, title="Bar", currency="EUR")
    hidden = create_place(organisation=organisation, title="Veranda", currency="RUB")
    hidden.unpublish()
    for place in (place_a, abroad, hidden):
        sold(place, "2026-06-08")

    nightly.run(now=at("Europe/London", "2026-06-09 02:00"))

    assert PlaceStatistics.objects.count() == 3
    assert OrganisationStatistics.objects.count() == 0


def test_the_task_counts_for_everyone(place_a: PlacePage) -> None:
    yesterday = place_a.record.local_now().date() - DAY
    sold(place_a, str(yesterday - DAY), str(yesterday))

    with no_scope():
        compute_statistics.delay()

    row = PlaceStatistics.objects.get()
    assert row.figures == recount(place_a, row.day)
