"""How staff answer a call."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import User
from menu_pages.models import Table
from orders.calls import IllegalCallMoveError, move_call, next_call_step
from orders.desk_state import version_of
from orders.models import CallStatus, WaiterCall
from orders.seatings import close_seating
from tests.factories.guests import Guest, guest_at


def the_call() -> WaiterCall:
    return WaiterCall.objects.get()


def seconds_ago(seconds: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(seconds=seconds)


def test_steps_have_their_times_and_who_made_them(guest: Guest, charlie: User) -> None:
    guest.call()
    steps = (CallStatus.SEEN, CallStatus.ON_THE_WAY, CallStatus.DONE)

    times = []
    for step in steps:
        assert next_call_step(the_call().status) == step
        call = move_call(call_id=the_call().pk, to=step, by=charlie)
        times.append((call.seen_at, call.on_the_way_at, call.done_at))

    assert [[moment is not None for moment in row] for row in times] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    assert (the_call().by, next_call_step("done")) == (charlie, None)


def test_a_double_tap_is_one_step(guest: Guest, charlie: User) -> None:
    guest.call()
    first = move_call(call_id=the_call().pk, to=CallStatus.SEEN, by=charlie)
    before = version_of(guest.place.pk)

    again = move_call(call_id=the_call().pk, to=CallStatus.SEEN, by=charlie)

    assert (again.seen_at, version_of(guest.place.pk)) == (first.seen_at, before)


@pytest.mark.parametrize(
    ("steps", "back"),
    [
        (["seen"], "asked"),
        (["seen", "on_the_way"], "seen"),
        (["on_the_way"], "asked"),
        (["done"], "asked"),
        (["seen", "done"], "seen"),
        (["seen", "on_the_way", "done"], "on_the_way"),
    ],
)
def test_a_slip_is_taken_back(guest: Guest, charlie: User, steps: list[str], back: str) -> None:
    guest.call()
    for step in steps:
        move_call(call_id=the_call().pk, to=CallStatus(step), by=charlie)

    call = move_call(call_id=the_call().pk, to=CallStatus(back), by=charlie)

    assert call.status == back
    assert getattr(call, f"{steps[-1]}_at") is None
    assert (call.by is None) is (back == "asked")


def test_not_after_its_time(guest: Guest, charlie: User) -> None:
    guest.call()
    move_call(call_id=the_call().pk, to=CallStatus.SEEN, by=charlie)
    WaiterCall.objects.update(seen_at=seconds_ago(16))

    with pytest.raises(IllegalCallMoveError, match="already “seen”"):
        move_call(call_id=the_call().pk, to=CallStatus.ASKED, by=charlie)


@pytest.mark.parametrize(("status", "to"), [("cancelled", "seen"), ("done", "seen"), ("on_the_way", "cancelled")])
def test_other_moves_are_refused(guest: Guest, charlie: User, status: str, to: str) -> None:
    guest.call()
    WaiterCall.objects.update(status=status)

    with pytest.raises(IllegalCallMoveError):
        move_call(call_id=the_call().pk, to=CallStatus(to), by=charlie)
    assert the_call().status == status


def test_a_done_call_does_not_come_back_beside_a_new_one(guest: Guest, charlie: User) -> None:
    guest.call()
    old = move_call(call_id=the_call().pk, to=CallStatus.DONE, by=charlie)
    guest.call()

    with pytest.raises(IllegalCallMoveError, match="called again"):
        move_call(call_id=old.pk, to=CallStatus.ASKED, by=charlie)


def test_closing_the_table_answers_its_calls(guest: Guest, table_7: Table, alice: User) -> None:
    guest.call("bill", payment="cash")
    close_seating(seating_id=guest.visit.seating_id, by=alice)
    old = the_call()

    next_party = guest_at(table_7)
    next_party.call("bill")

    assert (old.status, old.by, old.done_at is None) == ("done", alice, False)
    assert WaiterCall.objects.open().get().visit == next_party.visit
    with pytest.raises(IllegalCallMoveError):
        move_call(call_id=old.pk, to=CallStatus.ASKED, by=alice)
