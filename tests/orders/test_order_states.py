"""An order's steps: only those of the table, each once, the last one taken back for a short while."""

import contextlib
import datetime
import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from menu_pages.models import DishPage
from orders.desk_state import version_of
from orders.models import Order, OrderStatus, OrderStatusChange
from orders.order_states import ALLOWED, UNDO_FOR, IllegalMoveError, move_order, next_step
from tests.factories.guests import Guest, ordered

# FAULTS_TIMES=10 walks the five hundred times fifty steps that are promised.
TIMES = int(os.environ.get("FAULTS_TIMES", "1"))
S = OrderStatus
PROMISED = {
    "sent": {"accepted", "cancelled"},
    "accepted": {"preparing", "ready", "cancelled"},
    "preparing": {"ready", "cancelled"},
    "ready": {"served", "cancelled"},
    "served": {"closed"},
    "closed": set(),
    "cancelled": set(),
}


@pytest.fixture
def order(guest: Guest, borshch: DishPage) -> Order:
    return ordered(guest, borshch)


def put(order: Order, status: str) -> None:
    """The order in this status with no step that could be taken back."""
    Order.objects.filter(pk=order.pk).update(status=status, cancel_reason="")
    OrderStatusChange.objects.filter(order=order).delete()


def test_the_table_is_the_promised_one() -> None:
    assert {before.value: {after.value for after in steps} for before, steps in ALLOWED.items()} == PROMISED


@pytest.mark.parametrize("before", S.values)
def test_only_steps_of_the_table_are_made(order: Order, before: str) -> None:
    for after in S.values:
        put(order, before)

        with contextlib.suppress(IllegalMoveError):
            move_order(order_id=order.pk, to=S(after), by=None, reason="a reason")

        order.refresh_from_db()
        made = after != before and after in PROMISED[before]
        assert order.status == (after if made else before)
        assert order.history.count() == made


@pytest.mark.parametrize(
    ("status", "step"),
    [
        ("sent", "accepted"),
        ("accepted", "preparing"),
        ("preparing", "ready"),
        ("ready", "served"),
        ("served", "closed"),
    ],
)
def test_one_tap_makes_the_next_step(status: str, step: str) -> None:
    assert next_step(status) == step


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_an_order_that_is_over_has_no_next_step(status: str) -> None:
    assert next_step(status) is None


def test_a_step_is_written_down_and_told_to_the_desks(order: Order, charlie: User) -> None:
    version = version_of(order.place_id)

    move_order(order_id=order.pk, to=S.ACCEPTED, by=charlie)

    step = order.history.order_by("-pk")[0]
    assert (step.before, step.after, step.by, step.place_id) == ("sent", "accepted", charlie, order.place_id)
    assert version_of(order.place_id) == version + 1


def test_a_double_tap_is_one_step(order: Order, charlie: User) -> None:
    move_order(order_id=order.pk, to=S.ACCEPTED, by=charlie)
    version = version_of(order.place_id)

    move_order(order_id=order.pk, to=S.ACCEPTED, by=charlie)

    assert order.history.filter(after="accepted").count() == 1
    assert version_of(order.place_id) == version


def test_a_refused_step_tells_nobody(order: Order) -> None:
    version = version_of(order.place_id)

    with pytest.raises(IllegalMoveError) as refused:
        move_order(order_id=order.pk, to=S.SERVED, by=None)

    assert str(refused.value) == "Order 1 is already “sent”."
    assert version_of(order.place_id) == version


def test_cancelling_needs_a_reason(order: Order) -> None:
    with pytest.raises(IllegalMoveError, match="Say why the order is cancelled"):
        move_order(order_id=order.pk, to=S.CANCELLED, by=None)

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("sent", "")


def test_the_reason_is_kept_and_goes_when_the_cancelling_is_taken_back(order: Order) -> None:
    cancelled = move_order(order_id=order.pk, to=S.CANCELLED, by=None, reason="by mistake")
    reason = cancelled.cancel_reason

    back = move_order(order_id=order.pk, to=S.SENT, by=None)

    assert reason == "by mistake"
    assert (back.status, back.cancel_reason) == ("sent", "")


@pytest.mark.parametrize(("seconds", "status"), [(-2, "sent"), (2, "accepted")])
def test_a_step_is_taken_back_for_a_short_while(order: Order, seconds: int, status: str) -> None:
    move_order(order_id=order.pk, to=S.ACCEPTED, by=None)
    step = order.history.order_by("-pk")[0]
    step.at -= UNDO_FOR + datetime.timedelta(seconds=seconds)
    step.save()

    try:
        move_order(order_id=order.pk, to=S.SENT, by=None)
    except IllegalMoveError:
        assert seconds > 0

    order.refresh_from_db()
    assert order.status == status


def test_only_the_last_step_is_taken_back(order: Order) -> None:
    move_order(order_id=order.pk, to=S.ACCEPTED, by=None)
    move_order(order_id=order.pk, to=S.READY, by=None)

    with pytest.raises(IllegalMoveError):
        move_order(order_id=order.pk, to=S.SENT, by=None)

    order.refresh_from_db()
    assert order.status == "ready"


def test_any_walk_keeps_to_the_table(order: Order) -> None:
    """Two desks tap at random, time passes at random; the model knows the table and the last step alone."""
    OrderStatusChange.objects.filter(order=order).delete()

    class Walk(RuleBasedStateMachine):
        @initialize()
        def start(self) -> None:
            put(order, "sent")
            self.status, self.last, self.steps = "sent", None, 0

        @rule(to=st.sampled_from(list(S)), reason=st.sampled_from(["", "a reason"]))
        def tap(self, to: OrderStatus, reason: str) -> None:
            same = to == self.status
            known = to in PROMISED[self.status] or (to == self.last and self.status != "closed")
            fits = same or (known and (to != "cancelled" or bool(reason)))
            try:
                move_order(order_id=order.pk, to=to, by=None, reason=reason)
            except IllegalMoveError:
                assert not fits
                return
            assert fits
            if not same:
                self.last, self.status = self.status, to.value
                self.steps += 1

        @precondition(lambda self: self.last is not None)
        @rule()
        def time_passes(self) -> None:
            OrderStatusChange.objects.filter(order=order).update(at=order.sent_at - UNDO_FOR * 2)
            self.last = None

        @invariant()
        def stored_as_expected(self) -> None:
            stored = Order.objects.get(pk=order.pk)
            assert stored.status == self.status
            assert bool(stored.cancel_reason) == (self.status == "cancelled")
            assert OrderStatusChange.objects.filter(order=order).count() == self.steps

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=50 * TIMES if TIMES > 1 else 15,
            stateful_step_count=50 if TIMES > 1 else 15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
