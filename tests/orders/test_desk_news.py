"""What the desk's pages without cards ring by: the plan, a table, the stop-list."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage, Table
from orders.calls import move_call
from orders.desk.board import news
from orders.desk.narrowing import read_narrowing, remembered_narrowing
from orders.models import CallStatus, OrderStatus
from orders.order_states import acknowledge_order, move_order
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member, signed_in
from tests.factories.service import called
from tests.factories.stations import make_station

DESK = "/staff/teahouse/"
WITHOUT_CARDS = (f"{DESK}tables/", f"{DESK}tables/3/", f"{DESK}stop-list/")


@pytest.fixture
def browser(charlie: User) -> Client:
    return signed_in(charlie)


def names_on(browser: Client, address: str, **headers: str) -> list[str]:
    answer = browser.get(address, headers={"x-fragment": "desk", **headers})
    names = answer.context["news"]
    assert f'data-news="{" ".join(names)}"' in answer.content.decode()
    return names


@pytest.mark.parametrize("address", WITHOUT_CARDS)
def test_new_orders_and_calls_are_named_as_their_cards_are(
    guest: Guest, borshch: DishPage, browser: Client, address: str
) -> None:
    order, call = ordered(guest, borshch), called(guest)

    assert names_on(browser, address) == [f"order-{order.public_id}", f"call-{call.public_id}"]
    board = browser.get(DESK).content.decode()
    assert [f'data-key="{name}"' in board for name in names_on(browser, address)] == [True, True]


def test_what_is_answered_is_no_news(guest: Guest, borshch: DishPage, browser: Client, charlie: User) -> None:
    first, second = ordered(guest, borshch), ordered(guest, borshch)
    call = called(guest)
    move_order(order_id=first.pk, to=OrderStatus.ACCEPTED, by=charlie)
    acknowledge_order(order_id=second.pk)
    move_call(call_id=call.pk, to=CallStatus.SEEN, by=charlie)

    # The second was seen and still waits to be accepted: on the board it lies among the new ones.
    assert names_on(browser, WITHOUT_CARDS[2]) == [f"order-{second.public_id}"]


def test_the_kitchen_hears_of_orders_alone(guest: Guest, borshch: DishPage, organisation_a: Organisation) -> None:
    order = ordered(guest, borshch)
    called(guest)
    cook = signed_in(make_member("cook@example.com", organisation_a, Role.KITCHEN))

    assert names_on(cook, WITHOUT_CARDS[2]) == [f"order-{order.public_id}"]


def test_the_board_rings_by_its_cards(guest: Guest, borshch: DishPage, browser: Client) -> None:
    ordered(guest, borshch)

    assert 'data-news=""' in browser.get(DESK).content.decode()


def test_other_places_are_no_news(guest: Guest, borshch: DishPage, bob: User, place_b: PlacePage) -> None:
    ordered(guest, borshch)

    assert names_on(signed_in(bob), "/staff/pizzeria/stop-list/") == []


@pytest.mark.parametrize("address", WITHOUT_CARDS)
def test_a_device_that_looks_at_a_zone_hears_of_that_zone(
    guest: Guest, place_a: PlacePage, borshch: DishPage, browser: Client, address: str
) -> None:
    Table.objects.filter(number=3).update(zone="Веранда")
    called(guest)
    outside = guest_at(table_of(place_a, 3))
    order, call = ordered(outside, borshch), called(outside)
    view = "?zone=%D0%92%D0%B5%D1%80%D0%B0%D0%BD%D0%B4%D0%B0&station="
    # The plan says it in its own address.
    narrowed = f"{address}{view}" if address.endswith("tables/") else address

    assert names_on(browser, narrowed, **{"x-view": view}) == [f"order-{order.public_id}", f"call-{call.public_id}"]


def test_a_station_hears_of_what_it_makes(
    guest: Guest, place_a: PlacePage, borshch: DishPage, tea: DishPage, browser: Client
) -> None:
    kitchen = make_station(place_a, "Kitchen", borshch.get_parent().specific)
    make_station(place_a, "Bar", tea.get_parent().specific)
    soup = ordered(guest, borshch)
    guest.add(tea, options=["size-small"])
    guest.send()

    view = f"?zone=&station={kitchen.public_id}"
    assert names_on(browser, WITHOUT_CARDS[2], **{"x-view": view}) == [f"order-{soup.public_id}"]


@pytest.mark.parametrize("parties", [1, 3])
def test_it_costs_two_queries(
    place_a: PlacePage, borshch: DishPage, parties: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, parties + 1):
        party = guest_at(table_of(place_a, number))
        ordered(party, borshch)
        called(party)

    with django_assert_num_queries(2):
        names = news(place_a, remembered_narrowing(place_a, ""), serves_tables=True)
    everything = read_narrowing(place_a, {})
    with django_assert_num_queries(2):
        assert news(place_a, everything, serves_tables=True) == names

    assert len(names) == 2 * parties
