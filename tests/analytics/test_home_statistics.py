"""The statistics on the moderators' home screen: who sees whose, what the cache keeps, empty places."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.memberships import set_role
from accounts.models import Organisation, User
from accounts.roles import Role
from analytics.home_panel import panel_for
from analytics.models import PlaceStatistics
from menu_pages.models import DishPage, PlacePage
from menu_pages.provisioning import create_place
from orders.models import Order
from tests.factories.guests import Guest, ordered
from tests.factories.people import make_member, signed_in
from tests.factories.statistics import (
    MORNING,
    all_figures,
    empty_figures,
    make_organisation_statistics,
    make_statistics,
)

SCRIPT = "vendor/plotly/plotly-basic.min.js"


def home(user: User, query: str = "", **headers: str) -> str:
    response = signed_in(user).get(f"/admin/{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def drawn(body: str) -> list[str]:
    return re.findall(r'data-chart="([^"]+)"', body)


def test_the_owner_sees_nine_charts_their_tables_and_the_best_dishes(alice: User, place_a: PlacePage) -> None:
    make_statistics(place_a)

    body = home(alice)

    assert drawn(body) == [
        f"{metric}-{by}"
        for metric in ("median-check", "dishes", "checks")
        for by in ("by-day", "by-weekday", "by-table")
    ]
    assert body.count("<details") >= 10
    assert "₽1,250.50" in body
    assert "Dish 0" in body
    assert body.count(SCRIPT) == 1
    assert "How it is counted" in body


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.ANALYST])
def test_roles_that_read_statistics_see_the_charts(
    organisation_a: Organisation, place_a: PlacePage, role: Role
) -> None:
    make_statistics(place_a)

    assert len(drawn(home(make_member("dana@example.com", organisation_a, role)))) == 9


def test_an_editor_sees_no_statistics(organisation_a: Organisation, place_a: PlacePage) -> None:
    make_statistics(place_a)

    body = home(make_member("dana@example.com", organisation_a, Role.EDITOR), "?place=teahouse")

    assert drawn(body) == []
    assert "Statistics" not in body
    assert SCRIPT not in body


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN])
def test_waiters_and_the_kitchen_find_no_home_screen(
    organisation_a: Organisation, place_a: PlacePage, role: Role
) -> None:
    make_statistics(place_a)

    assert signed_in(make_member("dana@example.com", organisation_a, role)).get("/admin/").status_code == 404


def test_another_organisations_place_is_not_found(alice: User, place_a: PlacePage, place_b: PlacePage) -> None:
    make_statistics(place_a)
    make_statistics(place_b, tables=("Bobs table",))
    browser = signed_in(alice)

    assert browser.get("/admin/", {"place": "pizzeria"}).status_code == 404
    assert browser.get("/admin/", {"place": "nothing-of-that-name"}).status_code == 404
    assert browser.get("/admin/", {"place": "all-gbp"}).status_code == 404
    assert "Bobs table" not in home(alice)


@pytest.mark.parametrize("query", ["?period=31", "?period=%00", "?place=teahouse%00", "?place=all-rub", "?place=all-"])
def test_words_that_name_nothing_are_not_found(alice: User, place_a: PlacePage, query: str) -> None:
    make_statistics(place_a)

    assert signed_in(alice).get(f"/admin/{query}").status_code == 404


def test_another_organisations_people_share_nothing_of_the_cache(
    alice: User, bob: User, place_a: PlacePage, place_b: PlacePage
) -> None:
    make_statistics(place_a, tables=("Alices table",))
    make_statistics(place_b, tables=("Bobs table",))
    home(alice)

    assert "Alices table" not in home(bob)
    assert "Bobs table" in home(bob)


def test_a_new_run_is_seen_at_once(alice: User, place_a: PlacePage) -> None:
    row = make_statistics(place_a)
    assert "₽1,250.50" in home(alice)

    figures = all_figures()
    figures["30"]["median_check"]["overall"] = "777.77"
    PlaceStatistics.objects.filter(pk=row.pk).update(figures=figures, computed_at=timezone.now())

    assert "₽777.77" in home(alice)


def test_the_morning_after_takes_the_place_of_the_one_before(alice: User, place_a: PlacePage) -> None:
    make_statistics(place_a)
    home(alice)
    figures = all_figures()
    figures["30"]["median_check"]["overall"] = "888.88"
    PlaceStatistics.objects.create(
        place=place_a, day=MORNING + datetime.timedelta(days=1), currency="RUB", figures=figures
    )

    body = home(alice)

    assert "₽888.88" in body
    assert "22 October – 20 November 2026" in body


@pytest.mark.parametrize("places", [1, 3])
def test_it_costs_few_queries_and_from_the_cache_fewer(
    alice: User, place_a: PlacePage, places: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organisation = place_a.record.organisation
    for title in ("Bar", "Veranda")[: places - 1]:
        make_statistics(create_place(organisation=organisation, title=title))
    make_statistics(place_a)
    request = signed_in(alice).get("/admin/", {"place": "teahouse"}).wsgi_request

    def show() -> str:
        panel = panel_for(request)
        assert panel is not None
        return panel.render_html({})

    cache.clear()
    # Whose places they are, the places, the figures; the period's days.
    with django_assert_num_queries(4):
        fresh = show()
    with django_assert_num_queries(3):
        kept = show()

    assert fresh == kept
    assert len(drawn(fresh)) == 9


def test_all_places_of_one_currency_are_offered_and_shown(alice: User, place_a: PlacePage) -> None:
    bar = create_place(organisation=place_a.record.organisation, title="Bar")
    make_statistics(place_a)
    make_organisation_statistics([place_a, bar])

    body = home(alice, "?place=all-rub&period=90")

    assert re.findall(r'<option value="([^"]+)"( selected)?', body) == [
        ("all-rub", " selected"),
        ("bar", ""),
        ("teahouse", ""),
    ]
    assert body.count(">By place<") == 3
    assert '<th scope="row">Bar</th>' in body


def test_with_several_organisations_all_places_carry_their_names(
    alice: User, place_a: PlacePage, place_b: PlacePage
) -> None:
    for organisation in (place_a.record.organisation, place_b.record.organisation):
        set_role(organisation=organisation, user=alice, role=Role.OWNER)
        create_place(organisation=organisation, title=f"Second of {organisation.name}", currency="EUR")
        create_place(organisation=organisation, title=f"Third of {organisation.name}", currency="EUR")

    body = home(alice)

    assert f'value="all-eur.{place_a.record.organisation.slug}"' in body
    assert "All places of Pizzeria Ltd, EUR" in body


def test_the_period_is_the_last_30_days_or_the_shortest_longer_one_with_orders(alice: User, place_a: PlacePage) -> None:
    figures = all_figures() | {"7": empty_figures(), "30": empty_figures()}
    row = make_statistics(place_a)
    assert '?place=teahouse&amp;period=30#statistics-section" aria-current="true"' in home(alice)

    PlaceStatistics.objects.filter(pk=row.pk).update(figures=figures)

    assert '?place=teahouse&amp;period=90#statistics-section" aria-current="true"' in home(alice)


def test_a_period_without_orders_leads_to_one_that_has_some(alice: User, place_a: PlacePage) -> None:
    row = make_statistics(place_a)
    PlaceStatistics.objects.filter(pk=row.pk).update(figures=all_figures() | {"7": empty_figures()})

    body = home(alice, "?period=7")

    assert "There are no orders in this period." in body
    assert drawn(body) == []


def test_an_empty_place_says_how_its_first_figures_come(alice: User, place_a: PlacePage) -> None:
    body = home(alice)

    assert "Nothing has been ordered here yet. Figures are counted every night at 2:00" in body
    assert "/teahouse/?table=1&amp;key=" in body
    assert 'href="/admin/places/teahouse/qr/"' in body
    assert drawn(body) == []
    assert SCRIPT not in body


def test_an_analyst_is_not_offered_what_is_closed_to_them(organisation_a: Organisation, place_a: PlacePage) -> None:
    body = home(make_member("dana@example.com", organisation_a, Role.ANALYST))

    assert "Nothing has been ordered here yet." in body
    assert "key=" not in body
    assert "/qr/" not in body


def test_before_the_first_night_it_says_when_the_figures_come(alice: User, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    assert Order.objects.count() == 1

    body = home(alice)

    assert "The orders are there; their figures come tonight at 2:00" in body
    assert "Nothing has been ordered" not in body


def test_it_speaks_the_readers_language_and_the_cache_keeps_them_apart(alice: User, place_a: PlacePage) -> None:
    make_statistics(place_a)
    english = home(alice)
    with translation.override("ru"):
        russian = Client(headers={"origin": "http://testserver", "accept-language": "ru"})
        russian.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        body = russian.get("/admin/").content.decode()

    assert "1\u202f250,50\u202f₽" in body
    assert "четверг, 19 ноября 2026" in body.lower()
    assert "Thursday, 19 November 2026" in english


def test_the_operator_opens_any_place(place_a: PlacePage, place_b: PlacePage) -> None:
    operator = User.objects.create_superuser("operator@example.com")
    make_statistics(place_b)

    assert len(drawn(home(operator, "?place=pizzeria"))) == 9
