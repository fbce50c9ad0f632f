"""From an event to its consumers: who hears of what, how often it is tried, what a failure leaves."""

import datetime

import pytest
from django.conf import LazySettings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord, Table
from orders.models import Delivery, OrderStatus, OutboxEvent, OutboxKind
from orders.order_states import move_order
from orders.outbox import delivering
from orders.outbox.events import tell
from orders.outbox.relay import hand_on_events, run_relay, waiting_since
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member
from tests.factories.receivers import Receiver, make_webhook
from tests.factories.stations import Printer, closed_port, make_station


def deliveries() -> list[tuple[str, str, str]]:
    rows = Delivery.objects.order_by("consumer", "target").values_list("event__kind", "consumer", "target")
    return list(rows)


def make_due() -> None:
    """Let the time of every next try come."""
    Delivery.objects.update(next_try_at=timezone.now() - datetime.timedelta(seconds=1))


def test_tickets_go_to_the_stations_that_make_the_lines(
    guest: Guest, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, tea: DishPage
) -> None:
    kitchen = make_station(place_a, "Kitchen", soups, port=9)
    bar = make_station(place_a, "Bar", CategoryPage.objects.get(title="Drinks"), port=9)
    make_station(place_a, "Grill", port=9)
    guest.add(borshch)
    guest.add(tea, options=["size-large"])
    guest.send()

    assert hand_on_events() == 1

    expected = sorted([("order.sent", "ticket", kitchen.public_id), ("order.sent", "ticket", bar.public_id)])
    assert sorted(deliveries()) == expected


def test_what_no_station_makes_goes_to_the_one_without_categories(
    guest: Guest, place_a: PlacePage, soups: CategoryPage, tea: DishPage
) -> None:
    make_station(place_a, "Kitchen", soups, port=9)
    rest = make_station(place_a, "Everything else", port=9)
    make_station(place_a, "No printer")
    guest.add(tea, options=["size-large"])
    guest.send()

    hand_on_events()

    assert deliveries() == [("order.sent", "ticket", rest.public_id)]


def test_without_such_a_station_it_goes_to_no_printer(
    guest: Guest, place_a: PlacePage, soups: CategoryPage, tea: DishPage
) -> None:
    make_station(place_a, "Kitchen", soups, port=9)
    guest.add(tea, options=["size-large"])
    guest.send()

    assert hand_on_events() == 1
    assert deliveries() == []


def test_the_unanswered_are_told_to_owners_and_managers_alone(
    guest: Guest, borshch: DishPage, alice: User, organisation_a: Organisation
) -> None:
    for role in Role:
        make_member(f"{role.value}@example.com", organisation_a, role)
    order = ordered(guest, borshch)
    tell(OutboxKind.ORDER_UNANSWERED, place_id=order.place_id, order=order)

    hand_on_events()

    readers = [alice.email, "manager@example.com", "owner@example.com"]
    assert deliveries() == [("order.unanswered", "letter", reader) for reader in readers]


def test_webhooks_of_the_place_hear_of_everything_but_copies(
    guest: Guest, borshch: DishPage, place_a: PlacePage, place_b: PlacePage, charlie: User
) -> None:
    own = make_webhook(place_a, "https://example.com/a")
    make_webhook(place_a, "https://example.com/resting", active=False)
    make_webhook(place_b, "https://example.com/b")
    order = ordered(guest, borshch)
    move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=charlie)
    tell(OutboxKind.TICKET_AGAIN, place_id=order.place_id, order=order, station="")

    hand_on_events()

    assert sorted(deliveries()) == [
        ("order.moved", "webhook", own.public_id),
        ("order.sent", "webhook", own.public_id),
    ]
    assert not OutboxEvent.objects.filter(relayed_at=None).exists()


def test_handing_on_twice_makes_one_delivery(guest: Guest, borshch: DishPage, place_a: PlacePage) -> None:
    make_webhook(place_a, "https://example.com/a")
    ordered(guest, borshch)
    hand_on_events()
    OutboxEvent.objects.update(relayed_at=None)

    assert hand_on_events() == 1

    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("orders", [1, 3])
