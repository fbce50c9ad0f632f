"""`/<place>/?table=7&key=…`: what a printed code does, and what a wrong one does not."""

import pytest

from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.tables import replace_key, set_table_count
from orders.models import BasketLine, EndReason, GuestEvent, Seating, Session, Visit
from orders.seatings import close_seating
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import make_category, make_dish, make_place, table_of
from tests.factories.people import make_user

UNKNOWN = "/teahouse/?code=unknown"


def assert_nobody_was_seated() -> None:
    assert (Visit.objects.count(), Seating.objects.count(), Session.objects.count()) == (0, 0, 0)


def test_the_right_code_seats_the_guest(place_a: PlacePage, table_7: Table) -> None:
    guest = Guest(place_a)

    response = guest.scan(table_7)

    visit, seating = Visit.objects.get(), Seating.objects.get()
    assert (response.status_code, response["Location"]) == (303, "/teahouse/")
    assert response["Cache-Control"] == "private, no-store"
    assert (visit.place_id, visit.table, visit.seating, visit.ended_at) == (place_a.pk, table_7, seating, None)
    assert (seating.place_id, seating.table, seating.closed_at) == (place_a.pk, table_7, None)
    assert (guest.state.visit_id, guest.state.table_number) == (visit.public_id, 7)


def test_the_page_behind_it_names_the_table(guest: Guest) -> None:
    Table.objects.filter(number=7).update(label="by the window")
    guest.client.cookies.clear()
    guest.scan(Table.objects.get(number=7, place=guest.place))

    body = guest.client.get("/teahouse/").content.decode()

    assert "Table 7 · by the window" in body


@pytest.mark.parametrize("change", [lambda key: key[:-1], lambda key: key + "A", str.swapcase, lambda key: key[:0]])
def test_a_wrong_key_seats_nobody(place_a: PlacePage, table_7: Table, change: object) -> None:
    guest = Guest(place_a)

    response = guest.client.get("/teahouse/", {"table": "7", "key": change(table_7.key)})

    assert (response.status_code, response["Location"]) == (303, UNKNOWN)
    assert_nobody_was_seated()


@pytest.mark.parametrize("number", ["８", "７", "07x", "-7", "7.0", "", "0", "99999", "999999999", "7\0", "1e0", "٧"])
def test_a_table_that_is_none_seats_nobody(place_a: PlacePage, table_7: Table, number: str) -> None:
    response = Guest(place_a).client.get("/teahouse/", {"table": number, "key": table_7.key})

    assert (response.status_code, response["Location"]) == (303, UNKNOWN)
    assert_nobody_was_seated()


@pytest.mark.parametrize("key", ["\0", "ключ", "x" * 10_000, "' OR 1=1 --"])
def test_a_mangled_key_seats_nobody(place_a: PlacePage, table_7: Table, key: str) -> None:
    response = Guest(place_a).client.get("/teahouse/", {"table": "7", "key": key})

    assert (response.status_code, response["Location"]) == (303, UNKNOWN)
    assert_nobody_was_seated()


def test_the_key_of_another_table_seats_nobody(place_a: PlacePage, table_7: Table) -> None:
    Guest(place_a).client.get("/teahouse/", {"table": "8", "key": table_7.key})

    assert_nobody_was_seated()


def test_the_key_of_another_place_seats_nobody(place_a: PlacePage, place_b: PlacePage) -> None:
    response = Guest(place_a).client.get("/teahouse/", {"table": "7", "key": table_of(place_b, 7).key})

    assert response["Location"] == UNKNOWN
    assert_nobody_was_seated()


def test_a_replaced_key_seats_nobody(place_a: PlacePage, table_7: Table) -> None:
    old = table_7.key
    replace_key(table=table_7)

    response = Guest(place_a).client.get("/teahouse/", {"table": "7", "key": old})

    assert response["Location"] == UNKNOWN
    assert_nobody_was_seated()


def test_a_table_put_away_seats_nobody(place_a: PlacePage, table_7: Table) -> None:
    set_table_count(place=place_a, count=3)

    assert Guest(place_a).scan(table_7)["Location"] == UNKNOWN
    assert_nobody_was_seated()


def test_the_guest_is_told_that_the_code_is_unknown(place_a: PlacePage) -> None:
    body = Guest(place_a).client.get(UNKNOWN).content.decode()

    assert "This code is no longer valid" in body


def test_asking_for_the_head_alone_does_nothing(place_a: PlacePage, table_7: Table) -> None:
    Guest(place_a).client.head("/teahouse/", {"table": "7", "key": table_7.key})

    assert_nobody_was_seated()


