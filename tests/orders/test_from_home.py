"""A table's code in the hands of somebody who is not there: a visit of yesterday, another place's code, a photo of the
code opened at home. The menu can be read; nothing is made in the kitchen that nobody has confirmed."""

import pytest

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord, Table
from menu_pages.tables import replace_key
from orders.models import Order, OrderStatus, Seating, WaiterCall
from orders.order_states import move_order
from orders.seatings import close_seating, open_by_staff
from tests.factories.guests import Guest, guest_at, ordered, served
from tests.factories.menus import table_of
from tests.factories.people import signed_in

IN_THE_KITCHEN = (OrderStatus.ACCEPTED, OrderStatus.PREPARING, OrderStatus.READY)


@pytest.fixture
def yesterday(guest: Guest, borshch: DishPage, charlie: User) -> Guest:
    """A guest of table 7 who has eaten, paid and left; the table is closed, the phone still has the page open."""
    served(ordered(guest, borshch), charlie)
    guest.add(borshch)
    close_seating(seating_id=guest.visit.seating_id, by=charlie)
    return guest


def confirmed() -> int:
    return Order.objects.filter(status__in=IN_THE_KITCHEN).count()


def press_send(guest: Guest, dish: DishPage, times: int = 1) -> list[int]:
    answers = []
    for _ in range(times):
        guest.add(dish)
        answers.append(guest.send().status_code)
    return answers


def test_yesterdays_page_reads_the_menu_and_does_nothing_else(yesterday: Guest, table_7: Table) -> None:
    assert yesterday.client.get("/teahouse/").status_code == 200
    assert (yesterday.send().status_code, yesterday.call("come").status_code) == (403, 403)
    assert (Order.objects.count(), WaiterCall.objects.count()) == (1, 0)
    assert Seating.objects.open().count() == 0


def test_yesterdays_page_is_nobody_at_the_next_partys_table(
    yesterday: Guest, table_7: Table, ukha: DishPage, charlie: User
) -> None:
    open_by_staff(table=table_7, by=charlie)
    party = guest_at(table_7)
    order = ordered(party, ukha)

    assert (yesterday.send().status_code, yesterday.call("bill").status_code) == (403, 403)
    assert "Ukha" not in yesterday.table_screen().content.decode()
    assert yesterday.status(order).status_code == 404
    assert list(Order.objects.filter(seating=party.visit.seating)) == [order]


def test_the_code_opened_again_begins_a_visit_whose_orders_wait_for_staff(
    yesterday: Guest, table_7: Table, borshch: DishPage
) -> None:
    yesterday.scan(table_7)

    answers = press_send(yesterday, borshch, times=5)

    seating = yesterday.visit.seating
    assert (seating.opened_by, answers) == (None, [303, 303, 303, 429, 429])
    assert set(seating.orders.values_list("status", flat=True)) == {OrderStatus.SENT}
    assert confirmed() == 0


@pytest.mark.parametrize("acceptance", ["by_hand", "at_once_seated"])
def test_a_photo_of_the_code_makes_nothing_in_the_kitchen(
    place_a: PlacePage, table_7: Table, borshch: DishPage, acceptance: str
) -> None:
    """With as many fresh browsers as somebody at home cares to open."""
    PlaceRecord.objects.update(acceptance=acceptance)

    answers = [status for _ in range(5) for status in press_send(guest_at(table_7), borshch, times=3)]

    assert (answers.count(303), answers.count(429)) == (place_a.record.max_unconfirmed_by_table, 5)
    assert (confirmed(), Order.objects.filter(status=OrderStatus.SENT).count()) == (0, 10)


def test_even_where_orders_need_no_hand_only_so_many_wait_for_an_answer(
    place_a: PlacePage, table_7: Table, borshch: DishPage
) -> None:
    PlaceRecord.objects.update(acceptance="at_once")

    answers = [status for _ in range(5) for status in press_send(guest_at(table_7), borshch, times=3)]

    assert answers.count(303) == place_a.record.max_unconfirmed_by_table
    assert Order.objects.unacknowledged().count() == place_a.record.max_unconfirmed_by_table


def test_the_staff_see_that_nobody_has_opened_the_table(
    table_7: Table, place_a: PlacePage, borshch: DishPage, charlie: User
) -> None:
    """By hand the order lies among the new ones; sent away with a reason and the table closed, the rest ends too."""
    stranger = guest_at(table_7)
    order = ordered(stranger, borshch)
    board = signed_in(charlie).get("/staff/teahouse/")
    assert [card.order for card in board.context["columns"][0].cards] == [order]

    move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=charlie, reason="nobody sits there")
    close_seating(seating_id=stranger.visit.seating_id, by=charlie)

    assert press_send(stranger, borshch) == [403]
    assert confirmed() == 0


def test_a_replaced_code_ends_the_photo(table_7: Table, borshch: DishPage) -> None:
    before, later = guest_at(table_7), Guest(PlacePage.objects.get(slug="teahouse"))
    photo = table_7.key
    replace_key(table=table_7)

    answer = later.client.get("/teahouse/", {"table": "7", "key": photo})

    assert answer["Location"] == "/teahouse/?code=unknown"
    assert (press_send(before, borshch), press_send(later, borshch)) == ([403], [403])
    assert Order.objects.count() == 0


def test_another_places_code_opens_nothing_here(place_a: PlacePage, place_b: PlacePage, borshch: DishPage) -> None:
    stranger = Guest(place_a)

    stranger.client.get("/teahouse/", {"table": "7", "key": table_of(place_b, 7).key})
    stranger.client.get("/pizzeria/", {"table": "7", "key": table_of(place_b, 7).key})

    assert press_send(stranger, borshch) == [403]
    assert (Order.objects.count(), Seating.objects.filter(place=place_a).count()) == (0, 0)