def test_handing_on_costs_the_same_for_many(
    place_a: PlacePage,
    soups: CategoryPage,
    borshch: DishPage,
    orders: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_station(place_a, "Kitchen", soups, port=9)
    make_webhook(place_a, "https://example.com/a")
    for number in range(1, orders + 1):
        order = ordered(guest_at(table_of(place_a, number)), borshch)
        tell(OutboxKind.ORDER_UNANSWERED, place_id=place_a.pk, order=order)

    # Is anything there, savepoint, events, readers, stations, lines, webhooks, insert, mark, release.
    with django_assert_num_queries(10):
        hand_on_events()

    assert Delivery.objects.count() == 4 * orders


def test_an_idle_round_costs_two_queries(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        assert run_relay() == 0


def test_a_ticket_and_a_webhook_are_delivered(
    guest: Guest, borshch: DishPage, place_a: PlacePage, printer: Printer, receiver: Receiver
) -> None:
    make_station(place_a, "Kitchen", printer=printer)
    make_webhook(place_a, receiver.url)
    ordered(guest, borshch)

    assert run_relay() == 2

    assert len(printer.tickets(1)) == 1
    assert receiver.events == [str(OutboxEvent.objects.get().event_id)]
    assert set(Delivery.objects.values_list("status", "tries", "problem")) == {("done", 1, "")}
    assert run_relay() == 0


def test_a_failure_is_tried_again_later_and_later(guest: Guest, borshch: DishPage, place_a: PlacePage) -> None:
    make_webhook(place_a, "https://example.invalid/")
    ordered(guest, borshch)
    waits = []
    for _try in range(4):
        make_due()
        before = timezone.now()
        assert run_relay() == 1
        waits.append(round((Delivery.objects.get().next_try_at - before).total_seconds(), -1))

    assert waits == [10, 20, 40, 80]
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.tries) == ("waiting", 4)
    assert delivery.problem != ""


def test_in_the_end_it_is_given_up(guest: Guest, borshch: DishPage, place_a: PlacePage, settings: LazySettings) -> None:
    settings.PRINTER_NETWORKS = ["127.0.0.0/8"]
    make_station(place_a, "Kitchen", port=closed_port())
    ordered(guest, borshch)
    for _try in range(9):
        make_due()
        run_relay()

    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.tries) == ("failed", 9)
    assert delivery.problem.startswith("Принтер не отвечает") or delivery.problem.startswith("The printer does not")
    make_due()
    assert run_relay() == 0


def test_a_worker_that_dies_each_time_is_given_up_too(
    guest: Guest, borshch: DishPage, place_a: PlacePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delivery that kills whoever touches it must not do so for ever."""
    make_webhook(place_a, "https://example.com/")
    ordered(guest, borshch)
    wait = datetime.timedelta(seconds=1)
    monkeypatch.setitem(delivering.POLICIES, "webhook", delivering.Policy(dying, wait, wait, tries=3))
    for _try in range(3):
        make_due()
        with pytest.raises(SystemExit):
            run_relay()
    make_due()

    assert run_relay() == 1

    assert Delivery.objects.get().status == "failed"


def dying(delivery: Delivery) -> None:
    raise SystemExit


def test_a_receiver_that_does_not_answer_is_asked_once(
    place_a: PlacePage, borshch: DishPage, settings: LazySettings
) -> None:
    settings.PRINTER_NETWORKS = ["127.0.0.0/8"]
    make_station(place_a, "Kitchen", port=closed_port())
    for number in (1, 2, 3):
        ordered(guest_at(table_of(place_a, number)), borshch)

    assert run_relay() == 1

    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 1]
    assert len(set(Delivery.objects.values_list("next_try_at", flat=True))) == 1


def test_failures_reach_the_desk(
    guest: Guest, borshch: DishPage, place_a: PlacePage, printer: Printer, settings: LazySettings
) -> None:
    from orders.desk.failures import print_failures
    from orders.desk_state import version_of

    station = make_station(place_a, "Kitchen", port=closed_port())
    order = ordered(guest, borshch)
    before = version_of(place_a.pk)
    for _ in range(3):
        make_due()
        run_relay()

    (failed,) = print_failures(place_a, [station])
    assert (failed.order, failed.stations) == (order, ["Kitchen"])
    assert version_of(place_a.pk) == before + 3

    type(station).objects.update(printer_port=printer.port)
    make_due()
    run_relay()

    assert print_failures(place_a, [station]) == []
    assert version_of(place_a.pk) == before + 4


def test_waiting_since(guest: Guest, borshch: DishPage, table_7: Table) -> None:
    assert waiting_since() is None
    ordered(guest, borshch)
    ordered(guest, borshch)

    assert waiting_since() == OutboxEvent.objects.order_by("pk")[0].at
    hand_on_events()
    assert waiting_since() is None


def test_the_problem_is_in_the_language_of_the_place(guest: Guest, borshch: DishPage, place_a: PlacePage) -> None:
    PlaceRecord.objects.update(language="en")
    make_webhook(place_a, "http://example.com/")
    ordered(guest, borshch)

    run_relay()

    assert Delivery.objects.get().problem == "The address has to begin with https://."
    assert Delivery.objects.get().status == "failed"
