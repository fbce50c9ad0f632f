"""Pages that are the same for everyone, filled in for the guest who reads them."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from menu_pages.guest_parts import PARTS, placeholder
from menu_pages.models import DishPage, PlacePage
from tests.factories.guests import Guest, ordered
from tests.factories.people import signed_in

PAGES = ["/teahouse/", "/teahouse/soups/", "/teahouse/soups/borshch/"]
BASKET = "/teahouse/basket/"


@pytest.mark.parametrize("address", [*PAGES, BASKET, "/teahouse/?q=soup", "/teahouse/?code=unknown"])
def test_a_page_without_a_cookie_sets_none(borshch: DishPage, address: str) -> None:
    response = Client().get(address)

    assert response.status_code == 200
    assert dict(response.cookies) == {}
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("address", PAGES)
def test_a_shared_page_is_the_same_for_everyone(borshch: DishPage, address: str) -> None:
    first, second = (Client(headers={"accept-language": "en"}).get(address).content for _ in range(2))

    assert first == second
    assert b"csrfmiddlewaretoken" not in first
    assert b"nonce" not in first


@pytest.mark.parametrize("address", [*PAGES, BASKET])
def test_no_mark_of_a_part_is_left(guest: Guest, borshch: DishPage, address: str) -> None:
    bodies = [client.get(address).content.decode() for client in (Client(), guest.client)]

    assert [placeholder(part) in body for part in PARTS for body in bodies] == [False] * 4


def test_a_part_that_nobody_fills_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such guest part: weather"):
        placeholder("weather")


@pytest.mark.parametrize("address", [*PAGES, BASKET])
def test_the_guest_sees_table_and_basket(guest: Guest, borshch: DishPage, address: str) -> None:
    guest.add(borshch, 2)

    response = guest.client.get(address)

    assert response["Cache-Control"] == "private, no-store"
    assert "7" in response.content.decode()
    if address != BASKET:
        assert 'data-count="2"' in response.content.decode()


def test_the_table_is_shown_to_its_guest_alone(guest: Guest, borshch: DishPage) -> None:
    own = guest.client.get("/teahouse/").content.decode()
    others = Client(headers={"accept-language": "en"}).get("/teahouse/").content.decode()

    assert "Table 7" in own
    assert "Table 7" not in others


def test_counters_know_what_is_in_the_basket(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, 2)

    body = guest.client.get("/teahouse/").content.decode()

    assert "{&quot;soups/borshch&quot;: 2}" in body


def test_a_guest_of_one_place_is_nobody_in_another(guest: Guest, borshch: DishPage, place_b: PlacePage) -> None:
    guest.add(borshch)

    body = guest.client.get("/pizzeria/").content.decode()

    assert "Table 7" not in body
    assert 'data-count="0"' in body


def test_every_answer_to_a_guest_is_their_own(guest: Guest, borshch: DishPage, tea: DishPage) -> None:
    answers = [
        guest.add(borshch),
        guest.add(borshch, fragment="basket_bar"),
        guest.add(tea),
        guest.add("soups/nothing"),
        guest.change("0" * 16, quantity="1"),
        guest.change(next(iter(guest.state.basket)), quantity="3", fragment="basket"),
        guest.basket(fragment="basket"),
        guest.send("short"),
        guest.send(),
    ]

    assert [answer.status_code for answer in answers] == [303, 200, 400, 404, 404, 200, 200, 400, 303]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_only_what_is_sent_sets_a_cookie(place_a: PlacePage, borshch: DishPage) -> None:
    reader = Guest(place_a)

    reader.client.get("/teahouse/")
    before = dict(reader.client.cookies)
    cookie = reader.add(borshch).cookies["sessionid"]

    assert before == {}
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


@pytest.mark.parametrize("address", [*PAGES, BASKET])
def test_guest_pages_hold_no_script_or_style_of_their_own(guest: Guest, borshch: DishPage, address: str) -> None:
    guest.add(borshch)

    body = guest.client.get(address).content.decode()

    assert "<style" not in body
    assert " style=" not in body
    assert "javascript:" not in body
    assert " onclick=" not in body
    # Data for search engines is in a script element as well; it is never run.
    scripts = body.count('<script type="module" src="/static/') + body.count('<script type="application/ld+json">')
    assert body.count("<script") == scripts
    assert "https://" not in body.replace("https://www.w3.org", "").replace("https://schema.org", "")


def test_an_owner_reading_the_menu_is_a_reader(alice: User, borshch: DishPage) -> None:
    body = signed_in(alice).get("/teahouse/").content.decode()

    assert "Borshch" in body
    assert 'data-count="0"' in body


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", ["basket/add/", "basket/update/", "order/", "basket/"])
def test_other_methods_do_nothing(guest: Guest, borshch: DishPage, method: str, address: str) -> None:
    guest.add(borshch)

    response = getattr(guest.client, method)(f"/teahouse/{address}")

    assert response.status_code == 405
    assert guest.quantities == {"soups/borshch": 1}


MANGLED = [
    "/%00/",
    "/te%00ahouse/basket/",
    "/teahouse/%00/",
    "/teahouse/orders/%00/",
    "/staff/%00/",
    "/staff/teahouse/orders/%00/move/",
    "/%ff%fe/",
    "/%ed%a0%80/",
    f"/{'x' * 3000}/",
    "/teahouse//",
]


@pytest.mark.parametrize("address", MANGLED)
def test_a_mangled_address_is_not_found(guest: Guest, alice: User, address: str) -> None:
    answers = [browser.get(address) for browser in (Client(), guest.client, signed_in(alice))]
    answers += [browser.post(address) for browser in (Client(), guest.client, signed_in(alice))]

    assert {answer.status_code for answer in answers} <= {302, 404, 405}
    assert not any(answer.get("Location", "/").startswith("//") for answer in answers)


@pytest.mark.parametrize("orders", [1, 3])
def test_a_status_page_costs_the_same_queries(
    guest: Guest, borshch: DishPage, tea: DishPage, orders: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(orders):
        guest.add(tea, options=["size-large"])
        order = ordered(guest, borshch)

    with django_assert_num_queries(STATUS_QUERIES):
        guest.status(order)


@pytest.mark.parametrize("lines", [1, 3])
def test_a_basket_costs_the_same_queries(
    guest: Guest, borshch: DishPage, lines: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(lines):
        guest.add(borshch, note=f"note {number}")

    with django_assert_num_queries(BASKET_QUERIES):
        guest.basket()


# Place with its record, session, order, lines; the visit with its table; the subscription; the visit's other orders,
# the bill; the first guest, who asks, the others' orders, the table's bill; calls; the rating; and for the
# script, the desks' version and the order's marks.
STATUS_QUERIES = 16
# Place with its record, session, visit, dishes, their categories.
BASKET_QUERIES = 6
