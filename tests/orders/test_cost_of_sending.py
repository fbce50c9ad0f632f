"""What an order costs the database: a busy evening is made of these."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex

from menu_pages.models import CategoryPage
from orders.models import Order
from tests.factories.guests import Guest
from tests.factories.menus import make_dish

QUERIES_OF_SENDING, QUERIES_OF_ADDING = 20, 7


@pytest.mark.parametrize("lines", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_basket(guest: Guest, soups: CategoryPage, lines: int) -> None:
    dishes = [make_dish(soups, f"Soup {number}") for number in range(lines)]
    guest.add(dishes[0])
    guest.send()  # the first order of the day also makes the desk's row
    for dish in dishes[1:]:
        guest.add(dish)
    with CaptureQueriesContext(connection) as adding:
        guest.add(dishes[0], fragment="basket_bar")
    key = guest.state.order_key

    with CaptureQueriesContext(connection) as sending:
        guest.send(key)

    assert Order.objects.count() == 2
    assert (len(adding), len(sending)) == (QUERIES_OF_ADDING, QUERIES_OF_SENDING)


def test_wagtail_keeps_no_index_of_what_orders_refer_to() -> None:
    indexed = {model._meta.label for model in ReferenceIndex.indexed_models}

    assert indexed == {
        "wagtailcore.Page",
        "menu_pages.HomePage",
        "menu_pages.PlacePage",
        "menu_pages.CategoryPage",
        "menu_pages.DishPage",
        "menu_pages.MenuImage",
    }
