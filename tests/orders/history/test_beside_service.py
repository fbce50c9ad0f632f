"""Orders of an old till beside those of today's guests: lists show them, the service never meets them."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage
from orders.missing_orders import count_day
from orders.models import BasketLine, Order
from orders.reconciling import reconcile_ended_days
from tests.factories.guests import Guest, ordered
from tests.factories.people import make_member, signed_in
from tests.factories.tills import import_orders, till_file, till_row

pytestmark = pytest.mark.django_db


def today(place: PlacePage, **cells: str) -> bytes:
    """Three orders of an hour ago at most, of the place's present day."""
    now = timezone.now() - datetime.timedelta(seconds=1)
    return till_file(till_row(f"A-{number}", datetime=now.isoformat(), **cells) for number in range(1, 4))


def test_guests_numbers_and_the_count_of_the_day_do_not_see_them(
    place_a: PlacePage, guest: Guest, borshch: DishPage
) -> None:
    import_orders(place_a, today(place_a))

    own = ordered(guest, borshch)

    assert own.number == 1
    count = count_day(place_a.record, own.business_day)
    assert (count.figures["sent"], count.figures["imported"], count.problems) == (1, 0, [])


def test_days_with_nothing_but_history_are_not_reconciled(place_a: PlacePage) -> None:
    import_orders(place_a, today(place_a))

    assert reconcile_ended_days(now=timezone.now() + datetime.timedelta(days=2)) == 0


def test_a_desk_cannot_touch_them(place_a: PlacePage, charlie: User) -> None:
    import_orders(place_a, today(place_a))
    order = Order.objects.all()[0]
    waiter = signed_in(charlie)

    for name, data in (("move", {"to": "accepted"}), ("acknowledge", {}), ("print_again", {}), ("ticket_again", {})):
        response = waiter.post(reverse(f"desk:{name}", args=[place_a.slug, order.public_id]), data)
        assert response.status_code == 404, name
    for name in ("ticket", "ticket_pdf"):
        assert waiter.get(reverse(f"desk:{name}", args=[place_a.slug, order.public_id])).status_code == 404
    board = waiter.get(reverse("desk:board", args=[place_a.slug]))
    assert order.public_id not in board.content.decode()


def test_a_guest_who_knows_its_address_finds_nothing(place_a: PlacePage, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    import_orders(place_a, today(place_a))
    order = Order.objects.filter(history_import__isnull=False)[0]

    assert guest.status(order).status_code == 404


def test_lists_show_them_and_where_they_came_from(
    place_a: PlacePage, organisation_a: Organisation, guest: Guest, borshch: DishPage
) -> None:
    own = ordered(guest, borshch)
    import_orders(place_a, today(place_a, table="Terrace <b>", waiter="Anna", payment="card", guests="2"))
    till = Order.objects.filter(till_id="A-2").get()
    analyst = signed_in(make_member("analyst@example.com", organisation_a, Role.ANALYST))
    orders = reverse("orders_order_modeladmin_index")

    everything = analyst.get(orders).content.decode()
    assert (everything.count("Terrace &lt;b&gt;"), everything.count("Table 7")) == (3, 1)
    assert "Table 7" not in analyst.get(orders, {"source": "till"}).content.decode()
    assert "Terrace" not in analyst.get(orders, {"source": "guests"}).content.decode()
    assert analyst.get(orders, {"source": "nonsense"}).content.decode().count("Terrace") == 3
    page = analyst.get(reverse("orders_order_modeladmin_inspect", args=[till.pk])).content.decode()
    for words in ("till.csv", "A-2", "Anna", "card", "Terrace &lt;b&gt;", "Borshch"):
        assert words in page
    assert "<h2>History</h2>" not in page
    page = analyst.get(reverse("orders_order_modeladmin_inspect", args=[own.pk])).content.decode()
    assert ("<h2>History</h2>" in page, "Came from" in page, "came from" in page) == (True, False, False)
    line = BasketLine.objects.filter(order=till).get()
    for address in (
        reverse("orders_basketline_modeladmin_index"),
        reverse("orders_basketline_modeladmin_inspect", args=[line.pk]),
    ):
        assert "Borshch" in analyst.get(address).content.decode()
