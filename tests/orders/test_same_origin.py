"""A guest's form is done only when the browser says that it stood on a page of ours."""

import pytest
from django.test import Client

from menu_pages.models import DishPage, PlacePage, Table
from orders.models import BasketLine, Order, Visit
from tests.factories.guests import Guest

OWN = [
    {"origin": "http://testserver"},
    {"referer": "http://testserver/teahouse/"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "same-origin", "origin": "null"},
]
FOREIGN = [
    {},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": ""},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"origin": "null"},
    {"origin": "http://evil.example"},
    {"origin": "https://testserver"},
    {"origin": "http://testserver:8080"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://evil.example", "referer": "http://testserver/"},
    {"referer": "http://evil.example/?http://testserver/"},
    {"referer": "http://testserver@evil.example/"},
    {"referer": "testserver"},
]


def browser_of(guest: Guest) -> Client:
    """The guest's cookies in a browser that adds no headers of its own."""
    client = Client()
    client.cookies = guest.client.cookies
    return client


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_our_own_page_is_heard(guest: Guest, borshch: DishPage, headers: dict[str, str]) -> None:
    response = browser_of(guest).post("/teahouse/basket/add/", {"dish": borshch.menu_path}, headers=headers)

    assert response.status_code == 303
    assert guest.quantities == {"soups/borshch": 1}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_any_other_page_is_refused(guest: Guest, borshch: DishPage, ukha: DishPage, headers: dict[str, str]) -> None:
    guest.add(borshch)
    browser = browser_of(guest)
    forms = {
        "basket/add": {"dish": ukha.menu_path},
        "basket/update": {"line": guest.only_line(), "quantity": "0"},
        "order": {"idempotency_key": guest.state.order_key},
    }

    answers = [browser.post(f"/teahouse/{address}/", data, headers=headers) for address, data in forms.items()]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert guest.quantities == {"soups/borshch": 1}
    assert (Order.objects.count(), BasketLine.objects.count()) == (0, 0)


def test_the_refusal_says_why(place_a: PlacePage, borshch: DishPage) -> None:
    response = Client(headers={"accept-language": "en"}).post("/teahouse/basket/add/", {"dish": borshch.menu_path})

    assert response.status_code == 403
    assert "This form came from another site, so nothing was done." in response.content.decode()
    assert Visit.objects.count() == 0


def test_reading_needs_no_word(place_a: PlacePage) -> None:
    response = Client().get("/teahouse/basket/", headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 200


def test_a_code_scanned_from_anywhere_works(place_a: PlacePage, table_7: Table) -> None:
    address = f"/teahouse/?table=7&key={table_7.key}"

    response = Client().get(address, headers={"sec-fetch-site": "cross-site"})

    assert response["Location"] == "/teahouse/"
    assert Visit.objects.count() == 1
