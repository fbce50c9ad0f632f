"""Many at once: nothing is lost, nothing is made twice. Protections have a control that shows the race."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.guest_state import GuestState
from orders.models import BasketLine, DeskState, GuestEvent, Order, OrderStatus, Seating, Visit
from orders.order_states import move_order
from orders.saving import save_visit
from orders.sessions import SessionStore
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.faults.at_once import Meeting, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# A race may be won by chance: controls try so many times before they say that there is none.
ROUNDS = 5


def tab_of(guest: Guest) -> Guest:
    """One more tab of the guest's browser: the same cookie, a client of its own."""
    tab = Guest(guest.place)
    tab.client = Client(headers={"origin": "http://testserver"})
    tab.client.cookies["sessionid"] = guest.client.cookies["sessionid"].value
    return tab


def without_lock(parties: int) -> Callable[[SessionStore], Any]:
    """The session's row as Django would read it; all who come at once have read theirs before one goes on."""
    meeting = Meeting(parties)

    def read(self: SessionStore) -> Any:
        row = self.model.objects.filter(session_key=self.session_key).first()
        meeting.wait()
        return row

    return read


def test_five_sends_with_one_key_make_one_order(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, 2)
    key = guest.state.order_key
    tabs = [tab_of(guest) for _ in range(5)]

    answers = at_once(*[lambda tab=tab: tab.send(key) for tab in tabs])

    order = Order.objects.get()
    assert [answer.status_code for answer in answers] == [303] * 5
    assert {answer["Location"] for answer in answers} == {f"/teahouse/orders/{order.public_id}/"}
    assert (order.items, BasketLine.objects.count(), order.history.count()) == (2, 1, 1)
    assert guest.lines == []


def test_many_keys_sent_five_times_each(place_a: PlacePage, borshch: DishPage) -> None:
    guests = [guest_at(table_of(place_a, number)) for number in range(1, 9)]
    for guest in guests:
        guest.add(borshch)
    keys = [guest.state.order_key for guest in guests]

    presses = [(tab_of(guest), key) for guest, key in zip(guests, keys, strict=True) for _ in range(5)]
    answers = at_once(*[lambda tab=tab, key=key: tab.send(key) for tab, key in presses])

    assert {answer.status_code for answer in answers} == {303}
    assert Counter(Counter(answer["Location"] for answer in answers).values()) == {5: 8}
    assert sorted(Order.objects.values_list("idempotency_key", flat=True)) == sorted(keys)


