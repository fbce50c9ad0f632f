"""Who hears of which event."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from accounts.models import Membership
from accounts.roles import Role
from orders.models import BasketLine, Consumer, Delivery, OutboxEvent, OutboxKind, Webhook
from orders.tickets.stations import Making, printing_stations

# Facts for the organisation's own systems; a second copy of a ticket is none.
FOR_WEBHOOKS = frozenset(OutboxKind) - {OutboxKind.TICKET_AGAIN}
FOR_PRINTERS = frozenset({OutboxKind.ORDER_SENT, OutboxKind.TICKET_AGAIN})
TOLD_BY_LETTER = (Role.OWNER, Role.MANAGER)
MOST_READERS = 50


def deliveries_of(events: Sequence[OutboxEvent]) -> list[Delivery]:
    """The deliveries, not yet saved. Four queries at most, however many events there are."""
    return [*_letters(events), *_tickets(events), *_webhooks(events)]


def _letters(events: Sequence[OutboxEvent]) -> Iterator[Delivery]:
    unanswered = [event for event in events if event.kind == OutboxKind.ORDER_UNANSWERED]
    if not unanswered:
        return
    organisations = {event.place.record.organisation_id for event in unanswered}
    readers: dict[int, list[str]] = defaultdict(list)
    memberships = Membership.objects.filter(
        organisation_id__in=organisations, role__in=TOLD_BY_LETTER, user__is_active=True
    ).order_by("pk")
    for organisation_id, address in memberships.values_list("organisation_id", "user__email"):
        readers[organisation_id].append(address)
    for event in unanswered:
        for address in readers[event.place.record.organisation_id][:MOST_READERS]:
            yield _delivery(event, Consumer.LETTER, address)


def _tickets(events: Sequence[OutboxEvent]) -> Iterator[Delivery]:
    printed = [event for event in events if event.kind in FOR_PRINTERS and event.order_id]
    stations = printing_stations({event.place_id for event in printed}) if printed else {}
    if not stations:
        return
    made_at: dict[int, set[int | None]] = defaultdict(set)
    lines = BasketLine.objects.filter(order_id__in={event.order_id for event in printed})
    for order_id, station_id in lines.order_by().values_list("order_id", "station_id").distinct():
        made_at[order_id].add(station_id)
    for event in printed:
        for making in stations.get(event.place_id, ()):
            made = any(making.makes(station) for station in made_at[event.order_id or 0])
            if made and _is_meant(event, making):
                yield _delivery(event, Consumer.TICKET, making.station.public_id)


def _is_meant(event: OutboxEvent, making: Making) -> bool:
    """A copy may be wanted of one station alone."""
    asked = event.payload.get("station") if event.kind == OutboxKind.TICKET_AGAIN else None
    return not asked or asked == making.station.public_id


def _webhooks(events: Sequence[OutboxEvent]) -> Iterator[Delivery]:
    told = [event for event in events if event.kind in FOR_WEBHOOKS]
    if not told:
        return
    by_place: dict[int, list[str]] = defaultdict(list)
    webhooks = Webhook.objects.filter(place_id__in={event.place_id for event in told}, active=True)
    for place_id, public_id in webhooks.values_list("place_id", "public_id"):
        by_place[place_id].append(public_id)
    for event in told:
        for public_id in by_place[event.place_id]:
            yield _delivery(event, Consumer.WEBHOOK, public_id)


def _delivery(event: OutboxEvent, consumer: Consumer, target: str) -> Delivery:
    return Delivery(place_id=event.place_id, event=event, consumer=consumer, target=target)
