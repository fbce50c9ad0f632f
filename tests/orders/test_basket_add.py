"""Adding to the basket over HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from menu_pages.stopping import stop_dish
from orders.models import BasketLine, Order, Session, Visit
from tests.factories.guests import Guest
from tests.factories.menus import make_category, make_dish


def assert_nothing_added(guest: Guest) -> None:
    assert guest.lines == []
    assert BasketLine.objects.count() == 0
    assert Order.objects.count() == 0


def test_a_form_leads_back_to_the_part_of_the_menu(guest: Guest, borshch: DishPage) -> None:
    response = guest.add(borshch)

    assert (response.status_code, response["Location"]) == (303, "/teahouse/#soups")
    assert guest.quantities == {"soups/borshch": 1}
    assert guest.state.total == Decimal("390.00")


@pytest.mark.parametrize(
    ("referer", "location"),
    [
        ("http://testserver/teahouse/?q=bor", "/teahouse/?q=bor#soups"),
        ("http://testserver/teahouse/soups/", "/teahouse/soups/#soups"),
        ("http://testserver/teahouse/soups/borshch/", "/teahouse/#soups"),
        ("http://testserver/pizzeria/", "/teahouse/#soups"),
        ("http://evil.example/teahouse/", "/teahouse/#soups"),
        ("http://testserver//evil.example/", "/teahouse/#soups"),
    ],
)
def test_the_way_back_is_a_page_of_this_place(guest: Guest, borshch: DishPage, referer: str, location: str) -> None:
    response = guest.post("basket/add", {"dish": borshch.menu_path}, headers={"referer": referer})

    assert response["Location"] == location


def test_the_script_gets_the_basket_bar(guest: Guest, borshch: DishPage) -> None:
    response = guest.add(borshch, 3, fragment="basket_bar")

    body = response.content.decode()
    assert response.status_code == 200
    assert 'data-count="3"' in body
    assert "1,170" in body
    assert "<html" not in body


def test_the_same_again_adds_up(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    guest.add(borshch, 2)

    assert [line["quantity"] for line in guest.lines] == [3]


def test_another_note_or_choice_is_another_line(guest: Guest, tea: DishPage) -> None:
    guest.add(tea, options=["size-small"])
    guest.add(tea, options=["size-large"])
    guest.add(tea, options=["size-small"], note="hot")
    guest.add(tea, options=["size-small"], note="hot")

    assert [(line["options"], line["note"], line["quantity"]) for line in guest.lines] == [
        (["size-small"], "", 1),
        (["size-large"], "", 1),
        (["size-small"], "hot", 2),
    ]


def test_options_add_to_the_price_in_the_menus_order(guest: Guest, tea: DishPage) -> None:
    guest.add(tea, 2, options=["extra-honey", "size-large", "extra-lemon"])

    (line,) = guest.lines
    assert line["options"] == ["size-large", "extra-lemon", "extra-honey"]
    assert (line["unit_price"], line["options_price"]) == ("200.00", "210.50")
    assert guest.state.total == Decimal("821.00")


def test_radio_buttons_named_by_their_group_count(guest: Guest, tea: DishPage) -> None:
    guest.post("basket/add", {"dish": tea.menu_path, "option-group-size": "size-large", "option": ["extra-mint", ""]})

    assert [line["options"] for line in guest.lines] == [["size-large", "extra-mint"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Choose an option in “Size”."),
        (["size-small", "size-large"], "Choose at most 1 option in “Size”."),
        (["size-small", "extra-lemon", "extra-honey", "extra-mint"], "Choose at most 2 options in “Extra”."),
        (["size-small", "gold"], "This choice is no longer on the menu. Please choose again."),
        (["size-small", "\0"], "This choice is no longer on the menu. Please choose again."),
    ],
)
def test_a_choice_that_does_not_fit_is_explained(guest: Guest, tea: DishPage, options: list[str], message: str) -> None:
    page = guest.add(tea, options=options)
    fragment = guest.add(tea, options=options, fragment="basket_bar")

    assert (page.status_code, fragment.status_code) == (400, 400)
    assert message in page.content.decode()
    assert message in fragment.content.decode()
    assert "<h1" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert_nothing_added(guest)


def test_what_was_chosen_is_kept_on_the_page_that_refuses(guest: Guest, tea: DishPage) -> None:
    body = guest.add(tea, 3, options=["extra-honey"], note="very hot").content.decode()

    assert "very hot" in body
    assert body.count("checked") >= 1


@pytest.mark.parametrize(
    "quantity", ["-1", "0", "1000000000", "１", "1.5", "1e3", " 1", "1 ", "+1", "0x1", "one", "\0", "1\0", "99999"]
)
@pytest.mark.parametrize("fragment", ["", "basket_bar"])
def test_a_quantity_that_is_none_adds_nothing(guest: Guest, borshch: DishPage, quantity: str, fragment: str) -> None:
    response = guest.add(borshch, quantity, fragment=fragment)

    assert response.status_code == 400
    assert_nothing_added(guest)


@pytest.mark.parametrize("quantity", [None, ""])
def test_no_quantity_is_one(guest: Guest, borshch: DishPage, quantity: str | None) -> None:
    guest.add(borshch, quantity)

    assert guest.quantities == {"soups/borshch": 1}


def test_the_refusal_says_what_to_write(guest: Guest, borshch: DishPage) -> None:
    assert "Write the quantity as a whole number." in guest.add(borshch, "1.5").content.decode()
    assert "Add at least one." in guest.add(borshch, "0").content.decode()


@pytest.mark.parametrize(
    ("note", "stored"), [("x" * 140, "x" * 140), ("  no onion ", "no onion"), ("🍲" * 140, "🍲" * 140)]
)
def test_notes_are_kept(guest: Guest, borshch: DishPage, note: str, stored: str) -> None:
    guest.add(borshch, note=note)

    assert [line["note"] for line in guest.lines] == [stored]


@pytest.mark.parametrize("note", ["x" * 141, "x" * 100_000, "a\0b"])
def test_a_note_that_does_not_fit_adds_nothing(guest: Guest, borshch: DishPage, note: str) -> None:
    response = guest.add(borshch, note=note)

    assert response.status_code == 400
    assert_nothing_added(guest)


def test_a_note_is_shown_as_text(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, note="<script>alert(1)</script>")

    body = guest.basket().content.decode()

    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(1)" in body


@pytest.mark.parametrize(
    "dish", ["", "soups", "soups/nothing", "\0", "soups/borshch\0", "x" * 601, "../pizzeria/pizza/margherita"]
)
def test_no_such_dish_is_not_found(guest: Guest, borshch: DishPage, dish: str) -> None:
    response = guest.add(dish)

    assert response.status_code == 404
    assert "This dish is no longer on the menu." in response.content.decode()
    assert_nothing_added(guest)


def test_a_dish_of_another_place_is_not_found(guest: Guest, pizza: DishPage) -> None:
    assert guest.add(pizza).status_code == 404
    assert_nothing_added(guest)


def test_an_unpublished_dish_is_not_found(guest: Guest, borshch: DishPage) -> None:
    borshch.unpublish()

    assert guest.add(borshch).status_code == 404
    assert_nothing_added(guest)


def test_a_dish_of_an_unpublished_category_is_not_found(guest: Guest, place_a: PlacePage) -> None:
    hidden = make_dish(make_category(place_a, "Secret", live=False), "Truffle")

    assert guest.add(hidden).status_code == 404
    assert_nothing_added(guest)


def test_a_dish_that_has_run_out_says_so(guest: Guest, borshch: DishPage) -> None:
    stop_dish(dish=borshch, by=None)

    response = guest.add(borshch)

    assert response.status_code == 400
    assert "This dish has run out." in response.content.decode()
    assert_nothing_added(guest)


def test_a_category_that_is_not_served_now_says_so(guest: Guest, borshch: DishPage, soups: CategoryPage) -> None:
    soups.refresh_from_db()
    soups.served_weekdays = [(guest.place.record.local_now().isoweekday() + 2) % 7 + 1]
    soups.save()

    response = guest.add(borshch, fragment="basket_bar")

    assert response.status_code == 400
    assert "This dish is not served at this hour." in response.content.decode()
    assert_nothing_added(guest)


def test_a_line_has_a_limit(guest: Guest, borshch: DishPage) -> None:
    PlaceRecord.objects.update(max_line_quantity=5)
    guest.add(borshch, 4)

    response = guest.add(borshch, 2)

    assert response.status_code == 400
    assert "At most 5 pieces of one dish in an order." in response.content.decode()
    assert guest.quantities == {"soups/borshch": 4}


def test_a_basket_has_a_limit(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    PlaceRecord.objects.update(max_basket_lines=2)
    guest.add(borshch)
    guest.add(borshch, note="cold")

    full = guest.add(ukha)
    more = guest.add(borshch, 2)

    assert full.status_code == 400
    assert "The basket is full." in full.content.decode()
    assert more.status_code == 303
    assert guest.quantities == {"soups/borshch": 4}


@pytest.mark.parametrize(
    "extra",
    [
        {"price": "1"},
        {"unit_price": "0.01"},
        {"options_price": "-390"},
        {"total": "0"},
        {"discount": "100"},
        {"currency": "UZS"},
        {"title": "Free soup"},
        {"place": "pizzeria"},
        {"table": "1"},
        {"visit": "someone-else"},
        {"order": "1"},
        {"status": "served"},
    ],
)
def test_nothing_the_guest_adds_changes_price_or_place(guest: Guest, borshch: DishPage, extra: dict[str, Any]) -> None:
    guest.add(borshch, **extra)
    guest.send(**extra)

    order = Order.objects.get()
    assert (order.total, order.currency, order.status) == (Decimal("390.00"), "RUB", "sent")
    assert (order.place, order.table.number, order.visit) == (guest.place, 7, guest.visit)
    assert [line.title for line in order.lines.all()] == ["Borshch"]


def test_reading_leads_to_the_basket_and_adds_nothing(guest: Guest, borshch: DishPage) -> None:
    response = guest.client.get("/teahouse/basket/add/", {"dish": borshch.menu_path})

    assert (response.status_code, response["Location"]) == (303, "/teahouse/basket/")
    assert_nothing_added(guest)


def test_without_a_table_adding_works(place_a: PlacePage, borshch: DishPage) -> None:
    reader = Guest(place_a)

    reader.add(borshch)

    assert reader.quantities == {"soups/borshch": 1}
    assert (reader.visit.table, reader.visit.seating) == (None, None)


def test_a_refusal_makes_no_session(place_a: PlacePage, tea: DishPage) -> None:
    reader = Guest(place_a)

    reader.add(tea)
    reader.add("soups/nothing")

    assert (Session.objects.count(), Visit.objects.count()) == (0, 0)


def test_adding_to_an_unpublished_place_is_not_found(guest: Guest, borshch: DishPage) -> None:
    guest.place.unpublish()

    assert guest.add(borshch).status_code == 404
    assert_nothing_added(guest)
