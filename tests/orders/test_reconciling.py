"""The daily reconciliation: a day that adds up says so, and each way to lose an order is named."""

import datetime
import json
import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.letters.models import Letter
from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from orders.demo import guests, history
from orders.missing_orders import count_day, in_words
from orders.models import (
    BasketLine,
    Consumer,
    Delivery,
    DeliveryStatus,
    Order,
    OrderStatus,
    OutboxEvent,
    Reconciliation,
)
from orders.order_states import move_order
from orders.reconciling import last_ended_day, reconcile_day, reconcile_ended_days
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of

DAY = datetime.timedelta(days=1)


@pytest.fixture
def orders(place_a: PlacePage, borshch: DishPage) -> list[Order]:
    """Four orders of today: the first acknowledged, the second cancelled, two open."""
    return [ordered(guest_at(table_of(place_a, number)), borshch) for number in range(1, 5)]


@pytest.fixture
def today(place_a: PlacePage) -> datetime.date:
    return place_a.record.business_day(timezone.now())


def problems(place: PlacePage, day: datetime.date) -> dict[str, list[int]]:
    return {problem["kind"]: problem["numbers"] for problem in count_day(place.record, day).problems}


def test_a_good_day_adds_up(place_a: PlacePage, orders: list[Order], charlie: User, today: datetime.date) -> None:
    move_order(order_id=orders[0].pk, to=OrderStatus.ACCEPTED, by=charlie)
    move_order(order_id=orders[1].pk, to=OrderStatus.CANCELLED, by=charlie, reason="ran out")

    kept = reconcile_day(record=place_a.record, day=today)

    assert kept.figures == {"sent": 4, "acknowledged": 1, "cancelled": 1, "open": 2, "imported": 0}
    assert kept.problems == []
    assert Letter.objects.count() == 0


