import datetime

import pytest
from django.utils import timezone

from menu_pages.models import PlacePage
from orders.models import Consumer, Delivery, DeliveryStatus, OutboxEvent, OutboxKind
from orders.outbox import retention
from orders.outbox.retention import forget_old_events

OLD = datetime.timedelta(days=31)


def make_event(place: PlacePage, age: datetime.timedelta, *statuses: str) -> OutboxEvent:
    event = OutboxEvent.objects.create(place=place, kind=OutboxKind.CALL_ASKED, relayed_at=timezone.now() - age)
    for number, status in enumerate(statuses):
        Delivery.objects.create(place=place, event=event, consumer=Consumer.WEBHOOK, target=str(number), status=status)
    return event


def test_what_everyone_has_heard_of_is_forgotten_after_a_month(place_a: PlacePage) -> None:
    kept = [
        make_event(place_a, datetime.timedelta(days=29), DeliveryStatus.DONE),
        make_event(place_a, OLD, DeliveryStatus.DONE, DeliveryStatus.WAITING),
        OutboxEvent.objects.create(place=place_a, kind=OutboxKind.CALL_ASKED, at=timezone.now() - OLD),
    ]
    make_event(place_a, OLD)
    make_event(place_a, OLD, DeliveryStatus.DONE, DeliveryStatus.FAILED)

    assert forget_old_events() == 2

    assert list(OutboxEvent.objects.order_by("pk")) == kept
    assert Delivery.objects.count() == 3


def test_it_goes_in_batches_to_the_end(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        make_event(place_a, OLD)

    assert forget_old_events() == 5
    assert forget_old_events() == 0
