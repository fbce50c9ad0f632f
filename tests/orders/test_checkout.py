"""Sending an order."""

from decimal import Decimal

import pytest
from django.utils import timezone

from menu_pages.models import DishPage, PlacePage, PlaceRecord, Table
from menu_pages.tables import replace_key, set_table_count
from orders.models import BasketLine, DeskState, GuestEvent, Order, OrderStatusChange, Visit
from orders.seatings import close_seating
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_user


def assert_nothing_sent() -> None:
    assert Order.objects.count() == 0
    assert BasketLine.objects.filter(order__isnull=False).count() == 0
    assert OrderStatusChange.objects.count() == 0


def test_an_order_has_its_rows_and_figures(guest: Guest, borshch: DishPage, tea: DishPage) -> None:
    guest.add(borshch, 2, note="no cream")
    guest.add(tea, 3, options=["size-large", "extra-lemon"])
    before = timezone.now()

    response = guest.send(comment="All at once, please")

    order = Order.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/teahouse/orders/{order.public_id}/")
    assert (order.place, order.table.number, order.visit) == (guest.place, 7, guest.visit)
    assert order.seating == guest.visit.seating
    assert (order.number, order.status, order.currency) == (1, "sent", "RUB")
    assert (order.purchases, order.items, order.total) == (2, 5, Decimal("1831.50"))
    assert order.comment == "All at once, please"
    assert before <= order.sent_at <= timezone.now()
    assert order.business_day == guest.place.record.business_day(order.sent_at)
    assert [
        (line.dish, line.title, line.quantity, line.unit_price, line.options_price, line.note, line.options_text)
        for line in order.lines.all()
    ] == [
        (borshch, "Borshch", 2, Decimal("390.00"), Decimal("0.00"), "no cream", ""),
        (tea, "Tea", 3, Decimal("200.00"), Decimal("150.50"), "", "Large, Lemon"),
    ]
    assert [(step.before, step.after, step.by) for step in order.history.all()] == [("", "sent", None)]


