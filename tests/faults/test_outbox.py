"""The outbox while relays race, workers die and the broker is away."""

import datetime
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone

from accounts.models import User
from menu_pages.models import DishPage, PlacePage
from orders import order_states
from orders.escalating import escalate_unanswered
from orders.models import Delivery, Order, OrderStatus, OutboxEvent, OutboxKind
from orders.outbox import delivering, hurrying
from orders.outbox.events import tell
from orders.outbox.relay import hand_on_events, run_relay
from orders.tasks import relay_outbox
from tests.factories.guests import Guest, ordered
from tests.factories.receivers import Receiver, make_webhook
from tests.factories.stations import Printer, closed_port, make_station
from tests.faults.at_once import Meeting, at_once
from tests.faults.processes import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
EVENTS, RELAYS = 30, 4
RELAY_ALONE = """
import django
django.setup()
from django.conf import settings
settings.DEBUG = settings.WEBHOOKS_MAY_BE_PRIVATE = True
settings.PRINTER_NETWORKS = ["127.0.0.0/8"]
from accounts.scope import everyone
from orders.outbox.relay import run_relay
with everyone():
    run_relay()
"""


@pytest.fixture(autouse=True)
def nobody_is_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Relays run when a test starts them, and not in the middle of the guest's order."""
    monkeypatch.setattr(hurrying._Pause, "until", float("inf"))


def facts(place: PlacePage, count: int = EVENTS) -> None:
    for number in range(count):
        tell(OutboxKind.CALL_ASKED, place_id=place.pk, table=number)


def make_due() -> None:
    Delivery.objects.waiting().update(next_try_at=timezone.now() - datetime.timedelta(seconds=1))


def borrow_without_lending(meeting: Meeting) -> Delivery | None:
    """The next due delivery, read and left as it is; the relays have all read their first before one is told."""
    found = Delivery.objects.waiting().select_related("event__place__record").order_by("pk").first()
    meeting.wait()
    return found


def relay_all() -> int:
    return run_relay()


def test_relays_at_once_deliver_each_event_once(place_a: PlacePage, receiver: Receiver) -> None:
    make_webhook(place_a, receiver.url)
    facts(place_a)

    at_once(*[relay_all] * RELAYS)

    told = Counter(call.headers["Menusite-Event"] for call in receiver.calls)
    assert (len(told), set(told.values())) == (EVENTS, {1})
    assert Counter(Delivery.objects.values_list("status", "tries")) == {("done", 1): EVENTS}


def test_control_without_lending_relays_tell_twice(
    place_a: PlacePage,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meeting = Meeting(RELAYS)
    monkeypatch.setattr(delivering, "_borrow", lambda: borrow_without_lending(meeting))
    make_webhook(place_a, receiver.url)
    facts(place_a)
    hand_on_events()

    at_once(*[relay_all] * RELAYS)

    told = Counter(call.headers["Menusite-Event"] for call in receiver.calls)
    assert len(told) == EVENTS
    assert max(told.values()) > 1


def test_handing_on_at_once_makes_each_delivery_once(place_a: PlacePage) -> None:
    make_webhook(place_a, "https://example.com/")
    facts(place_a)

    handed = at_once(*[hand_on_events] * RELAYS)

    assert sum(handed) == EVENTS
    assert Delivery.objects.count() == EVENTS


def test_a_relay_killed_before_it_could_mark_delivers_again_with_the_same_id(
    place_a: PlacePage,
    receiver: Receiver,
) -> None:
    make_webhook(place_a, receiver.url)
    facts(place_a, 1)
    with relay_process() as relay:
        receiver.before_answer = lambda: os.kill(relay.pid, signal.SIGKILL)
        assert relay.wait(60) == -signal.SIGKILL
    receiver.before_answer = None
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.tries, delivery.unsure) == ("waiting", 1, True)
    assert run_relay() == 0  # still lent to the one that died

    make_due()
    run_relay()

    assert len(receiver.calls) == 2
    assert receiver.events == [str(OutboxEvent.objects.get().event_id)]
    assert Delivery.objects.get().status == "done"


def test_a_ticket_of_a_killed_relay_comes_again_and_says_so(
    guest: Guest,
    borshch: DishPage,
    place_a: PlacePage,
    printer: Printer,
) -> None:
    make_station(place_a, "Kitchen", printer=printer)
    ordered(guest, borshch)
    hand_on_events()
    # As the relay leaves it that printed and died.
    delivering._borrow()
    make_due()

    run_relay()

    (ticket,) = printer.tickets(1)
    assert "ПОВТОР" in ticket.decode("cp866") or "MAY BE A REPEAT" in ticket.decode("cp866")


@pytest.mark.parametrize("broker", ["refusing", "hanging"])
def test_a_guest_orders_while_the_broker_is_away(
    guest: Guest,
    borshch: DishPage,
    place_a: PlacePage,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broker: str,
) -> None:
    monkeypatch.setattr(hurrying._Pause, "until", 0.0)
    make_webhook(place_a, receiver.url)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1] if broker == "hanging" else closed_port()
        conf = relay_outbox.app.conf
        monkeypatch.setitem(conf, "task_always_eager", False)
        monkeypatch.setitem(conf, "broker_transport", None)
        monkeypatch.setitem(conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")
        guest.add(borshch)

        response = guest.send()
        # Nobody's request waited for the broker: a thread finds out.
        assert wait_for(lambda: "queue is away" in caplog.text, 10)

    order = Order.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/teahouse/orders/{order.public_id}/")
    said = [record for record in caplog.records if "queue is away" in record.message]
    assert [(record.name, record.threadName) for record in said] == [("orders.outbox.hurrying", "hurrying")]
    assert OutboxEvent.objects.get().relayed_at is None

    relay_outbox()

    assert receiver.events == [str(OutboxEvent.objects.get().event_id)]


def test_an_order_hurries_the_relay(
    guest: Guest,
    borshch: DishPage,
    place_a: PlacePage,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hurrying._Pause, "until", 0.0)
    make_webhook(place_a, receiver.url)

    ordered(guest, borshch)

    assert receiver.events == [str(OutboxEvent.objects.get().event_id)]


def test_escalating_at_once_tells_once(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    orders = [ordered(guest, borshch), ordered(guest, ukha)]
    later = timezone.now() + datetime.timedelta(minutes=5)

    at_once(*[lambda: escalate_unanswered(now=later)] * RELAYS)

    told = OutboxEvent.objects.filter(kind=OutboxKind.ORDER_UNANSWERED)
    assert sorted(told.values_list("order_id", flat=True)) == [order.pk for order in orders]


def test_an_answer_and_the_escalation_at_once_leave_one_truth(guest: Guest, borshch: DishPage, charlie: User) -> None:
    order = ordered(guest, borshch)
    later = timezone.now() + datetime.timedelta(minutes=5)

    at_once(
        lambda: escalate_unanswered(now=later),
        lambda: order_states.move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=charlie),
    )

    order.refresh_from_db()
    assert order.acknowledged_at is not None
    told = OutboxEvent.objects.filter(kind=OutboxKind.ORDER_UNANSWERED).count()
    assert told == (order.escalated_at is not None)


@contextmanager
def relay_process() -> Iterator["subprocess.Popen[bytes]"]:
    """A relay in a process of its own, on the test's database."""
    base = connection.settings_dict
    url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen([sys.executable, "-c", RELAY_ALONE], env=environment, cwd=project.BASE_DIR) as process:
        yield process
