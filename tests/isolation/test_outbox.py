"""What an organisation's own systems, printers and people are told."""

import pytest

from orders.models import Consumer, Delivery, OutboxEvent, OutboxKind
from orders.outbox.events import tell
from orders.outbox.relay import hand_on_events
from orders.outbox.webhook_body import body_of
from tests.isolation.world import World

pytestmark = pytest.mark.isolation


def test_what_happens_in_a_place_is_told_to_its_own_alone(world: World) -> None:
    """Events of both are handed on together, as they are where many places share a relay."""
    Delivery.objects.all().delete()
    OutboxEvent.objects.update(relayed_at=None)
    for side in (world.a, world.b):
        for kind in (OutboxKind.ORDER_UNANSWERED, OutboxKind.ORDER_MOVED, OutboxKind.TICKET_AGAIN):
            tell(kind, place_id=side.place.pk, order=side.order)

    hand_on_events()

    for side, other in ((world.a, world.b), (world.b, world.a)):
        told = Delivery.objects.filter(place=side.place).select_related("event__place", "event__order")
        assert {delivery.consumer for delivery in told} >= {Consumer.LETTER, Consumer.WEBHOOK}
        for delivery in told:
            heard = f"{delivery.target} {body_of(delivery.event).decode()}".lower()
            assert [canary for canary in other.canaries if canary in heard] == []


def test_the_owner_of_one_hears_of_that_one(world: World) -> None:
    """Who owns A and works in B's kitchen is written to about A's orders that nobody answers, not about B's."""
    for side in (world.a, world.b):
        tell(OutboxKind.ORDER_UNANSWERED, place_id=side.place.pk, order=side.order)

    hand_on_events()

    written = Delivery.objects.filter(consumer=Consumer.LETTER, target=world.double.email)
    assert set(written.values_list("place", flat=True)) == {world.a.place.pk}
