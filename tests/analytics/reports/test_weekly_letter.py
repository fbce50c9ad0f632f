"""The week in a letter: once, on Monday morning by the place's clock, to owners who want it."""

import datetime
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.letters.models import Letter
from accounts.models import Membership, User
from accounts.profile.weekly_letter import switch_address
from accounts.roles import Role
from analytics import facts, visit_facts
from analytics.models import PlaceStatistics, WeeklyLetter
from analytics.weekly.sending import write_weekly_letters
from menu_pages.models import PlacePage, PlaceRecord
from menu_pages.provisioning import create_place
from menu_pages.tables import set_table_count
from orders.models import EventKind
from tests.factories.people import make_member, signed_in
from tests.factories.sales import came, computed, rated, sold

MONDAY = datetime.date(2026, 3, 9)
PROFILE = "/admin/account/"
LOOK = {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default", "locale-current_time_zone": ""}


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{text}+03:00")


def two_weeks(place: PlacePage) -> None:
    for day in ("2026-02-24", "2026-03-03"):
        sold(place, f"{day} 12:00", "500.00", acknowledged=30)
    sold(place, "2026-03-04 12:00", "700.00", acknowledged=60)
    rated(place, "2026-02-24 13:00", 5)
    rated(place, "2026-03-03 13:00", 4)
    facts.bring_up_to_date([place.pk], MONDAY)
    visit_facts.bring_up_to_date([place.pk], MONDAY)


def test_monday_morning_brings_the_figures_that_moved(alice: User, place_a: PlacePage) -> None:
    two_weeks(place_a)
    computed(place_a, MONDAY)
    alice.language = "en"
    alice.save()

    assert write_weekly_letters(now=at("2026-03-09 07:00")) == 1

    letter = Letter.objects.get()
    assert letter.to == alice.email
    assert letter.subject == f"{place_a.record.organisation.name}: 2 March – 8 March 2026"
    body = " ".join(letter.text.split())
    assert "Teahouse" in body
    assert "₽1,200 Revenue: 140 % more" in body
    assert "Number of checks: 2, 100 % more (before: 1)" in body
    assert "Until acknowledged, median: 45 s, 50 % more (before: 30 s)" in body
    assert "Average of the ratings: 4, 20 % less (before: 5)" in body
    assert "/admin/places/teahouse/statistics/?period=7" in body


# A letter of the week before would be old news by then.
@pytest.mark.parametrize("moment", ["2026-03-06 12:00", "2026-03-08 23:00", "2026-03-09 06:59"])
def test_it_is_not_yet_monday_morning(place_a: PlacePage, moment: str) -> None:
    two_weeks(place_a)
    computed(place_a, MONDAY)

    assert write_weekly_letters(now=at(moment)) == 0


def test_it_waits_for_the_nights_figures(place_a: PlacePage) -> None:
    two_weeks(place_a)
    computed(place_a, MONDAY - datetime.timedelta(days=1))
    assert write_weekly_letters(now=at("2026-03-09 08:00")) == 0

    PlaceStatistics.objects.update(day=MONDAY)

    assert write_weekly_letters(now=at("2026-03-09 09:00")) == 1


def test_a_missed_monday_is_made_up_once(place_a: PlacePage) -> None:
    two_weeks(place_a)
    computed(place_a, MONDAY + datetime.timedelta(days=2))

    written = [write_weekly_letters(now=at(f"2026-03-{day} 10:00")) for day in (11, 11, 12, 12)]

    assert written == [1, 0, 0, 0]
    assert Letter.objects.count() == 1
    assert [row.week for row in WeeklyLetter.objects.all()] == [MONDAY - datetime.timedelta(days=7)]


def test_a_week_that_another_worker_has_just_written_is_left_to_it(
    place_a: PlacePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_weeks(place_a)
    computed(place_a, MONDAY)
    from analytics.weekly import sending

    count_weeks = sending.count_weeks

    def while_another_writes(*asked: object) -> object:
        membership = Membership.objects.get(role=Role.OWNER)
        WeeklyLetter.objects.create(membership=membership, week=MONDAY - datetime.timedelta(days=7))
        return count_weeks(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "count_weeks", while_another_writes)

    assert write_weekly_letters(now=at("2026-03-09 08:00")) == 0
    assert not Letter.objects.exists()


def test_nothing_to_say_is_not_said(place_a: PlacePage) -> None:
    came(place_a, "2026-03-03 12:00", EventKind.CATEGORY_OPENED)
    visit_facts.bring_up_to_date([place_a.pk], MONDAY)
    computed(place_a, MONDAY)

    assert write_weekly_letters(now=at("2026-03-09 08:00")) == 0
    assert not WeeklyLetter.objects.exists()


def test_one_letter_for_all_places_to_each_owner_in_their_language(alice: User, place_a: PlacePage) -> None:
    organisation = place_a.record.organisation
    bar = create_place(organisation=organisation, title="Bar", slug="bar")
    bar = PlacePage.objects.select_related("record").get(pk=bar.pk)
    set_table_count(place=bar, count=1)
    for place in (place_a, bar):
        two_weeks(place)
        computed(place, MONDAY)
    User.objects.filter(pk=alice.pk).update(language="en")
    second = make_member("second@example.com", organisation, Role.OWNER)
    User.objects.filter(pk=second.pk).update(language="ru")
    make_member("manager@example.com", organisation, Role.MANAGER)

    write_weekly_letters(now=at("2026-03-09 08:00"))

    letters = {letter.to: letter for letter in Letter.objects.all()}
    assert set(letters) == {alice.email, second.email}
    assert "Bar" in letters[alice.email].text
    assert "Teahouse" in letters[alice.email].text
    assert "2 марта – 8 марта 2026" in letters[second.email].subject


def test_places_of_different_zones_wait_for_the_last_monday(place_a: PlacePage) -> None:
    bar = create_place(organisation=place_a.record.organisation, title="Bar", slug="bar")
    PlaceRecord.objects.filter(pk=bar.pk).update(time_zone="Europe/London")
    two_weeks(place_a)
    computed(place_a, MONDAY)

    assert [write_weekly_letters(now=at(f"2026-03-09 {hour}:00")) for hour in ("08", "10")] == [0, 1]


def test_the_link_in_the_letter_switches_it_off(alice: User, place_a: PlacePage) -> None:
    two_weeks(place_a)
    computed(place_a, MONDAY)
    write_weekly_letters(now=at("2026-03-09 08:00"))
    (link,) = re.findall(r"https?://\S+/accounts/weekly-letter/\S+/", Letter.objects.get().text)
    address = "/accounts/" + link.split("/accounts/")[1]
    stranger = Client(headers={"origin": "http://testserver", "accept-language": "en"})

    looked = stranger.get(address)
    still_on = Membership.objects.get(user=alice).weekly_letter
    stranger.post(address, {"wanted": "0"})

    assert "Switch the letter off" in looked.content.decode()
    assert still_on
    assert not Membership.objects.get(user=alice).weekly_letter
    WeeklyLetter.objects.all().delete()
    assert write_weekly_letters(now=at("2026-03-09 09:00")) == 0


def test_a_link_made_up_or_of_a_former_owner_leads_nowhere(alice: User, place_a: PlacePage) -> None:
    membership = Membership.objects.get(user=alice)
    address = "/accounts/" + switch_address(membership).split("/accounts/")[1]
    Membership.objects.filter(pk=membership.pk).update(role=Role.EDITOR)
    browser = Client()

    assert [browser.post(url, {"wanted": "0"}).status_code for url in (address, "/accounts/weekly-letter/x/")] == [
        404,
        404,
    ]
    assert Membership.objects.get(user=alice).weekly_letter


def test_the_profile_has_the_switch_for_owners_alone(alice: User, place_a: PlacePage) -> None:
    organisation = place_a.record.organisation
    browser = signed_in(alice)
    shown = browser.get(PROFILE).content.decode()
    editors = signed_in(make_member("ed@example.com", organisation, Role.EDITOR)).get(PROFILE).content.decode()

    form = {"person-first_name": "Alice", "person-language": "en", **LOOK}
    not_shown = browser.post(PROFILE, form).status_code
    kept = Membership.objects.get(user=alice).weekly_letter
    unticked = browser.post(PROFILE, {**form, "letters-shown": "True"}).status_code

    assert (not_shown, kept, unticked) == (302, True, 302)
    assert not Membership.objects.get(user=alice).weekly_letter
    browser.post(PROFILE, {**form, "letters-shown": "True", f"letters-{organisation.slug}": "on"})
    assert Membership.objects.get(user=alice).weekly_letter
    assert f"Last week’s figures of “{organisation.name}”, every Monday" in shown
    assert "every Monday" not in editors


@pytest.mark.parametrize("places", [1, 3])
def test_a_quiet_hour_costs_the_same(
    place_a: PlacePage, places: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(places - 1):
        create_place(organisation=place_a.record.organisation, title=f"Bar {number}", slug=f"bar-{number}")
    two_weeks(place_a)
    computed(place_a, MONDAY)
    write_weekly_letters(now=at("2026-03-09 08:00"))

    with django_assert_num_queries(2):
        write_weekly_letters(now=at("2026-03-09 09:00"))