def test_control_without_the_lock_sends_with_one_key_collide(
    table_7: Table, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the session's lock only the database's own rule stands between five sends and five orders."""
    monkeypatch.setattr(SessionStore, "_locked_row", without_lock(5))

    def collided() -> bool:
        guest = guest_at(table_7)
        guest.add(borshch)
        key = guest.state.order_key
        tabs = [tab_of(guest) for _ in range(5)]
        try:
            answers = at_once(*[lambda tab=tab: tab.send(key) for tab in tabs])
        except IntegrityError:
            return True
        return {answer.status_code for answer in answers} != {303}

    assert any(collided() for _ in range(ROUNDS))
    assert set(Counter(Order.objects.values_list("idempotency_key", flat=True)).values()) == {1}


@contextmanager
def without_the_unique_key() -> Iterator[None]:
    """The table of orders as if nobody had thought of keys sent twice; whatever it holds then goes with the block."""
    (rule,) = (rule for rule in Order._meta.constraints if rule.name == "order_key_once")
    with connection.schema_editor() as schema:
        schema.remove_constraint(Order, rule)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {Order._meta.db_table} CASCADE")
        with connection.schema_editor() as schema:
            schema.add_constraint(Order, rule)


def doubled_orders(table: Table, dish: DishPage) -> int:
    """How many orders too many five sends of one basket made at most."""
    most = 0
    for _ in range(ROUNDS):
        guest = guest_at(table)
        guest.add(dish)
        key = guest.state.order_key
        tabs = [tab_of(guest) for _ in range(5)]
        # Of what collides elsewhere nothing is made.
        with suppress(IntegrityError):
            at_once(*[lambda tab=tab, key=key: tab.send(key) for tab in tabs])
        most = max(most, Order.objects.filter(idempotency_key=key).count() - 1)
    return most


def test_the_lock_alone_keeps_orders_from_being_doubled(table_7: Table, borshch: DishPage) -> None:
    with without_the_unique_key():
        assert doubled_orders(table_7, borshch) == 0


def test_control_without_the_lock_and_the_unique_key_orders_are_doubled(
    table_7: Table, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionStore, "_locked_row", without_lock(5))

    with without_the_unique_key():
        assert doubled_orders(table_7, borshch) > 0


def test_twenty_adds_are_twenty(guest: Guest, borshch: DishPage) -> None:
    tabs = [tab_of(guest) for _ in range(20)]

    answers = at_once(*[lambda tab=tab: tab.add(borshch, fragment="basket_bar") for tab in tabs])

    assert [answer.status_code for answer in answers] == [200] * 20
    assert guest.quantities == {"soups/borshch": 20}
    save_visit(state=guest.state, visit=guest.visit)
    assert GuestEvent.objects.filter(visit=guest.visit, kind="dish_added").count() == 20


def test_control_without_the_lock_adds_are_lost(
    table_7: Table, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionStore, "_locked_row", without_lock(20))

    def lost() -> bool:
        guest = guest_at(table_7)
        tabs = [tab_of(guest) for _ in range(20)]
        at_once(*[lambda tab=tab: tab.add(borshch, fragment="basket_bar") for tab in tabs])
        return guest.quantities["soups/borshch"] < 20

    assert any(lost() for _ in range(ROUNDS))


def test_adds_and_changes_of_different_lines_do_not_disturb_each_other(
    guest: Guest, borshch: DishPage, ukha: DishPage
) -> None:
    guest.add(borshch)
    key = guest.only_line()
    tabs = [tab_of(guest) for _ in range(10)]

    at_once(
        *[lambda tab=tab: tab.add(ukha) for tab in tabs],
        lambda: tab_of(guest).change(key, quantity="7"),
    )

    assert guest.quantities == {"soups/borshch": 7, "soups/ukha": 10}


def test_forty_guests_ordering_at_once_get_forty_numbers(place_a: PlacePage, borshch: DishPage) -> None:
    guests = [guest_at(table_of(place_a, number % 12 + 1)) for number in range(40)]
    for guest in guests:
        guest.add(borshch)
    keys = {id(guest): guest.state.order_key for guest in guests}

    answers = at_once(*[lambda guest=guest: guest.send(keys[id(guest)]) for guest in guests])

    assert {answer.status_code for answer in answers} == {303}
    assert sorted(Order.objects.values_list("number", flat=True)) == list(range(1, 41))
    assert BasketLine.objects.filter(order__isnull=False).count() == 40
    # Twelve tables opened, forty orders came: the desks were told of each.
    assert DeskState.objects.get().version == 52


def test_ten_browsers_at_one_table_are_one_party(table_7: Table, place_a: PlacePage) -> None:
    guests = [Guest(place_a) for _ in range(10)]

    answers = at_once(*[lambda guest=guest: guest.scan(table_7) for guest in guests])

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, "/teahouse/")}
    assert Seating.objects.count() == 1
    assert Visit.objects.filter(seating=Seating.objects.get(), ended_at=None).count() == 10


def test_two_desks_accepting_at_once_make_one_step(guest: Guest, borshch: DishPage, charlie: User, alice: User) -> None:
    order = ordered(guest, borshch)

    at_once(
        *[lambda by=by: move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=by) for by in (charlie, alice) * 3]
    )

    assert [step.after for step in order.history.all()] == ["sent", "accepted"]


def test_saving_at_once_writes_once(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    """Two triggers firing for the same facts, each under the session's lock."""
    guest.add(borshch, 2)
    guest.add(ukha)
    key, place_id = guest.client.cookies["sessionid"].value, guest.place.pk

    def save() -> None:
        with SessionStore(key).locked() as data:
            state = GuestState.of(data, place_id)
            save_visit(state=state, visit=Visit.objects.get(public_id=state.visit_id))

    at_once(*[save] * 5)

    assert Counter(BasketLine.objects.values_list("title", "quantity")) == {("Borshch", 2): 1, ("Ukha", 1): 1}
    assert GuestEvent.objects.count() == 3


def test_it_runs_where_rows_can_be_locked() -> None:
    assert connection.features.has_select_for_update