def test_a_number_nobody_has_is_missing(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    for lost in orders[0], orders[2]:
        lost.lines.all().delete()
        lost.delete()

    assert problems(place_a, today) == {"number_missing": [1, 3]}


def test_an_order_without_its_event(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    OutboxEvent.objects.filter(order=orders[1]).delete()

    assert problems(place_a, today) == {"event_missing": [2]}


def test_events_are_not_missed_once_they_are_forgotten(
    place_a: PlacePage, orders: list[Order], today: datetime.date
) -> None:
    OutboxEvent.objects.all().delete()

    later = timezone.now() + 31 * DAY

    assert count_day(place_a.record, today, now=later).problems == []


def test_an_order_without_lines(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    orders[1].lines.all().delete()

    assert problems(place_a, today) == {"lines_missing": [2]}


def test_a_total_that_is_not_its_lines(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    BasketLine.objects.filter(order=orders[3]).update(quantity=2)

    assert problems(place_a, today) == {"total_differs": [4]}


def test_served_and_never_acknowledged(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    Order.objects.filter(pk=orders[0].pk).update(status=OrderStatus.SERVED)
    Order.objects.filter(pk=orders[1].pk).update(status=OrderStatus.CLOSED)

    count = count_day(place_a.record, today)

    assert problems(place_a, today) == {"never_acknowledged": [1, 2]}
    figures = count.figures
    assert figures["sent"] == figures["acknowledged"] + figures["cancelled"] + figures["open"] + 2


def test_an_event_nobody_handed_on(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    OutboxEvent.objects.exclude(order=orders[2]).update(relayed_at=timezone.now())
    OutboxEvent.objects.update(at=timezone.now() - datetime.timedelta(hours=1))

    assert problems(place_a, today) == {"event_waiting": [3]}


def test_a_delivery_given_up(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    event = OutboxEvent.objects.get(order=orders[2])
    for target in ("one", "two"):
        Delivery.objects.create(
            place=place_a, event=event, consumer=Consumer.TICKET, target=target, status=DeliveryStatus.FAILED
        )

    (problem,) = count_day(place_a.record, today).problems

    assert (problem["kind"], problem["count"], problem["numbers"]) == ("given_up", 2, [3])
    assert in_words(problem) == "2 tickets, letters or webhooks could not be delivered: № 3"


@pytest.mark.parametrize("guests_days", [0, 3])
def test_the_demos_history_raises_no_alarm(
    place_a: PlacePage, borshch: DishPage, monkeypatch: pytest.MonkeyPatch, guests_days: int
) -> None:
    """Neither its orders without a way of their own, which are old data, nor those that have one."""
    monkeypatch.setattr(history, "DAYS", 3)
    monkeypatch.setattr(guests, "DAYS", guests_days)
    history.make_history(place_a)
    days = sorted(set(Order.objects.values_list("business_day", flat=True)))

    assert {day: problems(place_a, day) for day in days} == {day: {} for day in days}
    figures = count_day(place_a.record, days[-1]).figures
    assert (figures["sent"] > 0, figures["imported"] > 0) == (guests_days > 0, guests_days == 0)


def test_numbers_go_on_after_imported_ones(
    place_a: PlacePage, guest: Guest, borshch: DishPage, today: datetime.date
) -> None:
    imported = ordered(guest, borshch)
    imported.history.all().delete()
    Order.objects.filter(pk=imported.pk).update(number=40)
    live = [ordered(guest, borshch) for _ in range(2)]
    for order, number in zip(live, (41, 43), strict=True):
        Order.objects.filter(pk=order.pk).update(number=number)

    assert problems(place_a, today) == {"number_missing": [42]}


@pytest.mark.parametrize("count", [1, 3])
def test_a_day_costs_the_same_for_many(
    place_a: PlacePage,
    borshch: DishPage,
    today: datetime.date,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(1, count + 1):
        ordered(guest_at(table_of(place_a, number)), borshch)

    with django_assert_num_queries(4):
        count_day(place_a.record, today)


def test_the_owner_is_told_once(
    place_a: PlacePage, orders: list[Order], alice: User, today: datetime.date, caplog: pytest.LogCaptureFixture
) -> None:
    User.objects.update(language="en")
    OutboxEvent.objects.filter(order=orders[1]).delete()

    for _time in range(3):
        kept = reconcile_day(record=place_a.record, day=today)

    letter = Letter.objects.get()
    assert (letter.to, Reconciliation.objects.count()) == (alice.email, 1)
    assert letter.subject.endswith("something is missing — Teahouse")
    assert "1 order was never announced: № 2" in letter.text
    assert "Sent: 4. Acknowledged: 0, cancelled: 0, still open: 4." in letter.text
    assert kept.told_at is not None
    errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 3
    assert all("1 order was never announced: № 2" in error for error in errors)


def test_ended_days_are_counted_once_by_the_places_clock(
    place_b: PlacePage, pizza: DishPage, orders: list[Order]
) -> None:
    PlaceRecord.objects.filter(place=place_b).update(time_zone="America/Los_Angeles")
    ordered(guest_at(table_of(place_b, 1)), pizza)
    noon = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)
    Order.objects.update(business_day=noon.date(), sent_at=noon)

    def counted_after(hours: int) -> list[str]:
        reconcile_ended_days(now=noon + datetime.timedelta(hours=hours))
        return sorted(Reconciliation.objects.values_list("place__slug", flat=True))

    # Midnight is 21:00 UTC in Moscow, and 08:00 UTC of the next day in Los Angeles.
    assert [counted_after(hours) for hours in (8, 10, 19, 21)] == [
        [],
        ["teahouse"],
        ["teahouse"],
        ["pizzeria", "teahouse"],
    ]
    assert reconcile_ended_days(now=noon + 2 * DAY) == 0


def test_the_command_prints_the_figures(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    out = StringIO()

    call_command("reconcile_orders", "--place", "teahouse", "--day", today.isoformat(), stdout=out)

    assert out.getvalue() == f"teahouse {today}: sent 4 = acknowledged 0 + cancelled 0 + open 4\n"


def test_the_command_names_the_missing_and_fails(place_a: PlacePage, orders: list[Order], today: datetime.date) -> None:
    orders[1].lines.all().delete()
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("reconcile_orders", "--day", today.isoformat(), "--json", stdout=out)

    assert end.value.code == 1
    (facts,) = json.loads(out.getvalue())
    assert (facts["place"], facts["day"]) == ("teahouse", today.isoformat())
    assert facts["figures"]["sent"] == 4
    assert [(problem["kind"], problem["numbers"]) for problem in facts["problems"]] == [("lines_missing", [2])]


def test_the_command_takes_the_last_ended_day(place_a: PlacePage) -> None:
    out = StringIO()

    call_command("reconcile_orders", stdout=out)

    assert out.getvalue().startswith(f"teahouse {last_ended_day(place_a.record)}: sent 0")


@pytest.mark.parametrize("wrong", [["--place", "nowhere"], ["--day", "yesterday"]])
def test_the_command_refuses_nonsense(place_a: PlacePage, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("reconcile_orders", *wrong)
