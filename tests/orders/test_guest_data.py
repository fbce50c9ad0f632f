"""A guest sees what is kept of them, takes it along, and is forgotten."""

import json
from typing import Any

import pytest

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.leaving import leave_page
from orders.models import BasketLine, GuestEvent, Order, OutboxEvent, Rating, Session, Visit, WaiterCall
from tests.factories.guests import Guest, guest_at, served
from tests.factories.leftovers import places_with
from tests.factories.menus import table_of
from tests.factories.people import signed_in

WORD = "quuxcanary"


@pytest.fixture
def talkative(guest: Guest, borshch: DishPage, alice: User) -> Guest:
    """A guest who wrote something wherever a guest can write."""
    guest.add(borshch, 2, note=f"without {WORD}")
    guest.send(comment=f"for {WORD}'s birthday")
    served(Order.objects.get(), alice)
    guest.call(note=f"ask for {WORD}")
    guest.rate(4, text=f"{WORD} was here")
    guest.add(borshch, note=f"{WORD} again")
    guest.post("leave", {"searched": WORD})
    guest.client.get(guest.place.href, REMOTE_ADDR="203.0.113.77")
    return guest


def test_the_copy_holds_what_was_kept_and_nothing_of_others(
    talkative: Guest, borshch: DishPage, table_7: Table
) -> None:
    neighbour = guest_at(table_7)
    neighbour.add(borshch, note="a neighbour's")

    answer = talkative.client.get(f"{talkative.place.href}privacy/copy/")

    data: dict[str, Any] = json.loads(answer.content)
    assert answer["Cache-Control"] == "private, no-store"
    assert [(row["table"], row["session"]) for row in data["visits"]] == [(7, talkative.visit.public_id)]
    assert [row["comment"] for row in data["orders"]] == [f"for {WORD}'s birthday"]
    assert [row["note"] for row in data["basket"]] == [f"without {WORD}", f"{WORD} again"]
    assert [row["note"] for row in data["calls"]] == [f"ask for {WORD}"]
    assert [(row["score"], row["text"]) for row in data["ratings"]] == [(4, f"{WORD} was here")]
    assert "nothing_found" in {row["kind"] for row in data["what_you_did"]}
    assert "neighbour" not in answer.content.decode()


def test_a_forgotten_guest_is_found_nowhere_and_the_books_stay(talkative: Guest, place_a: PlacePage) -> None:
    places = {place.split(":")[0] for place in places_with([WORD])}
    assert places >= {
        *("orders.BasketLine", "orders.Order", "orders.WaiterCall", "orders.Rating", "orders.GuestEvent"),
        *("orders.OutboxEvent", "session"),
    }
    # No address of a guest is kept in the first place.
    assert places_with(["203.0.113.77"]) == set()
    kept = (Order, BasketLine, WaiterCall, Rating, Visit, GuestEvent, OutboxEvent)
    counts = [model._default_manager.count() for model in kept]
    total, session = Order.objects.get().total, Session.objects.get().pk

    answer = talkative.post("privacy/forget")

    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert "Done: nothing here leads to you any more." in answer.content.decode()
    assert places_with([WORD]) == set()
    assert not Session.objects.filter(pk=session).exists()
    assert talkative.client.cookies["sessionid"].value == ""
    order = Order.objects.get()
    assert [model._default_manager.count() for model in kept] == counts
    assert (order.total, Rating.objects.get().score) == (total, 4)
    assert Visit.objects.filter(ended_at=None).count() == 0
    # Asked again by somebody nothing is kept of, it makes no session.
    again = talkative.post("privacy/forget")
    assert (again.status_code, Session.objects.count()) == (200, 0)
    assert "Nothing is kept of you here" in again.content.decode()


def test_nobody_is_forgotten_while_the_kitchen_reads_their_note(guest: Guest, borshch: DishPage, alice: User) -> None:
    guest.add(borshch, note="no nuts")
    guest.send()

    answer = guest.post("privacy/forget")

    assert answer.status_code == 409
    assert "still being made" in answer.content.decode()
    assert (BasketLine.objects.get().note, guest.visit.ended_at) == ("no nuts", None)

    served(Order.objects.get(), alice)
    assert guest.post("privacy/forget").status_code == 200
    assert BasketLine.objects.get().note == ""


def test_the_neighbours_words_and_a_signed_in_person_stay(
    talkative: Guest, place_a: PlacePage, borshch: DishPage, alice: User
) -> None:
    neighbour = guest_at(table_of(place_a, 7))
    neighbour.add(borshch, note="the neighbour's")
    leave_page(session=neighbour.client.session, place=place_a)
    owner = Guest(place_a)
    owner.client = signed_in(alice)
    owner.add(borshch, note="mine")

    owner.post("privacy/forget")
    talkative.post("privacy/forget")

    assert [line.note for line in BasketLine.objects.exclude(note="")] == ["the neighbour's"]
    assert owner.client.get("/admin/").status_code == 200
    assert owner.state is None


def test_another_site_forgets_nobody(talkative: Guest) -> None:
    answer = talkative.client.post(
        f"{talkative.place.href}privacy/forget/", headers={"origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403
    assert talkative.client.get(f"{talkative.place.href}privacy/forget/").status_code == 303
    assert places_with([WORD])
