"""The place's one busy row: desk versions and order numbers."""

import datetime

from django.db.models import F, Max

from accounts.prepared import PreparedUpdate
from orders.models import DeskState, Order

_announced = PreparedUpdate(
    lambda place_id: DeskState.objects.filter(place_id=place_id),
    always={"version": F("version") + 1},
    returning="version",
)
_next_of_the_day = PreparedUpdate(
    lambda place_id, day: DeskState.objects.filter(place_id=place_id, business_day=day),
    always={"version": F("version") + 1, "last_number": F("last_number") + 1},
    returning="last_number",
)


def announce(place_id: int) -> None:
    """Tell the place's desks that something changed; call it last in the transaction that changes it, since the row
    stays locked until then. One query, two for the place's first event ever."""
    if not _announced.run({"place_id": place_id}):
        DeskState.objects.get_or_create(place_id=place_id, defaults={"version": 1})


def next_number(place_id: int, business_day: datetime.date) -> int:
    """The order's number within the place's business day, from 1; announces it as `announce` does.

    One query, four for the day's first order. The row stays locked until the transaction ends.
    """
    for number in _next_of_the_day.run({"place_id": place_id, "day": business_day}):
        return int(number)
    rows = DeskState.objects.select_for_update().filter(place_id=place_id)
    state = rows.first()
    if state is None:
        DeskState.objects.get_or_create(place_id=place_id)
        state = rows.get()
    if state.business_day == business_day:
        state.last_number += 1
    else:
        # A day usually begins with none; after a change of the place's clock it may have begun before.
        day = Order.objects.sent_here().filter(place_id=place_id, business_day=business_day)
        state.last_number = (day.aggregate(last=Max("number"))["last"] or 0) + 1
    state.business_day = business_day
    state.version += 1
    state.save(update_fields=("last_number", "business_day", "version"))
    return state.last_number


def version_of(place_id: int) -> int:
    return DeskState.objects.filter(place_id=place_id).values_list("version", flat=True).first() or 0
