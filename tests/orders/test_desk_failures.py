"""Tickets that did not come out of a printer, as the desk tells it."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from menu_pages.models import DishPage, PlacePage
from orders.models import Delivery, Order, OutboxEvent, Station
from tests.factories.guests import Guest, ordered
from tests.factories.people import signed_in

DESK = "/staff/teahouse/"
A_WHILE_AGO = timezone.now() - datetime.timedelta(minutes=2)


@pytest.fixture
def browser(charlie: User) -> Client:
    return signed_in(charlie)


@pytest.fixture
def station(place_a: PlacePage) -> Station:
    return Station.objects.create(place=place_a, title="Hot kitchen")


@pytest.fixture
def order(guest: Guest, borshch: DishPage) -> Order:
    return ordered(guest, borshch)


def ticket(order: Order, station: Station, **fields: object) -> Delivery:
    event = OutboxEvent.objects.get(order=order, kind="order.sent")
    fields = {"status": "failed", "tries": 5, "problem": "The printer does not answer", **fields}
    return Delivery.objects.create(
        place_id=order.place_id, event=event, consumer="ticket", target=station.public_id, **fields
    )


def told(browser: Client) -> bool:
    return "was not printed" in browser.get(DESK).content.decode()


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, True),
        ({"status": "waiting", "tries": 3}, True),
        ({"status": "waiting", "tries": 2}, False),
        ({"status": "waiting", "tries": 0, "next_try_at": A_WHILE_AGO}, True),
        ({"status": "done"}, False),
        ({"consumer": "letter"}, False),
    ],
)
def test_a_ticket_that_failed_is_told(
    browser: Client, order: Order, station: Station, fields: dict[str, object], shown: bool
) -> None:
    delivery = ticket(order, station)
    Delivery.objects.filter(pk=delivery.pk).update(**fields)

    assert told(browser) == shown


def test_the_banner_names_order_table_station_and_reason(browser: Client, order: Order, station: Station) -> None:
    ticket(order, station)

    body = browser.get(DESK).content.decode()

    for words in ("The ticket of order 1 was not printed.", "Table 7 · Hot kitchen", "The printer does not answer"):
        assert words in body


@pytest.mark.parametrize("status", ["served", "cancelled", "closed"])
def test_an_order_that_has_left_the_desk_needs_no_ticket(
    browser: Client, order: Order, station: Station, status: str
) -> None:
    ticket(order, station)
    Order.objects.update(status=status)

    assert not told(browser)


def test_one_tap_has_it_tried_again(browser: Client, order: Order, station: Station) -> None:
    delivery = ticket(order, station)
    address = f"{DESK}orders/{order.public_id}/print/"

    answers = [browser.post(address, headers={"x-fragment": "said"}).content.decode() for _ in range(2)]

    delivery.refresh_from_db()
    assert ["is on its way again" in answer for answer in answers] == [True, False]
    assert (delivery.status, delivery.tries, delivery.next_try_at <= timezone.now()) == ("waiting", 0, True)
    assert not told(browser)


def test_a_ticket_in_a_workers_hands_is_left_to_it(browser: Client, order: Order, station: Station) -> None:
    delivery = ticket(order, station, status="waiting", tries=4, unsure=True)

    browser.post(f"{DESK}orders/{order.public_id}/print/")

    delivery.refresh_from_db()
    assert (delivery.tries, delivery.unsure) == (4, True)


def test_anothers_ticket_is_as_if_it_did_not_exist(
    bob: User, place_b: PlacePage, order: Order, station: Station
) -> None:
    delivery = ticket(order, station)
    browser = signed_in(bob)

    answers = [browser.post(f"/staff/{place}/orders/{order.public_id}/print/") for place in ("teahouse", "pizzeria")]

    delivery.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404]
    assert delivery.status == "failed"
