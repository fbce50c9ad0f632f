"""Tickets that did not come out of the printer: the desk says so while their orders are still on it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from menu_pages.models import PlacePage
from orders import desk_state
from orders.desk.cards import table_words
from orders.models import Consumer, Delivery, DeliveryStatus, Order, Station
from orders.models.order import ON_DESK
from orders.outbox.hurrying import hurry_relay

# A printer that was switched on again takes the second try; after the third somebody should look, and at what the
# worker has not even tried for so long.
TRIES = 3
TOO_LONG = datetime.timedelta(minutes=1)
MOST_FAILURES = 20


@dataclass(frozen=True, slots=True)
class Failure:
    order: Order
    stations: list[str]  # none for a place's one kitchen
    problem: str

    @property
    def table_words(self) -> str:
        return table_words(self.order)


def print_failures(place: PlacePage, stations: Iterable[Station]) -> list[Failure]:
    """One for each order on the desk with a ticket that was not printed, the oldest first. One query."""
    titles = {station.public_id: station.title for station in stations}
    rows = _failed(place).filter(event__order__status__in=ON_DESK).select_related("event__order__table")
    failures: dict[int, Failure] = {}
    for row in rows.order_by("pk")[:MOST_FAILURES]:
        order = row.event.order
        failure = failures.setdefault(order.pk, Failure(order, [], row.problem))
        if row.target in titles:
            failure.stations.append(titles[row.target])
    return list(failures.values())


def print_again(*, order: Order) -> int:
    """Have the relay try the order's tickets that did not come out again at once; returns how many.

    Doing it twice prints once. One that a worker may have in hand right now is left to it.
    """
    with transaction.atomic():
        failed = _failed(order.place).filter(event__order=order).exclude(status=DeliveryStatus.WAITING, unsure=True)
        pks = list(failed.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=pks).update(
            status=DeliveryStatus.WAITING, tries=0, next_try_at=timezone.now(), problem=""
        )
        if pks:
            transaction.on_commit(hurry_relay)
            desk_state.announce(order.place_id)
    return len(pks)


def _failed(place: PlacePage) -> QuerySet[Any]:
    stuck = Q(tries__gte=TRIES) | Q(next_try_at__lte=timezone.now() - TOO_LONG)
    unprinted = Q(status=DeliveryStatus.FAILED) | Q(status=DeliveryStatus.WAITING) & stuck
    return Delivery.objects.filter(unprinted, place=place, consumer=Consumer.TICKET)
