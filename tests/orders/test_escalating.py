"""Orders nobody acknowledged in time, and the letter about them."""

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.letters.models import Letter
from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from menu_pages.vocabulary import Acceptance
from orders.desk_state import version_of
from orders.escalating import escalate_unanswered
from orders.models import Delivery, Order, OrderStatus, OutboxEvent, OutboxKind
from orders.order_states import acknowledge_order, move_order
from orders.outbox.relay import run_relay
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of
from tests.factories.people import make_member


def after(seconds: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=seconds)


def told() -> int:
    return OutboxEvent.objects.filter(kind=OutboxKind.ORDER_UNANSWERED).count()


@pytest.fixture
def order(guest: Guest, borshch: DishPage) -> Order:
    return ordered(guest, borshch)


def test_it_is_told_once_when_the_places_time_is_over(order: Order, place_a: PlacePage) -> None:
    before = version_of(place_a.pk)

    assert escalate_unanswered(now=after(80)) == 0
    assert escalate_unanswered(now=after(100)) == 1
    assert escalate_unanswered(now=after(1000)) == 0

    order.refresh_from_db()
    assert order.escalated_at is not None
    assert (told(), version_of(place_a.pk)) == (1, before + 1)


def test_each_place_has_its_own_time(order: Order, place_b: PlacePage, pizza: DishPage) -> None:
    PlaceRecord.objects.filter(place=place_b).update(acknowledge_seconds=15)
    elsewhere = ordered(guest_at(table_of(place_b, 1)), pizza)

    assert escalate_unanswered(now=after(20)) == 1

    assert list(Order.objects.exclude(escalated_at=None)) == [elsewhere]


@pytest.mark.parametrize("status", [OrderStatus.ACCEPTED, OrderStatus.CANCELLED])
def test_the_answered_are_left_alone(order: Order, charlie: User, status: OrderStatus) -> None:
    move_order(order_id=order.pk, to=status, by=charlie, reason="ran out")

    assert escalate_unanswered(now=after(1000)) == 0


def test_an_order_accepted_by_itself_waits_for_a_person(guest: Guest, borshch: DishPage) -> None:
    PlaceRecord.objects.update(acceptance=Acceptance.AT_ONCE)
    first, second = ordered(guest, borshch), ordered(guest, borshch)
    acknowledge_order(order_id=first.pk)

    assert escalate_unanswered(now=after(100)) == 1

    second.refresh_from_db()
    assert second.escalated_at is not None


def test_nothing_to_tell_costs_one_query(order: Order, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        escalate_unanswered()


def test_the_letter_says_where_and_how_long(order: Order, alice: User, organisation_a: Organisation) -> None:
    manager = make_member("manager@example.com", organisation_a, Role.MANAGER)
    User.objects.filter(pk=manager.pk).update(language="ru")
    User.objects.filter(pk=alice.pk).update(language="en")
    Order.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=4))
    escalate_unanswered()

    run_relay()

    letter = Letter.objects.get(to=alice.email)
    assert letter.subject == "Nobody has answered order 1 — Teahouse"
    assert "Teahouse" in letter.text
    assert "Table 7 · order 1" in letter.text
    assert "waited for 4 minutes" in letter.text
    assert "http://127.0.0.1:8000/staff/teahouse/" in letter.text
    assert 'href="http://127.0.0.1:8000/staff/teahouse/"' in letter.html
    assert '<html lang="ru">' in Letter.objects.get(to=manager.email).html


def test_the_same_event_writes_one_letter_to_each_reader(order: Order) -> None:
    Order.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=4))
    escalate_unanswered()
    run_relay()
    # The worker died before the next one could see what it had done; the event is handed on once more, too.
    OutboxEvent.objects.update(relayed_at=None)
    Delivery.objects.update(next_try_at=timezone.now())

    run_relay()

    assert Letter.objects.count() == 1


def test_an_order_answered_meanwhile_needs_no_letter(order: Order, charlie: User) -> None:
    Order.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=4))
    escalate_unanswered()
    move_order(order_id=order.pk, to=OrderStatus.ACCEPTED, by=charlie)

    run_relay()

    assert Letter.objects.count() == 0
    assert Delivery.objects.get().status == "done"


def test_who_left_since_gets_no_letter(order: Order, alice: User) -> None:
    Order.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=4))
    escalate_unanswered()
    User.objects.filter(pk=alice.pk).update(is_active=False)

    run_relay()

    assert Letter.objects.count() == 0
