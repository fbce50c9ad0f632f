"""The least an order can cost through HTTP: its rows, written by the ORM in one transaction, nothing asked or checked.

The reference of the benchmark of sending orders. A request names the place and the visit to write for: `/?PLACE&VISIT`.
"""

import datetime
import itertools
import secrets
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402  (the models are there after the set-up)

from accounts.scope import everyone  # noqa: E402
from orders.models import BasketLine, Order, OrderStatusChange, OutboxEvent, OutboxKind  # noqa: E402

LINES = 4
PRICE = Decimal(390)
_numbers = itertools.count(1_000_000)


def write(place_id: int, visit_id: str) -> None:
    day = datetime.datetime.now(datetime.UTC).date()
    with everyone(), transaction.atomic():
        order = Order.objects.create(
            place_id=place_id,
            visit_id=visit_id,
            business_day=day,
            number=next(_numbers),
            currency="RUB",
            purchases=LINES,
            items=LINES,
            total=LINES * PRICE,
            idempotency_key=secrets.token_hex(16),
            payload_sha256="",
        )
        BasketLine.objects.bulk_create(
            [
                BasketLine(
                    place_id=place_id,
                    visit_id=visit_id,
                    order=order,
                    key=str(position),
                    position=position,
                    title="Borshch",
                    quantity=1,
                    unit_price=PRICE,
                )
                for position in range(LINES)
            ]
        )
        OrderStatusChange.objects.create(place_id=place_id, order=order, after=order.status)
        OutboxEvent.objects.create(place_id=place_id, kind=OutboxKind.ORDER_SENT, order=order)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/":
        place_id, visit_id = environ["QUERY_STRING"].split("&")
        write(int(place_id), visit_id)
    start_response("303 See Other", [("Content-Length", "0")])
    return [b""]
