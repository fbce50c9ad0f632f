"""Changing, noting and removing lines over HTTP."""

import pytest

from menu_pages.models import DishPage, PlacePage, PlaceRecord
from orders.models import BasketLine
from orders.saving import save_visit
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import table_of


@pytest.fixture
def filled(guest: Guest, borshch: DishPage, ukha: DishPage) -> Guest:
    """Two borshch and one ukha."""
    guest.add(borshch, 2)
    guest.add(ukha)
    return guest


def key_of(guest: Guest, title: str) -> str:
    return next(key for key, line in guest.state.basket.items() if line["title"] == title)


def test_a_form_leads_back_to_where_it_stood(filled: Guest) -> None:
    response = filled.post(
        "basket/update",
        {"line": key_of(filled, "Borshch"), "quantity": "3"},
        headers={"referer": "http://testserver/teahouse/basket/"},
    )

    assert (response.status_code, response["Location"]) == (303, "/teahouse/basket/")
    assert filled.quantities == {"soups/borshch": 3, "soups/ukha": 1}


def test_the_script_gets_the_basket(filled: Guest) -> None:
    response = filled.change(key_of(filled, "Borshch"), quantity="1", fragment="basket")

    body = response.content.decode()
    assert response.status_code == 200
    assert "data-basket" in body
    assert "840.50" in body
    assert "<html" not in body


def test_the_script_gets_the_bar_for_a_cards_counter(filled: Guest) -> None:
    response = filled.change("", dish="soups/ukha", quantity="2", fragment="basket_bar")

    assert response.status_code == 200
    assert 'data-count="4"' in response.content.decode()
    assert filled.quantities == {"soups/borshch": 2, "soups/ukha": 2}


def test_zero_takes_the_line_out(filled: Guest) -> None:
    filled.change(key_of(filled, "Borshch"), quantity="0")

    assert filled.quantities == {"soups/ukha": 1}


def test_taking_the_last_line_out_leaves_an_empty_basket(filled: Guest) -> None:
    for title in ("Borshch", "Ukha"):
        filled.change(key_of(filled, title), quantity="0")

    assert filled.lines == []
    assert "Nothing chosen yet" in filled.basket().content.decode()


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ("4", [("no cream", 2), ("", 2)]),
        ("2", [("no cream", 2)]),
        ("1", [("no cream", 1)]),
        ("0", []),
    ],
)
def test_a_counter_counts_all_lines_of_its_dish(
    guest: Guest, borshch: DishPage, wanted: str, left: list[tuple[str, int]]
) -> None:
    guest.add(borshch, 2, note="no cream")
    guest.add(borshch)

    guest.change("", dish="soups/borshch", quantity=wanted)

    assert [(line["note"], line["quantity"]) for line in guest.lines] == left


def test_a_counter_without_a_number_changes_nothing(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, 2)

    response = guest.change("", dish="soups/borshch")

    assert response.status_code == 400
    assert guest.quantities == {"soups/borshch": 2}


def test_a_note_keeps_the_line_in_its_place(filled: Guest) -> None:
    filled.change(key_of(filled, "Borshch"), note="no cream")

    assert [(line["title"], line["note"], line["quantity"]) for line in filled.lines] == [
        ("Borshch", "no cream", 2),
        ("Ukha", "", 1),
    ]


def test_a_form_without_a_note_keeps_it(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, note="no cream")

    guest.change(guest.only_line(), quantity="2")

    assert [(line["note"], line["quantity"]) for line in guest.lines] == [("no cream", 2)]


def test_an_emptied_note_goes(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, note="no cream")

    guest.change(guest.only_line(), note="")

    assert [line["note"] for line in guest.lines] == [""]


def test_lines_that_became_equal_join(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, 2)
    guest.add(borshch, 3, note="no cream")
    _first, second = guest.state.basket

    guest.change(second, note="")

    assert [(line["note"], line["quantity"]) for line in guest.lines] == [("", 5)]


