"""Several guests at a table: orders of others are seen only when let."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.desk_state import version_of
from orders.models import Order, Visit
from orders.order_states import OrderStatus, move_order
from orders.seatings import close_seating
from orders.sharing import SharingRefusedError, answer_sharing, ask_to_see_table, asking_visits, first_visit_id
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of


@pytest.fixture
def friend(guest: Guest, table_7: Table) -> Guest:
    """Came to the guest's table after the guest."""
    return guest_at(table_7)


@pytest.fixture
def order(guest: Guest, borshch: DishPage) -> Order:
    return ordered(guest, borshch)


def sees(who: Guest) -> bool:
    """Whether the table's screen shows a dish that the other guest ordered."""
    return "Borshch" in who.table_screen().content.decode()


def ask(who: Guest) -> int:
    return who.post("table/sharing").status_code


def answer(who: Guest, about: Guest, word: str) -> int:
    return who.post(f"table/sharing/{about.visit.public_id}", {"answer": word}).status_code


def test_unasked_nobody_sees_the_others_orders(order: Order, friend: Guest) -> None:
    assert not sees(friend)
    assert "bill_of_table" not in friend.table_screen().context


def test_the_first_guest_lets_the_other_see(guest: Guest, order: Order, friend: Guest) -> None:
    version = version_of(guest.place.pk)
    asked = ask(friend)
    question = guest.table_screen().content.decode()
    while_asking = sees(friend)

    answered = answer(guest, friend, "yes")

    assert (asked, while_asking, answered, sees(friend)) == (303, False, 303, True)
    assert "asks to see its orders and bill" in question
    assert friend.visit.sharing == "granted"
    assert friend.table_screen().context["bill_of_table"] == Decimal("390.00")
    assert version_of(guest.place.pk) == version + 2


def test_staff_let_the_other_see(order: Order, friend: Guest, charlie: User) -> None:
    ask(friend)

    answer_sharing(visit_id=friend.visit.pk, granted=True, by_user=charlie)

    assert sees(friend)


def test_no_is_no(guest: Guest, order: Order, friend: Guest) -> None:
    ask(friend)
    answer(guest, friend, "no")

    assert (sees(friend), friend.visit.sharing) == (False, "refused")


def test_an_answer_may_be_changed(guest: Guest, order: Order, friend: Guest) -> None:
    ask(friend)
    answer(guest, friend, "yes")
    answer(guest, friend, "no")

    assert not sees(friend)


def test_the_table_sees_orders_of_all_without_the_cancelled_on_its_bill(
    guest: Guest, order: Order, friend: Guest, table_7: Table, ukha: DishPage, alice: User
) -> None:
    third = guest_at(table_7)
    ordered(third, ukha)
    wrong = ordered(third, ukha)
    move_order(order_id=wrong.pk, to=OrderStatus.CANCELLED, by=alice, reason="twice")
    ask(friend)
    answer(guest, friend, "yes")

    context = friend.table_screen().context

    assert [other.number for other in context["orders_of_table"]] == [3, 2, 1]
    assert context["bill_of_table"] == Decimal("840.50")
    assert guest.table_screen().context["bill_of_table"] == Decimal("840.50")


def test_orders_of_others_are_no_links_to_their_own_pages(guest: Guest, order: Order, friend: Guest) -> None:
    ask(friend)
    answer(guest, friend, "yes")

    assert order.public_id not in friend.table_screen().content.decode()
    assert friend.status(order).status_code == 404


def test_asking_again_while_nobody_answered_changes_nothing(guest: Guest, friend: Guest) -> None:
    ask(friend)
    version = version_of(guest.place.pk)

    assert (ask(friend), version_of(guest.place.pk), friend.visit.sharing_questions) == (303, version, 1)


def refused_ago(visit: Visit, minutes: int) -> None:
    Visit.objects.filter(pk=visit.pk).update(
        sharing="refused", sharing_at=timezone.now() - datetime.timedelta(minutes=minutes)
    )


