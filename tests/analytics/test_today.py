"""The current day on the moderator's home screen."""

import datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from analytics.today import today
from menu_pages.models import DishPage, PlacePage
from menu_pages.provisioning import create_place
from orders.models import Order, OrderStatus
from orders.order_states import move_order
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member, signed_in


def test_it_counts_todays_orders_that_were_not_cancelled(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    ordered(guest, borshch)
    ordered(guest, ukha)
    move_order(order_id=ordered(guest, ukha).pk, to=OrderStatus.CANCELLED, by=None, reason="by mistake")
    yesterday = ordered(guest, ukha)
    Order.objects.filter(pk=yesterday.pk).update(business_day=yesterday.business_day - datetime.timedelta(days=1))

    (day,) = today([guest.place.record])

    assert (day.orders, day.revenue) == (2, Decimal("840.50"))
    assert day.day == guest.place.record.local_now().date()


def test_a_place_without_orders_has_a_day_of_nothing(place_a: PlacePage) -> None:
    (day,) = today([place_a.record])

    assert (day.orders, day.revenue) == (0, Decimal(0))


@pytest.mark.parametrize("places", [1, 3])
def test_it_costs_one_query(
    guest: Guest, borshch: DishPage, places: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ordered(guest, borshch)
    others = [create_place(organisation=guest.place.record.organisation, title=title) for title in ("Bar", "Veranda")]
    records = [guest.place.record, *(place.record for place in others)]

    with django_assert_num_queries(1):
        days = today(records[:places])

    assert [day.record for day in days] == records[:places]
    assert [day.orders for day in days] == [1, 0, 0][:places]


def test_no_places_cost_nothing(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert today([]) == []


def test_each_place_has_a_day_of_its_own(guest: Guest, borshch: DishPage, place_b: PlacePage, pizza: DishPage) -> None:
    """A day that has ended in one place goes on in another: its orders are not taken for today's here."""
    ordered(guest, borshch)
    bobs = ordered(guest_at(table_of(place_b, 1)), pizza)
    yesterday = bobs.business_day - datetime.timedelta(days=1)
    Order.objects.filter(pk=bobs.pk).update(business_day=yesterday)

    days = today([guest.place.record, place_b.record])

    assert [(day.orders, day.revenue) for day in days] == [(1, Decimal("390.00")), (0, Decimal(0))]


def test_the_desk_is_offered_to_those_who_open_it(organisation_a: Organisation) -> None:
    analyst = make_member("dana@example.com", organisation_a, Role.ANALYST)
    manager = make_member("erin@example.com", organisation_a, Role.MANAGER)

    assert 'href="/staff/teahouse/"' not in signed_in(analyst).get("/admin/").content.decode()
    assert 'href="/staff/teahouse/"' in signed_in(manager).get("/admin/").content.decode()


def test_the_home_screen_shows_ones_own_day(
    alice: User, guest: Guest, borshch: DishPage, place_b: PlacePage, pizza: DishPage
) -> None:
    ordered(guest, borshch)
    ordered(guest_at(table_of(place_b, 1)), pizza)

    body = signed_in(alice).get("/admin/").content.decode()

    assert "390" in body
    assert 'href="/staff/teahouse/"' in body
    assert "pizzeria" not in body.lower()
    assert "9.50" not in body
    assert "9,50" not in body


@pytest.mark.parametrize(("role", "shown"), [(Role.ANALYST, True), (Role.MANAGER, True), (Role.EDITOR, False)])
def test_roles_that_read_statistics(
    organisation_a: Organisation, guest: Guest, borshch: DishPage, role: Role, shown: bool
) -> None:
    ordered(guest, borshch)

    body = signed_in(make_member("dana@example.com", organisation_a, role)).get("/admin/").content.decode()

    assert ("390" in body) is shown
