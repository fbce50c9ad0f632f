"""Dishes that run out, from the desk: one tap on an order's line, or from the panel."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import CategoryPage, DishPage, PlacePage, StopListEntry
from menu_pages.stopping import stop_dish
from orders.models import DeskState
from tests.factories.guests import Guest, ordered
from tests.factories.menus import make_dish
from tests.factories.people import make_member, signed_in

DESK = "/staff/teahouse/"
STOP_LIST = f"{DESK}stop-list/"
CHANGE = f"{STOP_LIST}change/"


@pytest.fixture
def browser(charlie: User) -> Client:
    return signed_in(charlie)


def out_now() -> list[str]:
    return sorted(StopListEntry.objects.filter(lifted_at=None).values_list("dish__title", flat=True))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.EDITOR, 200),
        (Role.MANAGER, 200),
        (Role.WAITER, 200),
        (Role.KITCHEN, 200),
        (Role.ANALYST, 404),
    ],
)
def test_roles_stop_a_dish_from_an_orders_line(
    organisation_a: Organisation, guest: Guest, borshch: DishPage, role: Role, status: int
) -> None:
    order = ordered(guest, borshch)
    browser = signed_in(make_member("dana@example.com", organisation_a, role))
    address = f"{DESK}orders/{order.public_id}/lines/{order.lines.get().key}/stop/"

    answer = browser.post(address, headers={"x-fragment": "said"})

    assert answer.status_code == status
    assert out_now() == (["Borshch"] if status == 200 else [])


def test_a_stopped_dish_is_marked_on_every_line_and_taken_back(
    browser: Client, guest: Guest, borshch: DishPage, charlie: User
) -> None:
    order = ordered(guest, borshch)
    address = f"{DESK}orders/{order.public_id}/lines/{order.lines.get().key}/stop/"
    offered = address in browser.get(DESK).content.decode()
    version = DeskState.objects.get().version

    said = browser.post(address, headers={"x-fragment": "said"}).content.decode()

    body = browser.get(DESK).content.decode()
    assert (offered, address in body, "on the stop-list" in body) == (True, False, True)
    assert ("“Borshch” is on the stop-list." in said, 'name="return" value="soups/borshch"' in said) == (True, True)
    assert StopListEntry.objects.get().stopped_by == charlie
    assert DeskState.objects.get().version > version
    browser.post(CHANGE, {"return": "soups/borshch"})
    assert out_now() == []


def test_a_line_without_its_dish_cannot_be_stopped(browser: Client, guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    key = order.lines.get().key
    order.lines.update(dish=None)

    body = browser.get(DESK).content.decode()
    answers = [browser.post(f"{DESK}orders/{order.public_id}/lines/{name}/stop/") for name in (key, "nothing")]

    assert "line-stop" not in body
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_panel_shows_what_is_out_and_the_menu(browser: Client, borshch: DishPage, ukha: DishPage) -> None:
    stop_dish(dish=ukha, by=None)

    found = browser.get(STOP_LIST).context["found"]

    assert [entry.dish.title for entry in found.stopped] == ["Ukha"]
    assert [(dish.title, dish.sold_out) for dish in found.dishes] == [("Borshch", False), ("Ukha", True)]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("борщ", ["Борщ московский"]),
        ("МОСК бор", ["Борщ московский"]),
        ("moscow", ["Борщ московский"]),
        ("уха", ["Уха"]),
        ("nothing", []),
        ("   ", ["Борщ московский", "Уха"]),
        ("\0", ["Борщ московский", "Уха"]),
        ("%", []),
        ("x" * 3000, []),
    ],
)
def test_a_dish_is_found_by_a_part_of_its_title(
    browser: Client, soups: CategoryPage, words: str, titles: list[str]
) -> None:
    make_dish(soups, "Борщ московский", translations={"en": {"title": "Moscow soup"}})
    make_dish(soups, "Уха")
    make_dish(soups, "Борщ черновой", live=False)

    found = browser.get(STOP_LIST, {"q": words}).context["found"]

    assert [dish.title for dish in found.dishes] == titles


def test_without_javascript_the_search_is_still_there_after_a_tap(browser: Client, borshch: DishPage) -> None:
    page = f"http://testserver{STOP_LIST}?q=bor"

    answer = browser.post(CHANGE, {"stop": "soups/borshch"}, headers={"referer": page})

    assert (answer.status_code, answer["Location"]) == (303, f"{STOP_LIST}?q=bor")
    assert out_now() == ["Borshch"]
    assert "data-undo" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("data", [{}, {"stop": "soups/nothing"}, {"stop": "\0"}, {"return": "soups"}, {"stop": ""}])
def test_what_is_no_dish_is_not_found(browser: Client, borshch: DishPage, data: dict[str, str]) -> None:
    assert browser.post(CHANGE, data).status_code == 404
    assert out_now() == []


def test_anothers_dish_is_as_if_it_did_not_exist(bob: User, pizza: DishPage, guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    line = f"orders/{order.public_id}/lines/{order.lines.get().key}/stop/"
    browser = signed_in(bob)

    answers = [
        browser.get(STOP_LIST),
        browser.post(CHANGE, {"stop": "soups/borshch"}),
        browser.post("/staff/pizzeria/stop-list/change/", {"stop": "soups/borshch"}),
        browser.post(DESK + line),
        browser.post(f"/staff/pizzeria/{line}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert out_now() == []
    assert [dish.title for dish in browser.get("/staff/pizzeria/stop-list/").context["found"].dishes] == ["Margherita"]


@pytest.mark.parametrize("page", ["", "1", "2", "99", "x"])
def test_long_menus_come_in_pages(
    browser: Client, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr("orders.desk.stop_list.ON_PAGE", 2)
    for number in range(3):
        make_dish(soups, f"Soup {number}")

    answer = browser.get(STOP_LIST, {"q": "soup", "p": page})

    shown = [dish.title for dish in answer.context["found"].dishes]
    assert shown == (["Soup 2"] if page in ("2", "99") else ["Soup 0", "Soup 1"])
    assert "?q=soup&amp;p=" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_costs_the_same_queries(
    browser: Client, soups: CategoryPage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        stop_dish(dish=make_dish(soups, f"Soup {number}"), by=None)

    # Session, user, organisations · place with its record, role · version, role, alarms · stopped dishes, the number of
    # dishes, dishes · new orders, new calls.
    with django_assert_num_queries(13):
        body = browser.get(STOP_LIST).content.decode()

    assert body.count('name="return"') == 2 * count


def test_a_place_of_nobodys_is_empty(bob: User, place_b: PlacePage) -> None:
    body = signed_in(bob).get("/staff/pizzeria/stop-list/").content.decode()

    assert "Everything on the menu can be ordered." in body
    assert "There is no such dish." in body