def test_lines_that_would_be_too_many_together_stay_apart(guest: Guest, borshch: DishPage) -> None:
    PlaceRecord.objects.update(max_line_quantity=4)
    guest.add(borshch, 2)
    guest.add(borshch, 3, note="no cream")
    _first, second = guest.state.basket

    response = guest.change(second, note="")

    assert response.status_code == 400
    assert "At most 4 pieces" in response.content.decode()
    assert [(line["note"], line["quantity"]) for line in guest.lines] == [("", 2), ("no cream", 3)]


@pytest.mark.parametrize("quantity", ["-1", "1000000000", "１", "1.5", " 1", "one", "\0", "99999"])
@pytest.mark.parametrize("fragment", ["", "basket"])
def test_a_quantity_that_is_none_changes_nothing(filled: Guest, quantity: str, fragment: str) -> None:
    response = filled.change(key_of(filled, "Borshch"), quantity=quantity, fragment=fragment)

    assert response.status_code == 400
    assert filled.quantities == {"soups/borshch": 2, "soups/ukha": 1}


def test_an_empty_quantity_changes_nothing(filled: Guest) -> None:
    response = filled.change(key_of(filled, "Borshch"), quantity="")

    assert response.status_code == 303
    assert filled.quantities == {"soups/borshch": 2, "soups/ukha": 1}


def test_more_than_the_place_allows_is_refused(filled: Guest) -> None:
    PlaceRecord.objects.update(max_line_quantity=5)

    response = filled.change(key_of(filled, "Borshch"), quantity="6")

    assert response.status_code == 400
    assert "At most 5 pieces of one dish in an order." in response.content.decode()
    assert filled.quantities == {"soups/borshch": 2, "soups/ukha": 1}


@pytest.mark.parametrize("note", ["x" * 141, "a\0b"])
def test_a_note_that_does_not_fit_changes_nothing(filled: Guest, note: str) -> None:
    response = filled.change(key_of(filled, "Borshch"), note=note)

    assert response.status_code == 400
    assert [line["note"] for line in filled.lines] == ["", ""]


@pytest.mark.parametrize("line", ["nothing-such", "0" * 16, "../../etc"])
@pytest.mark.parametrize("fragment", ["", "basket"])
def test_a_line_that_is_not_there_is_not_found(filled: Guest, line: str, fragment: str) -> None:
    response = filled.change(line, quantity="5", fragment=fragment)

    assert response.status_code == 404
    assert "This dish is not in your order any more." in response.content.decode()
    assert filled.quantities == {"soups/borshch": 2, "soups/ukha": 1}


@pytest.mark.parametrize("data", [{}, {"line": "\0"}, {"line": "x" * 17}, {"dish": "\0"}])
def test_a_form_that_names_no_line_is_refused(filled: Guest, data: dict[str, str]) -> None:
    response = filled.post("basket/update", {"quantity": "5", **data})

    assert response.status_code == 400
    assert filled.quantities == {"soups/borshch": 2, "soups/ukha": 1}


def test_another_guests_line_is_out_of_reach(filled: Guest, place_a: PlacePage, borshch: DishPage) -> None:
    friend = guest_at(table_of(place_a, 7))
    friend.add(borshch, 5)

    friend.change(friend.only_line(), quantity="0")

    assert friend.lines == []
    assert filled.quantities == {"soups/borshch": 2, "soups/ukha": 1}


def test_a_browser_that_has_nothing_changes_nothing(place_a: PlacePage, borshch: DishPage) -> None:
    stranger = Guest(place_a)

    response = stranger.change("0" * 16, quantity="1")

    assert response.status_code == 404
    assert "sessionid" not in stranger.client.cookies


def test_saving_brings_the_rows_to_the_basket(filled: Guest) -> None:
    save_visit(state=filled.state, visit=filled.visit)
    filled.change(key_of(filled, "Borshch"), quantity="0")
    filled.change(key_of(filled, "Ukha"), quantity="4")

    for _ in range(2):
        save_visit(state=filled.state, visit=filled.visit)

    assert [(line.title, line.quantity) for line in BasketLine.objects.all()] == [("Ukha", 4)]