def test_a_refused_guest_asks_once_more_and_not_at_once(guest: Guest, friend: Guest) -> None:
    ask(friend)
    refused_ago(friend.visit, 4)
    too_early = ask(friend)
    refused_ago(friend.visit, 5)
    again = ask(friend)
    refused_ago(friend.visit, 60)

    assert (too_early, again, ask(friend)) == (429, 303, 429)
    assert friend.visit.sharing == "refused"


def test_the_first_guest_need_not_ask(guest: Guest, order: Order, friend: Guest) -> None:
    assert (ask(guest), guest.visit.sharing) == (303, "")
    assert "Ask to see" not in guest.table_screen().content.decode()


@pytest.mark.parametrize("word", ["yes", "no"])
def test_nobody_answers_for_themselves_or_for_strangers(
    guest: Guest, friend: Guest, table_7: Table, place_a: PlacePage, place_b: PlacePage, word: str
) -> None:
    third, neighbour, elsewhere = guest_at(table_7), guest_at(table_of(place_a, 8)), guest_at(table_of(place_b, 7))
    ask(friend)

    answers = [answer(who, friend, word) for who in (friend, third, neighbour, Guest(place_a), elsewhere)]

    assert answers == [403, 403, 404, 404, 404]
    assert friend.visit.sharing == "asked"


def test_a_guest_who_did_not_ask_is_not_let_in_by_another(guest: Guest, friend: Guest) -> None:
    assert (answer(guest, friend, "yes"), friend.visit.sharing) == (403, "")


def test_an_answer_that_is_none(guest: Guest, friend: Guest) -> None:
    ask(friend)

    assert (answer(guest, friend, "maybe"), friend.visit.sharing) == (404, "asked")


def test_a_closed_table_shows_nothing_more(guest: Guest, order: Order, friend: Guest, alice: User) -> None:
    ask(friend)
    answer(guest, friend, "yes")
    move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=alice, reason="no soup")
    close_seating(seating_id=guest.visit.seating_id, by=alice)

    assert not sees(friend)
    assert ask(friend) == 403
    with pytest.raises(SharingRefusedError):
        answer_sharing(visit_id=friend.visit.pk, granted=True, by_user=alice)


def test_another_party_knows_nothing_of_what_the_last_one_allowed(
    guest: Guest, friend: Guest, place_a: PlacePage, ukha: DishPage
) -> None:
    neighbour = guest_at(table_of(place_a, 8))
    ordered(neighbour, ukha)
    ask(friend)
    answer(guest, friend, "yes")

    friend.scan(table_of(place_a, 8))

    assert friend.visit.sharing == ""
    assert "Ukha" not in friend.table_screen().content.decode()


def test_scanning_the_code_again_keeps_what_was_allowed(
    guest: Guest, order: Order, friend: Guest, table_7: Table
) -> None:
    ask(friend)
    answer(guest, friend, "yes")

    friend.scan(table_7)

    assert sees(friend)


def test_who_was_first_and_who_asks(guest: Guest, friend: Guest, table_7: Table) -> None:
    third = guest_at(table_7)
    ask(third)
    ask(friend)
    seating = guest.visit.seating_id

    assert first_visit_id(seating) == guest.visit.pk
    assert asking_visits(seating) == [friend.visit, third.visit]


def test_who_left_waits_for_no_answer(guest: Guest, friend: Guest) -> None:
    ask(friend)
    visit = friend.visit
    friend.post("leave", {"finish": "1"})

    assert asking_visits(guest.visit.seating_id) == []
    with pytest.raises(SharingRefusedError):
        answer_sharing(visit_id=visit.pk, granted=True, by_visit=guest.visit)


def test_without_a_table_there_is_nobody_to_ask(place_a: PlacePage) -> None:
    reader = Guest(place_a)

    with pytest.raises(SharingRefusedError, match="scan the code"):
        ask_to_see_table(session=reader.client.session, place=place_a)
    assert ask(reader) == 403
