"""Menus that change while guests read them: never an old page after a change, never another's, drawn once."""

import itertools
import os
import re
import threading
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pytest
from django.conf import LazySettings
from django.test import Client

from menu_pages import menu_versions
from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.shared_pages import known_places, store
from menu_pages.stopping import return_dish, stop_dish
from tests.factories.guests import guest_at
from tests.factories.menus import table_of
from tests.faults.at_once import WAIT_SECONDS, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

# A fiftieth of what is promised; FAULTS_TIMES=50 does all of it.
TIMES = int(os.environ.get("FAULTS_TIMES", "1"))
CHANGES = 20 * TIMES
READERS = 6
READS = 20 * TIMES


@pytest.fixture(autouse=True)
def kept(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PAGES_KEPT = True
    # What is found out of date is found so by its slot, not because a second has passed.
    monkeypatch.setattr("menu_pages.shared_pages.known_places.TRUSTED_SECONDS", 600.0)
    forget()
    yield
    forget()


def forget() -> None:
    store.forget_all()
    known_places.forget_all()


def page(address: str, client: Client | None = None, language: str = "en") -> str:
    response = (client or Client()).get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


def changes_and_reads(dish: DishPage) -> list[int]:
    """Change the price again and again, with guests reading all the while; the numbers of changes whose next guest saw
    something old."""
    done = threading.Event()

    def read() -> list[int]:
        while not done.is_set():
            page("/teahouse/")
        return []

    def change() -> list[int]:
        try:
            old = []
            for number in range(CHANGES):
                price = Decimal(1000 + number)
                changed = DishPage.objects.get(pk=dish.pk)
                changed.price = price
                changed.save_revision().publish()
                if f"1,{number:03}" not in page("/teahouse/").replace("\u2009", ",").replace("\u202f", ","):
                    old.append(number)
            return old
        finally:
            done.set()

    return at_once(change, *[read] * 3)[0]


def test_the_next_guest_sees_each_of_many_changes(borshch: DishPage) -> None:
    assert changes_and_reads(borshch) == []


def test_control_without_the_slots_guests_see_old_pages(borshch: DishPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu_versions.Slots, "turn", lambda _slots, _place_id: None)

    assert len(changes_and_reads(borshch)) > CHANGES // 2


def test_readers_at_once_have_a_page_drawn_once(borshch: DishPage, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = itertools.count()
    draw = PlacePage.get_context

    def slowly(self: PlacePage, *arguments: object, **named: object) -> object:
        next(drawn)
        # Long enough for everyone to have asked.
        asked.wait(WAIT_SECONDS)
        return draw(self, *arguments, **named)

    asked = threading.Event()
    waiting = itertools.count(1)

    def ask() -> str:
        if next(waiting) == READERS:
            asked.set()
        return page("/teahouse/")

    monkeypatch.setattr(PlacePage, "get_context", slowly)
    bodies = at_once(*[ask] * READERS)

    assert len(set(bodies)) == 1
    assert next(drawn) == 1


def test_no_body_is_mixed(borshch: DishPage, ukha: DishPage, pizza: DishPage, table_7: Table) -> None:
    """Two places, two languages, guests with tables and baskets and without, and a menu that changes meanwhile."""
    table_b = table_of(pizza.place, 3)
    makers = {
        "teahouse": [guest_at(table_7).client, guest_at(table_of(borshch.place, 8)).client, Client()],
        "pizzeria": [guest_at(table_b).client, Client()],
    }
    asks = [
        (place, language, number, client)
        for place, clients in makers.items()
        for number, client in enumerate(clients)
        for language in ("en", "ru")
    ]
    words = {"teahouse": "Borshch", "pizzeria": pizza.title}
    tables = {("teahouse", 0): "7", ("teahouse", 1): "8", ("pizzeria", 0): "3"}
    done = threading.Event()

    def read(place: str, language: str, number: int, client: Client) -> list[str]:
        own = Client()
        own.cookies = client.cookies
        wrong = []
        for _ in range(READS):
            body = page(f"/{place}/", own, language)
            found = re.search(r'chip-table"[^>]*>\D*(\d+)', body)
            fits = (
                f'<html lang="{language}"' in body
                and all((word in body) == (name == place) for name, word in words.items())
                and (found[1] if found else None) == tables.get((place, number))
            )
            if not fits:
                wrong.append(f"{place} {language} {number}")
        return wrong

    def change() -> list[str]:
        while not done.wait(0.05):
            stop_dish(dish=ukha, by=None)
            return_dish(dish=ukha)
        return []

    def read_all() -> list[str]:
        try:
            return [wrong for found in at_once(*(partial(read, *ask) for ask in asks)) for wrong in found]
        finally:
            done.set()

    assert at_once(read_all, change)[0] == []
