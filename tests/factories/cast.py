"""The recurring cast, as fixtures: each folder's conftest imports them.

Alice owns place A (a Russian teahouse), Bob owns place B (a British pizzeria) and has every right there, Charlie waits
tables at A, a guest sits at table 7 of A.
"""

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import CategoryPage, DishPage, PlacePage, Table
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import make_category, make_dish, make_place, option_group, table_of
from tests.factories.people import make_member, make_user


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Words in tests are those of the source, whatever the translations say."""
    with translation.override("en"):
        yield


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice@example.com")


@pytest.fixture
def place_a(alice: User) -> PlacePage:
    return make_place(alice, "Teahouse")


@pytest.fixture
def organisation_a(place_a: PlacePage) -> Organisation:
    return place_a.record.organisation


@pytest.fixture
def charlie(organisation_a: Organisation) -> User:
    return make_member("charlie@example.com", organisation_a, Role.WAITER)


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob@example.com")


@pytest.fixture
def place_b(bob: User) -> PlacePage:
    return make_place(bob, "Pizzeria", currency="GBP", time_zone="Europe/London", language="en")


@pytest.fixture
def soups(place_a: PlacePage) -> CategoryPage:
    return make_category(place_a, "Soups")


@pytest.fixture
def borshch(soups: CategoryPage) -> DishPage:
    return make_dish(soups, "Borshch", "390.00")


@pytest.fixture
def ukha(soups: CategoryPage) -> DishPage:
    return make_dish(soups, "Ukha", "450.50")


@pytest.fixture
def tea(place_a: PlacePage) -> DishPage:
    """A dish with a required choice of size and up to two additions."""
    return make_dish(
        make_category(place_a, "Drinks"),
        "Tea",
        "200.00",
        options=[
            option_group("Size", {"Small": "0", "Large": "120.50"}, minimum=1, default="Small"),
            option_group("Extra", {"Lemon": "30", "Honey": "60", "Mint": "0"}, maximum=2),
        ],
    )


@pytest.fixture
def pizza(place_b: PlacePage) -> DishPage:
    return make_dish(make_category(place_b, "Pizza"), "Margherita", "9.50")


@pytest.fixture
def table_7(place_a: PlacePage) -> Table:
    return table_of(place_a, 7)


@pytest.fixture
def guest(table_7: Table) -> Guest:
    return guest_at(table_7)
