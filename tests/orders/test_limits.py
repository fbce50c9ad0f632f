"""How much one guest, one table, one order may ask of the kitchen before somebody answers."""

import pytest

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord, Table
from orders.models import Order, OrderStatus
from orders.order_states import acknowledge_order, move_order
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of


def allow(**limits: int) -> None:
    PlaceRecord.objects.update(**limits)


def send(guest: Guest, dish: DishPage, quantity: int = 1) -> int:
    guest.add(dish, quantity)
    return guest.send().status_code


def test_by_default_a_guest_has_three_orders_waiting(guest: Guest, borshch: DishPage) -> None:
    assert [send(guest, borshch) for _ in range(5)] == [303, 303, 303, 429, 429]
    assert Order.objects.count() == 3


def test_by_default_a_table_has_ten_orders_waiting(table_7: Table, place_a: PlacePage, borshch: DishPage) -> None:
    party = [guest_at(table_7) for _ in range(4)]

    answers = [send(guest, borshch) for guest in party for _ in range(3)]

    assert answers == [303] * 10 + [429] * 2
    assert send(guest_at(table_of(place_a, 8)), borshch) == 303


def test_the_refusal_says_what_to_wait_for_and_keeps_the_basket(
    guest: Guest, table_7: Table, borshch: DishPage, ukha: DishPage
) -> None:
    allow(max_unconfirmed_by_visit=1, max_unconfirmed_by_table=2)
    friends = [guest_at(table_7), guest_at(table_7)]
    ordered(guest, borshch)
    ordered(friends[0], borshch)
    guest.add(ukha, 2)
    friends[1].add(ukha)

    own, of_table = guest.send(), friends[1].send()

    assert "Your earlier orders are still waiting for the staff." in own.content.decode()
    assert "This table’s earlier orders are still waiting for the staff." in of_table.content.decode()
    assert (own.status_code, of_table.status_code, guest.quantities) == (429, 429, {"soups/ukha": 2})


@pytest.mark.parametrize("answer", ["accept", "cancel", "acknowledge", "take back"])
def test_an_answered_order_makes_room(guest: Guest, borshch: DishPage, charlie: User, answer: str) -> None:
    allow(max_unconfirmed_by_visit=1)
    order = ordered(guest, borshch)
    before = send(guest, borshch)

    if answer == "accept":
        move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=charlie)
    elif answer == "cancel":
        move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=charlie, reason="no beetroot")
    elif answer == "acknowledge":
        acknowledge_order(order_id=order.pk)
    else:
        guest.take_back(order)

    assert (before, guest.send().status_code) == (429, 303)


def test_an_order_accepted_by_itself_waits_for_somebody_too(guest: Guest, borshch: DishPage) -> None:
    allow(max_unconfirmed_by_visit=1)
    PlaceRecord.objects.update(acceptance="at_once")

    assert [send(guest, borshch) for _ in range(2)] == [303, 429]


def test_a_new_visit_at_the_table_does_not_go_round_the_tables_limit(
    guest: Guest, table_7: Table, borshch: DishPage
) -> None:
    allow(max_unconfirmed_by_table=2)
    answers = []
    for _ in range(4):
        guest.post("leave", {"finish": "1"})
        guest.scan(table_7)
        answers.append(send(guest, borshch))

    assert answers == [303, 303, 429, 429]


def test_a_retry_of_a_sent_order_is_no_new_one(guest: Guest, borshch: DishPage) -> None:
    allow(max_unconfirmed_by_visit=1)
    guest.add(borshch)
    key = guest.state.order_key

    assert [guest.send(key).status_code for _ in range(3)] == [303] * 3


@pytest.mark.parametrize(("pieces", "status"), [((3, 2), 303), ((3, 3), 400)])
def test_an_order_holds_so_many_pieces(
    guest: Guest, borshch: DishPage, ukha: DishPage, pieces: tuple[int, int], status: int
) -> None:
    allow(max_order_items=5)
    guest.add(borshch, pieces[0])
    guest.add(ukha, pieces[1])

    response = guest.send()

    assert response.status_code == status
    assert ("An order may hold 5 pieces at most." in response.content.decode()) is (status == 400)


@pytest.mark.parametrize(("quantity", "status"), [(50, 303), (51, 400)])
def test_a_line_holds_so_many_pieces(guest: Guest, borshch: DishPage, quantity: int, status: int) -> None:
    assert guest.add(borshch, quantity).status_code == status


def test_others_notice_nothing_of_a_table_that_floods(guest: Guest, place_a: PlacePage, borshch: DishPage) -> None:
    flood = [send(guest, borshch) for _ in range(20)]

    answers = [send(guest_at(table_of(place_a, number)), borshch) for number in range(1, 7)]

    assert (flood.count(303), answers) == (3, [303] * 6)
    assert Order.objects.unacknowledged().filter(table__number=7).count() == 3