def test_afterwards_the_basket_is_empty_with_a_new_key(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    key = guest.state.order_key

    guest.send()

    assert guest.lines == []
    assert guest.state.order_key != key


def test_what_the_guest_did_is_saved_once(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    guest.add(borshch, 2)
    guest.add(ukha)
    guest.change(next(iter(guest.state.basket)), quantity="0")

    guest.send()
    guest.send("another-key-altogether")

    events = GuestEvent.objects.filter(visit=guest.visit)
    assert [(event.number, event.kind) for event in events] == [
        (1, "page_opened"),
        (2, "dish_added"),
        (3, "dish_added"),
        (4, "dish_removed"),
    ]
    assert events[1].dish == borshch
    assert events[1].data == {"table": 7, "quantity": 2, "unit_price": "390.00", "total_price": "780.00"}


def test_numbers_count_the_places_day(guest: Guest, borshch: DishPage, pizza: DishPage, place_b: PlacePage) -> None:
    elsewhere = guest_at(table_of(place_b, 1))

    numbers = [ordered(guest, borshch).number, ordered(guest, borshch).number, ordered(elsewhere, pizza).number]

    assert numbers == [1, 2, 1]


def test_numbers_begin_anew_each_day(guest: Guest, borshch: DishPage) -> None:
    first = ordered(guest, borshch)
    day = first.business_day.replace(year=first.business_day.year - 1)
    Order.objects.update(business_day=day)
    DeskState.objects.update(business_day=day)

    assert ordered(guest, borshch).number == 1


def test_the_same_key_again_is_the_same_order(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    key = guest.state.order_key

    answers = [guest.send(key) for _ in range(3)]

    order = Order.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/teahouse/orders/{order.public_id}/"] * 3
    assert order.total == Decimal("390.00")


def test_the_same_key_with_another_basket_is_refused(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    guest.add(borshch)
    key = guest.state.order_key
    guest.send(key)
    guest.add(ukha)

    response = guest.send(key)

    order = Order.objects.get()
    assert response.status_code == 422
    assert "order 1 is already sent" in response.content.decode()
    assert [line.title for line in order.lines.all()] == ["Borshch"]
    assert guest.quantities == {"soups/ukha": 1}


def test_after_that_refusal_the_page_holds_a_key_that_sends(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    guest.add(borshch)
    key = guest.state.order_key
    guest.send(key)
    guest.add(ukha)

    body = guest.send(key).content.decode()
    guest.send()

    assert key not in body
    assert [order.number for order in Order.objects.order_by("pk")] == [1, 2]


def test_the_same_basket_again_with_the_new_key_is_a_second_order(guest: Guest, borshch: DishPage) -> None:
    first, second = ordered(guest, borshch), ordered(guest, borshch)

    assert first != second
    assert first.payload_sha256 == second.payload_sha256


def test_another_guests_key_finds_nothing(guest: Guest, table_7: Table, borshch: DishPage, ukha: DishPage) -> None:
    guest.add(borshch, note="a secret of the guest")
    key = guest.state.order_key
    guest.send(key)
    stranger = guest_at(table_7)
    stranger.add(ukha)

    response = stranger.send(key)

    assert response.status_code == 404
    assert "a secret of the guest" not in response.content.decode()
    assert Order.objects.get().public_id not in response.content.decode()
    assert stranger.quantities == {"soups/ukha": 1}


def test_the_same_key_in_another_place_is_another_order(
    guest: Guest, borshch: DishPage, place_b: PlacePage, pizza: DishPage
) -> None:
    key = "a-key-of-this-very-test"
    guest.add(borshch)
    guest.send(key)
    elsewhere = guest_at(table_of(place_b, 1))
    elsewhere.add(pizza)

    elsewhere.send(key)

    assert Order.objects.filter(idempotency_key=key).count() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space", "ключ-ключ-ключ", "\0" * 10, "key'--; DROP"])
def test_without_a_usable_key_nothing_is_sent(guest: Guest, borshch: DishPage, key: str) -> None:
    guest.add(borshch)

    response = guest.send(key)

    assert response.status_code == 400
    assert_nothing_sent()
    assert guest.quantities == {"soups/borshch": 1}


def test_an_empty_basket_sends_nothing(guest: Guest) -> None:
    response = guest.send()

    assert response.status_code == 409
    assert "The basket is empty. Choose something first." in response.content.decode()
    assert_nothing_sent()


def test_without_a_table_sending_explains_itself(place_a: PlacePage, borshch: DishPage) -> None:
    reader = Guest(place_a)
    reader.add(borshch)

    response = reader.send()

    assert response.status_code == 403
    assert "scan the code on your table" in response.content.decode()
    assert reader.quantities == {"soups/borshch": 1}
    assert_nothing_sent()


def test_a_browser_without_a_session_sends_nothing_and_gets_none(place_a: PlacePage) -> None:
    stranger = Guest(place_a)

    response = stranger.send("a-key-long-enough")

    assert response.status_code == 403
    assert "sessionid" not in stranger.client.cookies
    assert_nothing_sent()


def test_a_closed_table_sends_nothing(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    close_seating(seating_id=guest.visit.seating_id, by=make_user("waiter@example.com"))

    response = guest.send()

    assert response.status_code == 403
    assert "This table has been closed." in response.content.decode()
    assert_nothing_sent()


def test_the_next_party_does_not_open_the_table_for_the_last_one(
    guest: Guest, table_7: Table, borshch: DishPage
) -> None:
    guest.add(borshch)
    close_seating(seating_id=guest.visit.seating_id, by=make_user("waiter@example.com"))
    guest_at(table_7)

    assert guest.send().status_code == 403
    assert_nothing_sent()


def test_a_replaced_code_sends_nothing_until_the_new_one_is_scanned(
    guest: Guest, table_7: Table, borshch: DishPage
) -> None:
    guest.add(borshch)
    replace_key(table=table_7)

    refused = guest.send()
    orders_then = Order.objects.count()
    guest.scan(table_7)
    guest.send()

    assert refused.status_code == 403
    assert "The code of this table has been replaced." in refused.content.decode()
    assert orders_then == 0
    assert Order.objects.count() == 1


def test_a_table_put_away_sends_nothing(guest: Guest, place_a: PlacePage, borshch: DishPage) -> None:
    guest.add(borshch)
    set_table_count(place=place_a, count=3)

    assert guest.send().status_code == 403
    assert_nothing_sent()


def test_a_place_that_takes_no_orders_sends_nothing(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    PlaceRecord.objects.update(ordering_enabled=False)

    response = guest.send()

    assert response.status_code == 403
    assert "This place is not taking orders here now." in response.content.decode()
    assert_nothing_sent()


def test_a_retry_after_the_table_was_closed_still_finds_its_order(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    key = guest.state.order_key
    guest.send(key)
    Order.objects.update(status="cancelled")
    close_seating(seating_id=guest.visit.seating_id, by=make_user("waiter@example.com"))

    response = guest.send(key)

    assert response["Location"] == f"/teahouse/orders/{Order.objects.get().public_id}/"


@pytest.mark.parametrize("comment", ["x" * 281, "x" * 100_000, "a\0b"])
def test_a_comment_that_does_not_fit_sends_nothing(guest: Guest, borshch: DishPage, comment: str) -> None:
    guest.add(borshch)

    response = guest.send(comment=comment)

    assert response.status_code == 400
    assert_nothing_sent()
    assert guest.quantities == {"soups/borshch": 1}


def test_the_comment_stays_on_the_page_that_refuses(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)

    response = guest.send("short", comment="for the birthday")

    assert response.status_code == 400
    assert "for the birthday" in response.content.decode()


def test_reading_leads_to_the_basket_and_sends_nothing(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)

    response = guest.client.get("/teahouse/order/", {"idempotency_key": guest.state.order_key})

    assert (response.status_code, response["Location"]) == (303, "/teahouse/basket/")
    assert_nothing_sent()


def test_sending_to_an_unpublished_place_is_not_found(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    guest.place.unpublish()

    assert guest.send().status_code == 404
    assert_nothing_sent()


def test_visits_are_kept_apart_from_djangos_session(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)

    key = guest.client.cookies["sessionid"].value
    assert Visit.objects.filter(public_id=key).count() == 0
    assert order.visit_id == guest.state.visit_id
