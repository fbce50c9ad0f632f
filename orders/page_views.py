"""What a guest looked at, for their session's log: what the owner can learn from besides what is ordered."""

from typing import Any

from menu_pages.availability import Availability
from menu_pages.models import CategoryPage, DishPage, PlacePage
from orders import event_log
from orders.guest_state import GuestState
from orders.models import EventKind
from orders.saving import save_visit
from orders.sessions import SessionStore
from orders.visits import find_visit

# With so many events waiting in the session they are saved: each view rewrites all that wait.
SAVE_AT = 40


def log_view(session: SessionStore, place_id: int, seen: dict[str, Any] | None) -> None:
    """Log what a guest with a visit has looked at; at most one small write of the session.

    The same page again, one after the other, is one view: a reload tells nothing.
    """
    state = GuestState.of(session, place_id)
    if seen is None or state is None or _is_last(state, seen):
        return
    with session.locked() as data:
        state = GuestState.of(data, place_id)
        if state is None:
            return
        details = {name: value for name, value in seen.items() if name != "kind"}
        event_log.record(state, EventKind(seen["kind"]), **details)
        if len(state.data["log"]) >= SAVE_AT:
            visit = find_visit(state)
            if visit is not None:
                save_visit(state=state, visit=visit)


def what_is_seen(page: Any, context: dict[str, Any]) -> dict[str, Any] | None:
    """The event of looking at the page, for `log_view`; None for one that says nothing to the owner."""
    found = _event(page, context)
    return None if found is None else {"kind": found[0].value, **found[1]}


def _event(page: Any, context: dict[str, Any]) -> tuple[EventKind, dict[str, Any]] | None:
    if isinstance(page, DishPage):
        gone = context.get("availability") is Availability.SOLD_OUT
        return (EventKind.SOLD_OUT_OPENED if gone else EventKind.DISH_OPENED), {"dish_id": page.pk}
    if isinstance(page, CategoryPage):
        return EventKind.CATEGORY_OPENED, {"category": page.menu_path}
    if isinstance(page, PlacePage) and context.get("filtered") and not context["sections"]:
        words = " ".join(context["filter_form"].words)
        return (EventKind.NOTHING_FOUND, {"words": words}) if words else None
    return None


def _is_last(state: GuestState, seen: dict[str, Any]) -> bool:
    last = state.data["log"][-1] if state.data["log"] else {}
    return all(last.get("dish" if name == "dish_id" else name) == value for name, value in seen.items())
