"""Four phones at once: on one basket, which tabs share, and at one table, whose bill they share. No change is lost.

Each guest has a basket of their own; what a table shares are its orders and the bill. A basket is shared by whoever
opens it in several tabs, or in a copy of the browser.
"""

import os
import random
from collections import Counter
from decimal import Decimal

import pytest

from menu_pages.models import DishPage, PlacePage, Table
from orders.models import Order
from orders.sessions import SessionStore
from tests.factories.guests import Guest, guest_at
from tests.faults.at_once import at_once
from tests.faults.test_races import tab_of, without_lock

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# A tenth of what is promised; FAULTS_TIMES=10 does all of it.
EDITS = 25 * int(os.environ.get("FAULTS_TIMES", "1"))
PHONES = 4


@pytest.fixture(autouse=True)
def room_for_all(place_a: PlacePage) -> None:
    """More pieces of a dish than anybody orders, and more orders than a kitchen waits for."""
    record = place_a.record
    record.max_line_quantity = record.max_order_items = PHONES * EDITS
    record.max_unconfirmed_by_visit = record.max_unconfirmed_by_table = PHONES * EDITS
    record.save()


def edit(tab: Guest, number: int, own: DishPage, common: DishPage) -> Counter[str]:
    """Change a line of the tab's own in every way and add to a line that all have; gives what was done, by note."""
    chance = random.Random(number)
    note = f"phone {number}"
    done: Counter[str] = Counter()
    for _ in range(EDITS):
        lines = {line["note"]: key for key, line in tab.state.basket.items()}
        step = chance.choice(("common", "add", "set", "take out"))
        if step == "common":
            answer = tab.add(common)
            done["common"] += 1
        elif step == "add" or note not in lines:
            answer = tab.add(own, 2, note=note)
            done[note] += 2
        else:
            quantity = chance.randint(1, 9) if step == "set" else 0
            answer = tab.change(lines[note], quantity=str(quantity))
            done[note] = quantity
        assert answer.status_code == 303, answer.content.decode()
    return +done


def test_a_basket_changed_from_four_phones_is_what_each_did(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    guest.add(ukha)
    tabs = [tab_of(guest) for _ in range(PHONES)]

    done = at_once(
        *[lambda tab=tab, number=number: edit(tab, number, borshch, ukha) for number, tab in enumerate(tabs)]
    )

    model = sum(done, Counter({"common": 1}))
    assert Counter({line["note"] or "common": line["quantity"] for line in guest.lines}) == model
    guest.send()
    assert Order.objects.get().items == model.total()


def test_control_without_the_lock_of_four_changes_one_is_left(
    table_7: Table, borshch: DishPage, ukha: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All have read the basket before one of them writes it."""
    guest = guest_at(table_7)
    guest.add(ukha)
    tabs = [tab_of(guest) for _ in range(PHONES)]
    monkeypatch.setattr(SessionStore, "_locked_row", without_lock(PHONES))

    at_once(
        *[lambda tab=tab, number=number: tab.add(borshch, note=f"phone {number}") for number, tab in enumerate(tabs)]
    )

    assert [line["note"] == "" for line in guest.lines] == [True, False]


def test_the_bill_of_four_phones_is_what_each_of_them_ordered(table_7: Table, borshch: DishPage) -> None:
    phones = [guest_at(table_7) for _ in range(PHONES)]
    rounds = EDITS // 5

    def order(phone: Guest, quantity: int) -> Decimal:
        for _ in range(rounds):
            phone.add(borshch, quantity)
            answer = phone.send()
            assert answer.status_code == 303, answer.content.decode()
        return rounds * quantity * borshch.price

    ordered = at_once(*[lambda phone=phone, n=n: order(phone, n) for n, phone in enumerate(phones, 1)])

    screens = [phone.table_screen() for phone in phones]
    assert [screen.context["bill"] for screen in screens] == ordered
    assert screens[0].context["bill_of_table"] == sum(ordered)
    assert sorted(Order.objects.values_list("number", flat=True)) == list(range(1, PHONES * rounds + 1))
