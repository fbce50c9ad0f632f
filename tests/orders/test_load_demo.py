"""The demo: loaded in DEBUG only, whole, and safe to repeat."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, User
from accounts.scope import no_scope
from analytics.models import PlaceStatistics
from menu_pages.demo.loading import OWNER, PASSWORD
from menu_pages.models import CategoryPage, DishPage, MenuImage, PlacePage, Table
from orders.demo import history
from orders.models import BasketLine, Order, Seating, Visit

pytestmark = pytest.mark.django_db
MODELS = (User, Membership, PlacePage, CategoryPage, DishPage, MenuImage, Table, Order, BasketLine, Visit, Seating)


def load() -> str:
    out = StringIO()
    with no_scope():
        call_command("load_demo", stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


@pytest.fixture
def quick(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, media: Any) -> None:
    """DEBUG, two days of orders, one small size of each picture."""
    settings.DEBUG = True
    settings.SITE_URL = "http://testserver"
    monkeypatch.setattr(history, "DAYS", 2)
    monkeypatch.setattr("menu_pages.demo.loading.CARD_SIZES", ("thumbnail",))


def test_it_refuses_outside_debug(settings: LazySettings) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG=1 only"):
        load()

    assert counts() == dict.fromkeys(counts(), 0)


def test_a_second_run_adds_nothing_and_prints_the_same_links(quick: None) -> None:
    first = load()
    before = counts()

    second = load()

    links = dict(line.split(": ", 1) for line in first.splitlines())
    assert second == first
    assert counts() == before
    samovar = PlacePage.objects.get(slug="samovar")
    assert before["PlacePage"] == 2
    assert CategoryPage.objects.descendant_of(samovar).count() == 10
    assert DishPage.objects.descendant_of(samovar).count() == 80
    assert Counter(Table.objects.values_list("place__slug", flat=True)) == {"samovar": 12, "oliva": 12}
    assert set(links) == {"Table", "Desk", "Admin", "Sign in"}
    assert links["Sign in"] == f"{OWNER} / {PASSWORD}"
    # The owner's home shows them at the first start.
    assert set(PlaceStatistics.objects.values_list("place__slug", flat=True)) == {"samovar", "oliva"}
    assert_orders_add_up()
    assert_links_work(links)


def assert_orders_add_up() -> None:
    for order in Order.objects.prefetch_related("lines"):
        lines = order.lines.all()
        assert order.total == sum(line.line_total for line in lines)
        assert (order.purchases, order.items) == (len(lines), sum(line.quantity for line in lines))
        assert order.status == "closed"


def assert_links_work(links: dict[str, str]) -> None:
    guest, owner = Client(), Client()
    seated = guest.get(links["Table"])
    signed = owner.post("/accounts/login/", {"login": OWNER, "password": PASSWORD})
    assert seated["Location"] == "/samovar/"
    assert signed["Location"] == "/admin/"
    assert [owner.get(links[name]).status_code for name in ("Desk", "Admin")] == [200, 200]
    assert guest.get("/samovar/").content.decode().count("data-dish=") >= 80
