"""What a guest did, first written into their session, then saved with the basket."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.prepared import insert
from orders.guest_state import GuestState
from orders.models import EventKind, GuestEvent, Visit

# Events waiting in a session to be saved; a visit that never saves keeps its first ones.
MAX_WAITING = 200


def record(state: GuestState, kind: EventKind, *, dish_id: int | None = None, **details: Any) -> None:
    """Append to the session's log; the number makes saving it twice harmless."""
    log = state.data["log"]
    if len(log) >= MAX_WAITING:
        return
    state.data["logged"] += 1
    log.append(
        {
            "n": state.data["logged"],
            "kind": kind.value,
            "at": timezone.now().isoformat(),
            "dish": dish_id,
            "table": state.table_number,
            **details,
        }
    )


def dishes_of(state: GuestState) -> set[int]:
    return {entry["dish"] for entry in state.data["log"] if entry["dish"] is not None}


def save(state: GuestState, visit: Visit, existing_dishes: set[int]) -> None:
    """Write the waiting events to the table and take them from the session. One query; none when nothing waits.

    An event of a dish deleted meanwhile is kept without it.
    """
    waiting = state.data["log"]
    if not waiting:
        return
    insert([_row(visit, entry, existing_dishes) for entry in waiting], ignore_conflicts=True)
    state.data["log"] = []


def _row(visit: Visit, entry: dict[str, Any], existing_dishes: set[int]) -> GuestEvent:
    details = {key: value for key, value in entry.items() if key not in ("n", "kind", "at", "dish")}
    return GuestEvent(
        place_id=visit.place_id,
        visit=visit,
        number=entry["n"],
        kind=entry["kind"],
        at=datetime.datetime.fromisoformat(entry["at"]),
        dish_id=entry["dish"] if entry["dish"] in existing_dishes else None,
        data=details,
    )
