"""The home screen from the cache: each reader's own, and never behind what it shows."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries
from wagtail.models import PageLogEntry
from wagtail.users.models import UserProfile

from accounts.memberships import set_role
from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from analytics.home_key import home_key
from analytics.models import OrganisationStatistics, PlaceStatistics
from menu_pages.models import DishPage, PlacePage, PlaceRecord, StopListEntry, Table
from menu_pages.stopping import return_dish, stop_dish
from menu_pages.tables import set_table_count
from orders.desk_state import announce
from orders.models import OrderStatus
from orders.order_states import move_order
from tests.factories.guests import Guest, ordered
from tests.factories.people import make_member, signed_in
from tests.factories.statistics import all_figures, make_statistics

RETURN = "/admin/places/teahouse/stop-list/return/"
TOKEN = re.compile(r"(?<=CSRF_TOKEN\": \")[A-Za-z0-9]{64}")
ANY_TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")
# The session, the reader, their organisations, what they may do; all that the page is made of.
QUERIES_FROM_THE_CACHE = 5


@pytest.fixture
def home(alice: User, place_a: PlacePage) -> Client:
    """Alice's browser, which has seen the home screen."""
    make_statistics(place_a)
    browser = signed_in(alice)
    assert browser.get("/admin/").status_code == 200
    return browser


def body_of(browser: Client, query: str = "") -> str:
    return browser.get(f"/admin/{query}").content.decode()


