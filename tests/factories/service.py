"""What happens at tables beside ordering."""

from typing import Any

from orders import desk_state
from orders.models import CallKind, WaiterCall
from tests.factories.guests import Guest


def called(guest: Guest, kind: CallKind = CallKind.COME, **fields: Any) -> WaiterCall:
    """The table's open call of the kind, as this guest made it."""
    visit = guest.visit
    place = {"place": guest.place, "table": visit.table, "seating": visit.seating, "visit": visit}
    call, created = WaiterCall.objects.open().get_or_create(table=visit.table, kind=kind, defaults={**place, **fields})
    if created:
        desk_state.announce(guest.place.pk)
    return call
