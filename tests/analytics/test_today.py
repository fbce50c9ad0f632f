"""The current day on the moderator's home screen."""

import datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from analytics.today import today
from menu_pages.models import DishPage, PlacePage
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


@pytest.mark.parametrize("places", [1, 2])
def test_it_costs_a_query_a_place(
    place_a: PlacePage, place_b: PlacePage, places: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(places):
        days = today([place_a.record, place_b.record][:places])

    assert len(days) == places


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