def test_the_same_page_comes_from_the_cache(home: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    before = body_of(home)
    with django_assert_num_queries(QUERIES_FROM_THE_CACHE):
        response = home.get("/admin/")

    assert ANY_TOKEN.sub("", response.content.decode()) == ANY_TOKEN.sub("", before)
    assert "private" in response["Cache-Control"]


def test_forms_of_a_kept_page_can_be_sent(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    body_of(browser)
    token = TOKEN.search(body_of(browser))

    assert token is not None
    answer = browser.post(
        "/admin/places/teahouse/stop-list/return/", {"dish": "soups/borshch"}, headers={"x-csrftoken": token[0]}
    )
    assert answer.status_code == 302
    refused = browser.post(
        "/admin/places/teahouse/stop-list/return/", {"dish": "soups/borshch"}, headers={"x-csrftoken": "x" * 64}
    )
    assert refused.status_code == 403


def test_no_token_is_kept(home: Client) -> None:
    first, second = (set(ANY_TOKEN.findall(body_of(home))) for _ in range(2))

    assert first
    assert not first & second


def test_a_new_run_an_order_and_its_cancelling_show_at_once(home: Client, guest: Guest, borshch: DishPage) -> None:
    body_of(home)
    order = ordered(guest, borshch)
    assert "₽390<" in body_of(home)
    move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=None, reason="by mistake")
    assert "₽390<" not in body_of(home)

    figures = all_figures()
    figures["30"]["median_check"]["overall"] = "777.77"
    PlaceStatistics.objects.update(figures=figures, computed_at=timezone.now())
    assert "₽777.77" in body_of(home)


def test_a_dish_that_runs_out_shows_at_once_and_so_does_its_return(home: Client, borshch: DishPage) -> None:
    body_of(home)
    stop_dish(dish=borshch, by=None, reason="The pot is empty")
    assert "The pot is empty" in body_of(home)
    return_dish(dish=borshch)
    assert "The pot is empty" not in body_of(home)


def test_tables_and_the_places_name_show_at_once(home: Client, place_a: PlacePage) -> None:
    assert "12 tables" in body_of(home)
    set_table_count(place=place_a, count=5)
    assert "5 tables" in body_of(home)

    place_a.title = "Samovar House"
    place_a.save()
    assert "Samovar House" in body_of(home)


def test_a_role_taken_away_takes_the_page_away(organisation_a: Organisation, place_a: PlacePage) -> None:
    make_statistics(place_a)
    dana = make_member("dana@example.com", organisation_a, Role.MANAGER)
    browser = signed_in(dana)
    assert "data-chart" in body_of(browser)

    set_role(organisation=organisation_a, user=dana, role=Role.EDITOR)
    assert "data-chart" not in body_of(browser)

    set_role(organisation=organisation_a, user=dana, role=Role.WAITER)
    assert browser.get("/admin/").status_code == 404


def test_each_thing_on_the_page_is_in_its_key(
    alice: User, place_a: PlacePage, borshch: DishPage, rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    make_statistics(place_a)
    places = PlacePage.objects.filter(pk=place_a.pk)
    records = PlaceRecord.objects.filter(pk=place_a.pk)
    organisation = place_a.record.organisation
    soon = timezone.now() + datetime.timedelta(hours=1)

    def key(address: str = "/admin/") -> str:
        request = rf.get(address)
        request.user = User.objects.get(pk=alice.pk)
        with django_assert_num_queries(1):
            return home_key(request)

    moves: dict[str, Callable[[], object]] = {
        "the menu": lambda: records.update(menu_version=F("menu_version") + 1),
        "the currency": lambda: records.update(currency="EUR"),
        "the clock": lambda: records.update(time_zone="Asia/Tokyo"),
        "the day's beginning": lambda: records.update(day_starts_at=datetime.time(5)),
        "the name": lambda: places.update(title="Samovar House"),
        "the address": lambda: places.update(slug="samovar-house"),
        "taken off": lambda: places.update(live=False),
        "published": lambda: places.update(last_published_at=timezone.now()),
        "an order": lambda: announce(place_a.pk),
        "a run": lambda: PlaceStatistics.objects.update(computed_at=timezone.now()),
        "a run of all places": lambda: OrganisationStatistics.objects.create(
            organisation=organisation, currency="EUR", day=timezone.now(), computed_at=timezone.now(), figures={}
        ),
        "a table": lambda: Table.objects.create(place=place_a, number=99, key="a key of table 99"),
        "a dish out": lambda: stop_dish(dish=borshch, by=None, until=soon),
        "until later": lambda: StopListEntry.objects.update(until=soon + datetime.timedelta(hours=1)),
        "a profile": lambda: UserProfile.get_for_user(alice),
        "its theme": lambda: UserProfile.objects.update(theme="dark"),
        "an edit": lambda: PageLogEntry.objects.log_action(place_a, "wagtail.edit", user=alice),
        "a role": lambda: Membership.objects.update(role=Role.EDITOR),
        "the reader's name": lambda: User.objects.filter(pk=alice.pk).update(first_name="Alicia"),
    }
    known = {key(): "as it was", key("/admin/?period=7"): "another period"}
    assert key() in known
    for name, move in moves.items():
        move()
        assert key() not in known, name
        known[key()] = name
    with translation.override("ru"):
        assert key() not in known


def test_what_moves_at_another_place_leaves_the_page(
    alice: User, place_a: PlacePage, place_b: PlacePage, rf: RequestFactory
) -> None:
    request = rf.get("/admin/")
    request.user = alice
    before = home_key(request)
    PlaceRecord.objects.filter(pk=place_b.pk).update(menu_version=F("menu_version") + 1)

    assert home_key(request) == before


def test_readers_languages_and_addresses_are_kept_apart(
    home: Client, alice: User, bob: User, place_b: PlacePage
) -> None:
    make_statistics(place_b)
    body_of(home, "?period=90")

    assert "Teahouse" not in body_of(signed_in(bob))
    assert 'period=7#statistics-section" aria-current="true"' in body_of(home, "?period=7")
    home.get("/admin/", headers={"accept-language": "ru"})
    assert 'lang="ru"' in home.get("/admin/", headers={"accept-language": "ru"}).content.decode()
    assert 'lang="en"' in body_of(home)


def test_a_message_is_said_once(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    browser = signed_in(alice)
    body_of(browser)
    browser.post(RETURN, {"dish": "soups/borshch"})

    assert "“Borshch” is on sale again." in body_of(browser)
    assert "on sale again" not in body_of(browser)


def test_signed_out_it_asks_to_sign_in(home: Client) -> None:
    home.logout()

    assert home.get("/admin/")["Location"] == "/accounts/login/?next=/admin/"


def test_who_sells_sees_figures_before_what_is_left_to_set_up(alice: User, place_a: PlacePage) -> None:
    browser = signed_in(alice)
    parts = ("getting-started-section", "today-section", "statistics-section")

    def in_order() -> list[str]:
        body = body_of(browser)
        return sorted(parts, key=lambda part: body.index(f'id="{part}"'))

    before = in_order()
    make_statistics(place_a)

    assert before == list(parts)
    assert in_order() == [*parts[1:], parts[0]]
