"""Calling the waiter, and what the guest sees of it."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord, Table
from menu_pages.tables import replace_key
from orders.calls import move_call
from orders.desk_state import version_of
from orders.models import CallStatus, GuestEvent, OutboxEvent, Session, WaiterCall
from orders.saving import save_visit
from orders.seatings import close_seating
from tests.factories.guests import Guest, guest_at, ordered, served
from tests.factories.menus import table_of


def the_call() -> WaiterCall:
    return WaiterCall.objects.get()


def seconds_ago(seconds: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(seconds=seconds)


def test_a_call_has_its_row_and_everyone_hears_of_it(guest: Guest) -> None:
    before = version_of(guest.place.pk)

    response = guest.call("bill", payment="card", note="with the stamp")

    call = the_call()
    assert (response.status_code, response["Location"]) == (303, "/teahouse/table/#call")
    assert (call.place, call.table.number, call.seating, call.visit) == (
        guest.place,
        7,
        guest.visit.seating,
        guest.visit,
    )
    assert (call.kind, call.payment, call.note, call.status) == ("bill", "card", "with the stamp", "asked")
    assert version_of(guest.place.pk) == before + 1
    event = OutboxEvent.objects.get(kind="call.asked")
    assert event.place == guest.place
    assert event.payload == {
        "call": call.public_id,
        "table": 7,
        "call_kind": "bill",
        "payment": "card",
        "note": "with the stamp",
    }


def test_it_stands_in_the_guests_log(guest: Guest) -> None:
    guest.call()
    save_visit(state=guest.state, visit=guest.visit)

    event = GuestEvent.objects.get(kind="waiter_called")
    assert event.data == {"table": 7, "call": "come", "payment": ""}


def test_asking_again_is_the_same_call_with_the_new_words(guest: Guest, table_7: Table) -> None:
    guest.call("bill", payment="card", note="please")
    version = version_of(guest.place.pk)

    guest.call("bill")
    unchanged = version_of(guest.place.pk)
    guest_at(table_7).call("bill", payment="cash")

    call = the_call()
    assert (call.visit, call.payment, call.note) == (guest.visit, "cash", "please")
    assert (unchanged - version, version_of(guest.place.pk) - version) == (0, 1)
    assert OutboxEvent.objects.filter(kind="call.asked").count() == 1


def test_a_call_of_each_kind_may_be_open(guest: Guest) -> None:
    guest.call("come")
    guest.call("bill")

    assert sorted(WaiterCall.objects.open().values_list("kind", flat=True)) == ["bill", "come"]


def test_a_payment_belongs_to_the_bill_alone(guest: Guest) -> None:
    guest.call("come", payment="cash")

    assert the_call().payment == ""


def test_after_one_is_done_the_next_is_another(guest: Guest, charlie: User) -> None:
    guest.call()
    move_call(call_id=the_call().pk, to=CallStatus.DONE, by=charlie)

    guest.call()

    assert sorted(WaiterCall.objects.values_list("status", flat=True)) == ["asked", "done"]


@pytest.mark.parametrize(
    "data",
    [{"kind": ""}, {"kind": "dance"}, {"kind": "come\0"}, {"payment": "shells"}, {"note": "x" * 141}, {"note": "\0"}],
)
def test_what_does_not_fit_calls_nobody(guest: Guest, data: dict[str, str]) -> None:
    response = guest.post("call", {"kind": "come", **data})

    assert response.status_code == 400
    assert WaiterCall.objects.count() == 0


def assert_refused(guest: Guest, words: str) -> None:
    before = WaiterCall.objects.count()
    response = guest.call()
    assert (response.status_code, WaiterCall.objects.count()) == (403, before)
    assert words in response.content.decode()


def test_without_a_table_nobody_is_called(place_a: PlacePage, borshch: DishPage) -> None:
    reader = Guest(place_a)
    reader.add(borshch)

    assert_refused(reader, "scan the code on your table: this is how they know where to go")


def test_a_browser_without_a_session_calls_nobody_and_gets_none(place_a: PlacePage) -> None:
    stranger = Guest(place_a)

    assert_refused(stranger, "scan the code on your table")
    assert ("sessionid" in stranger.client.cookies, Session.objects.count()) == (False, 0)


def test_after_the_table_was_closed_nobody_is_called(guest: Guest, alice: User) -> None:
    close_seating(seating_id=guest.visit.seating_id, by=alice)

    assert_refused(guest, "This table has been closed. Scan the code on the table to call the waiter again.")


def test_with_a_replaced_code_nobody_is_called(guest: Guest, table_7: Table) -> None:
    replace_key(table=table_7)

    assert_refused(guest, "The code of this table has been replaced.")


def test_a_place_that_takes_no_orders_takes_no_calls(guest: Guest) -> None:
    PlaceRecord.objects.update(ordering_enabled=False)

    assert_refused(guest, "Please wave to them.")


def test_a_call_from_another_site_is_refused(guest: Guest) -> None:
    response = guest.client.post("/teahouse/call/", {"kind": "come"}, headers={"origin": "https://elsewhere.example"})

    assert (response.status_code, WaiterCall.objects.count()) == (403, 0)


def test_typing_the_address_leads_to_the_table(guest: Guest) -> None:
    response = guest.client.get("/teahouse/call/")

    assert (response.status_code, response["Location"]) == (303, "/teahouse/table/")


def call_and_call_off(guest: Guest) -> int:
    answer = guest.call()
    if answer.status_code == 303:
        guest.call_off(WaiterCall.objects.open().get())
    return answer.status_code


def test_a_table_calls_only_so_often(guest: Guest, place_a: PlacePage, table_7: Table) -> None:
    PlaceRecord.objects.update(max_calls_by_table=2)
    friend, neighbour = guest_at(table_7), guest_at(table_of(place_a, 8))

    answers = [call_and_call_off(who) for who in (guest, friend, guest, neighbour)]
    WaiterCall.objects.update(asked_at=seconds_ago(601))

    assert [*answers, call_and_call_off(guest)] == [303, 303, 429, 303, 303]


def test_the_limit_says_so_and_leaves_the_open_call_alone(guest: Guest) -> None:
    PlaceRecord.objects.update(max_calls_by_table=1)
    guest.call("come")

    again, other = guest.call("come"), guest.call("bill")

    assert (again.status_code, other.status_code) == (303, 429)
    assert "This table has called many times in the last minutes." in other.content.decode()


def test_the_guest_takes_a_call_back(guest: Guest) -> None:
    guest.call()
    before = version_of(guest.place.pk)

    answers = [guest.call_off(the_call()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (the_call().status, version_of(guest.place.pk)) == ("cancelled", before + 1)


def test_a_friends_call_is_not_ones_own(guest: Guest, table_7: Table) -> None:
    guest.call()
    friend = guest_at(table_7)

    response = friend.call_off(the_call())

    assert (response.status_code, the_call().status) == (404, "asked")
    assert "call/" + the_call().public_id not in friend.table_screen().content.decode()


def test_a_call_is_not_found_under_another_place(guest: Guest, place_b: PlacePage) -> None:
    guest.call()

    response = guest.client.post(f"/pizzeria/call/{the_call().public_id}/cancel/")

    assert (response.status_code, the_call().status) == (404, "asked")


# What the guest sees


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("come", "asked", "The waiter is called."),
        ("come", "seen", "The waiter has seen your call."),
        ("come", "on_the_way", "The waiter is on the way."),
        ("bill", "asked", "The bill is asked for."),
        ("bill", "seen", "The waiter knows that you want the bill."),
        ("bill", "on_the_way", "The bill is on its way."),
    ],
)
def test_the_guest_sees_how_the_call_stands(
    guest: Guest, table_7: Table, borshch: DishPage, kind: str, status: str, words: str
) -> None:
    order = ordered(guest, borshch)
    guest.call(kind)
    WaiterCall.objects.update(status=status)

    bodies = [guest.table_screen(), guest.status(order), guest_at(table_7).table_screen()]

    assert [words in body.content.decode() for body in bodies] == [True] * 3


def test_an_answered_call_leaves_the_button(guest: Guest, charlie: User) -> None:
    guest.call()
    while_open = guest.table_screen().content.decode()
    move_call(call_id=the_call().pk, to=CallStatus.DONE, by=charlie)

    body = guest.table_screen().content.decode()

    button = '<input type="hidden" name="kind" value="come">'
    assert (button in while_open, button in body) == (False, True)
    assert "The waiter is called." not in body


def test_the_answer_leads_back_to_the_order(guest: Guest, borshch: DishPage) -> None:
    order = ordered(guest, borshch)
    page = f"http://testserver/teahouse/orders/{order.public_id}/"

    response = guest.post("call", {"kind": "come"}, headers={"referer": page})

    assert response["Location"] == f"/teahouse/orders/{order.public_id}/#call"


def test_a_refusal_is_a_fragment_for_the_script(place_a: PlacePage, borshch: DishPage) -> None:
    reader = Guest(place_a)
    reader.add(borshch)

    response = reader.call(fragment="status")

    assert response.status_code == 403
    assert response.content.decode().startswith('<div class="banner" data-problem>')


@pytest.mark.parametrize("address", ["/teahouse/", "/teahouse/basket/"])
def test_menu_and_basket_lead_to_the_call(guest: Guest, borshch: DishPage, address: str) -> None:
    own = guest.client.get(address).content.decode()
    others = Client().get(address).content.decode()

    assert ('href="/teahouse/table/#call"' in own, "/table/" in others) == (True, False)


def test_the_table_of_nobody_explains_itself(place_a: PlacePage) -> None:
    response = Guest(place_a).table_screen()

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert "To call the waiter, scan the code on your table" in response.content.decode()
    assert "sessionid" not in response.cookies


@pytest.mark.parametrize("orders", [1, 3])
def test_the_tables_screen_costs_the_same_queries(
    guest: Guest,
    table_7: Table,
    borshch: DishPage,
    ukha: DishPage,
    alice: User,
    orders: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """For the first guest, with everything on it: calls, questions, others' orders, the rating's dishes."""
    friends = [guest_at(table_7) for _ in range(orders)]
    for friend in friends:
        served(ordered(guest, borshch, ukha), alice)
        ordered(friend, borshch, ukha)
        friend.post("table/sharing")
    guest.call("come")
    guest.call("bill")

    with django_assert_num_queries(TABLE_QUERIES):
        body = guest.table_screen().content.decode()

    assert body.count("asks to see its orders and bill") == orders


# Place with its record; session; visit; the subscription's two; own orders and their sum; first guest; who asks;
# others' orders, their lines, the table's sum; calls; rating; dishes to rate; the desks' version.
TABLE_QUERIES = 15
