"""The menu changes between choosing and sending: the guest is told, the sent order never changes."""

from decimal import Decimal

import pytest

from menu_pages.models import CategoryPage, DishPage
from menu_pages.stopping import stop_dish
from orders.models import BasketLine, Order
from tests.factories.guests import Guest, ordered


def set_price(dish: DishPage, price: str) -> None:
    page = DishPage.objects.get(pk=dish.pk)
    page.price = Decimal(price)
    page.save_revision().publish()


def set_option_price(dish: DishPage, option: str, price: str) -> None:
    page = DishPage.objects.get(pk=dish.pk)
    raw = list(page.option_groups.raw_data)
    for group in raw:
        for item in group["value"]["options"]:
            if item["id"] == option:
                item["value"]["price"] = price
    page.option_groups = raw
    page.save_revision().publish()


@pytest.fixture
def filled(guest: Guest, borshch: DishPage, ukha: DishPage) -> Guest:
    guest.add(borshch, 2)
    guest.add(ukha)
    return guest


@pytest.mark.parametrize(("price", "total"), [("400.00", "1250.50"), ("100.00", "650.50")])
def test_a_changed_price_stops_the_order_and_says_the_new_total(
    filled: Guest, borshch: DishPage, price: str, total: str
) -> None:
    set_price(borshch, price)

    response = filled.send()

    body = response.content.decode()
    assert response.status_code == 409
    assert "The menu changed while you were choosing." in body
    assert "The price has changed: it was" in body
    assert f"{Decimal(total):,}" in body
    assert Order.objects.count() == 0
    assert filled.state.total == Decimal(total)


def test_sending_again_agrees(filled: Guest, borshch: DishPage) -> None:
    set_price(borshch, "400.00")
    filled.send()

    response = filled.send()

    order = Order.objects.get()
    assert response.status_code == 303
    assert order.total == Decimal("1250.50")


def test_a_price_that_changes_once_more_stops_once_more(filled: Guest, borshch: DishPage) -> None:
    set_price(borshch, "400.00")
    filled.send()
    set_price(borshch, "410.00")

    assert filled.send().status_code == 409
    assert filled.send().status_code == 303
    assert Order.objects.get().total == Decimal("1270.50")


def test_a_changed_option_price_stops_too(guest: Guest, tea: DishPage) -> None:
    guest.add(tea, options=["size-large"])
    set_option_price(tea, "size-large", "130")

    assert guest.send().status_code == 409
    assert guest.send().status_code == 303
    assert Order.objects.get().total == Decimal("330.00")


def test_an_option_that_is_gone_stops_and_goes(guest: Guest, tea: DishPage, borshch: DishPage) -> None:
    guest.add(borshch)
    guest.add(tea, options=["size-large"])
    page = DishPage.objects.get(pk=tea.pk)
    page.option_groups = []
    page.save_revision().publish()

    response = guest.send()

    assert response.status_code == 409
    assert "These options have changed. Please add the dish again." in response.content.decode()
    assert guest.quantities == {"soups/borshch": 1}


def test_a_dish_that_ran_out_is_taken_out_and_told(filled: Guest, borshch: DishPage) -> None:
    stop_dish(dish=borshch, by=None)

    response = filled.send()
    again = filled.send()

    assert response.status_code == 409
    assert "This dish has run out." in response.content.decode()
    assert again.status_code == 303
    assert [line.title for line in Order.objects.get().lines.all()] == ["Ukha"]


@pytest.mark.parametrize("how", ["unpublish", "delete", "category"])
def test_a_dish_off_the_menu_is_taken_out_and_told(
    filled: Guest, borshch: DishPage, soups: CategoryPage, how: str
) -> None:
    if how == "category":
        CategoryPage.objects.get(pk=soups.pk).unpublish()
    else:
        getattr(DishPage.objects.get(pk=borshch.pk), how)()

    response = filled.send()

    assert response.status_code == 409
    assert "This dish is no longer on the menu." in response.content.decode()
    assert filled.quantities == ({} if how == "category" else {"soups/ukha": 1})
    assert Order.objects.count() == 0


def test_when_everything_is_gone_the_basket_is_empty(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    stop_dish(dish=borshch, by=None)

    guest.send()
    response = guest.send()

    assert response.status_code == 409
    assert "The basket is empty." in response.content.decode()
    assert Order.objects.count() == 0


def test_a_renamed_dish_stops_nothing(filled: Guest, borshch: DishPage) -> None:
    page = DishPage.objects.get(pk=borshch.pk)
    page.title = "Borscht of the house"
    page.slug = "house-borscht"
    page.save_revision().publish()

    assert filled.send().status_code == 303
    assert Order.objects.get().total == Decimal("1230.50")


def test_the_basket_page_shows_the_change_without_taking_it(filled: Guest, borshch: DishPage) -> None:
    set_price(borshch, "400.00")

    body = filled.basket().content.decode()

    assert "The price has changed: it was" in body
    assert filled.state.total == Decimal("1230.50")


def snapshot() -> list[tuple[object, ...]]:
    fields = ("order_id", "key", "title", "options", "note", "quantity", "unit_price", "options_price", "created_at")
    return [tuple(row) for row in BasketLine.objects.order_by("pk").values_list(*fields)]


def test_a_sent_order_keeps_its_words_and_prices(guest: Guest, tea: DishPage) -> None:
    guest.add(tea, 2, options=["size-large"], note="hot")
    guest.send()
    before, total = snapshot(), Order.objects.get().total

    set_price(tea, "999.00")
    set_option_price(tea, "size-large", "999")
    page = DishPage.objects.get(pk=tea.pk)
    page.title = "Coffee"
    page.save_revision().publish()

    assert snapshot() == before
    assert Order.objects.get().total == total == Decimal("641.00")


def test_a_sent_order_outlives_its_dish(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    before = snapshot()

    DishPage.objects.get(pk=borshch.pk).delete()

    line = order.lines.get()
    body = guest.status(order).content.decode()
    assert snapshot() == before
    assert (line.dish, line.title, line.line_total) == (None, "Borshch", Decimal("390.00"))
    assert "Borshch" in body


def test_the_guest_changing_the_basket_later_leaves_the_order(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    before = snapshot()

    guest.add(borshch, 5)
    guest.change(guest.only_line(), quantity="0")

    assert snapshot() == before
    assert order.lines.count() == 1