def test_posting_a_code_does_nothing(place_a: PlacePage, table_7: Table) -> None:
    Guest(place_a).client.post(f"/teahouse/?table=7&key={table_7.key}")

    assert_nobody_was_seated()


def test_a_code_of_an_unpublished_place_is_not_found(place_a: PlacePage, table_7: Table) -> None:
    place_a.unpublish()

    assert Guest(place_a).scan(table_7).status_code == 404
    assert_nobody_was_seated()


def test_the_session_gets_a_new_key(place_a: PlacePage, table_7: Table, borshch: DishPage) -> None:
    guest = Guest(place_a)
    guest.add(borshch)
    planted = guest.client.cookies["sessionid"].value

    guest.scan(table_7)

    assert guest.client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(pk=planted).exists()
    assert guest.quantities == {"soups/borshch": 1}


def test_scanning_again_goes_on_with_the_visit(guest: Guest, table_7: Table) -> None:
    first, key = guest.visit, guest.client.cookies["sessionid"].value

    guest.scan(table_7)

    assert guest.visit == first
    assert guest.client.cookies["sessionid"].value == key
    assert (Visit.objects.count(), Seating.objects.count()) == (1, 1)


def test_two_guests_share_a_seating(guest: Guest, table_7: Table) -> None:
    friend = guest_at(table_7)

    assert friend.visit != guest.visit
    assert friend.visit.seating == guest.visit.seating


def test_a_reader_takes_the_basket_to_the_table(place_a: PlacePage, table_7: Table, borshch: DishPage) -> None:
    guest = Guest(place_a)
    guest.add(borshch, 2)
    before = guest.visit

    guest.scan(table_7)

    assert guest.visit == before
    assert guest.visit.table == table_7
    assert guest.quantities == {"soups/borshch": 2}


def test_moving_to_another_table_takes_the_basket_along(guest: Guest, place_a: PlacePage, borshch: DishPage) -> None:
    guest.add(borshch)
    visit = guest.visit

    guest.scan(table_of(place_a, 8))

    assert guest.visit == visit
    assert (guest.visit.table.number, guest.visit.seating.table.number) == (8, 8)
    assert guest.state.table_number == 8
    assert guest.quantities == {"soups/borshch": 1}


def test_another_places_code_ends_the_visit_and_saves_it(guest: Guest, borshch: DishPage, place_b: PlacePage) -> None:
    guest.add(borshch, 2, note="no cream")
    visit = guest.visit

    guest.client.get("/pizzeria/", {"table": "1", "key": table_of(place_b, 1).key})

    visit.refresh_from_db()
    line = BasketLine.objects.get()
    assert (visit.end_reason, visit.ended_at is not None) == (EndReason.OTHER_PLACE, True)
    assert (line.visit, line.dish, line.quantity, line.note, line.order) == (visit, borshch, 2, "no cream", None)
    assert [event.kind for event in GuestEvent.objects.filter(visit=visit)] == ["page_opened", "dish_added"]
    assert guest.state is None


def test_reading_another_place_ends_nothing(
    guest: Guest, borshch: DishPage, pizza: DishPage, place_b: PlacePage
) -> None:
    guest.add(borshch)
    elsewhere = Guest(place_b)
    elsewhere.client = guest.client

    elsewhere.client.get("/pizzeria/")
    elsewhere.add(pizza)

    assert guest.quantities == {"soups/borshch": 1}
    assert elsewhere.quantities == {"pizza/margherita": 1}
    assert guest.visit.ended_at is None


def test_after_the_table_was_closed_the_code_starts_a_new_visit(
    guest: Guest, table_7: Table, borshch: DishPage
) -> None:
    first = guest.visit
    close_seating(seating_id=first.seating_id, by=make_user("waiter@example.com"))

    guest.scan(table_7)

    assert guest.visit != first
    assert guest.visit.seating != first.seating
    assert guest.visit.seating.closed_at is None


def test_a_guest_keeps_baskets_of_five_places(guest: Guest) -> None:
    owner = make_user("chain@example.com")
    for number in range(6):
        other = Guest(make_place(owner, f"Chain {number}", tables=0))
        other.client = guest.client
        other.add(make_dish(make_category(other.place, "Soups"), "Ukha"))

    assert len(guest.client.session["visits"]) == 5
    assert guest.state is None


def test_the_key_stays_out_of_the_pages(guest: Guest, table_7: Table, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    pages = ("/teahouse/", "/teahouse/soups/borshch/", "/teahouse/basket/", f"/teahouse/orders/{order.public_id}/")

    bodies = [guest.client.get(page).content.decode() for page in pages]

    assert [table_7.key in body for body in bodies] == [False] * 4
    assert [guest.client.cookies["sessionid"].value in body for body in bodies] == [False] * 4
