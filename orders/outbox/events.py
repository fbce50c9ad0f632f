"""Writing to the outbox: in the transaction of what happened, so that both are there or neither."""

from typing import Any

from django.db import transaction

from accounts.prepared import insert
from orders.models import Order, OutboxEvent, OutboxKind
from orders.outbox.hurrying import hurry_relay


def tell(kind: OutboxKind, /, *, place_id: int, order: Order | None = None, **payload: Any) -> OutboxEvent:
    """Write down a fact for the relay, which is asked to hurry after the commit. One query; the caller holds the
    transaction that makes the fact true."""
    event = OutboxEvent(place_id=place_id, kind=kind, order=order, payload=payload)
    insert([event])
    transaction.on_commit(hurry_relay)
    return event
