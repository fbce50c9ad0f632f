"""What a webhook says of an event: facts of the trade, nothing about a person.

Guests' words (comments, notes, reasons), session ids and names of staff are left out. The body depends on the event
alone, so that each attempt says the same.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from orders.models import Order, OutboxEvent

# Of what an event carries: figures and words of closed lists. What guests and staff write stays here.
TOLD = ("before", "after", "call", "table", "call_kind", "payment", "score", "dishes")


def body_of(event: OutboxEvent) -> bytes:
    """The JSON in UTF-8. One query where the event is about an order."""
    told = {
        "id": event.event_id,
        "event": event.kind,
        "at": event.at,
        "place": event.place.slug,
        "data": {name: event.payload[name] for name in TOLD if name in event.payload},
        "order": _order(event.order) if event.order else None,
    }
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.public_id,
        "number": order.number,
        "business_day": order.business_day,
        "sent_at": order.sent_at,
        "table": order.table.number if order.table else None,
        "currency": order.currency,
        "total": order.total,
        "lines": [
            {
                "title": line.title,
                "options": [option["title"] for option in line.options],
                "quantity": line.quantity,
                "unit_price": line.price,
                "total": line.line_total,
            }
            for line in order.lines.all()
        ],
    }
