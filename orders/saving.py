"""The save function: brings the Basket rows and guest events to what the session says."""

from collections.abc import Collection
from decimal import Decimal

from accounts.prepared import Prepared, insert
from menu_pages.models import DishPage
from orders import event_log
from orders.guest_state import GuestState
from orders.models import BasketLine, Visit

_unsent = Prepared(lambda visit_id: BasketLine.objects.unsent().filter(visit=visit_id))
KEPT = ("quantity", "position", "title", "options", "unit_price", "options_price", "order_id", "station_id")


def save_visit(*, state: GuestState, visit: Visit) -> list[BasketLine]:
    """Write the unsent basket and the waiting events; removed lines go, sent ones are not touched.

    Runs inside the transaction that holds the session's lock, any number of times: the same facts are written once.
    Returns the lines in the basket's order. Four queries at most, whatever the basket holds, plus the events'.
    """
    lines = save_events(state=state, visit=visit)
    write_lines(visit=visit, lines=lines)
    state.mark_saved()
    return lines


def save_events(*, state: GuestState, visit: Visit, known_dishes: Collection[int] = ()) -> list[BasketLine]:
    """Write the waiting events; returns the basket's lines, of which nothing is written yet. Two queries at most.

    Of `known_dishes` the caller knows that they are there: they are not asked for.
    """
    dishes = _existing_dishes(state, set(known_dishes))
    event_log.save(state, visit, dishes)
    return [
        BasketLine(
            place_id=visit.place_id,
            visit=visit,
            key=key,
            position=position,
            dish_id=line["dish"] if line["dish"] in dishes else None,
            title=line["title"],
            options=line["option_snapshot"],
            note=line["note"],
            quantity=line["quantity"],
            unit_price=Decimal(line["unit_price"]),
            options_price=Decimal(line["options_price"]),
        )
        for position, (key, line) in enumerate(state.basket.items())
    ]


def write_lines(*, visit: Visit, lines: list[BasketLine]) -> None:
    """Make these, sent with their order or not, of what the visit has unsent in the table. Four queries at most."""
    stored = {line.key: line for line in _unsent.all(visit_id=visit.public_id)}
    wanted = {line.key for line in lines}
    gone = [line.pk for key, line in stored.items() if key not in wanted]
    if gone:
        BasketLine.objects.unsent().filter(pk__in=gone).delete()
    insert([line for line in lines if line.key not in stored])
    changed = []
    for line in lines:
        if line.key in stored:
            line.pk = stored[line.key].pk
            if any(getattr(stored[line.key], name) != getattr(line, name) for name in KEPT):
                changed.append(line)
    if changed:
        BasketLine.objects.bulk_update(changed, KEPT)


def _existing_dishes(state: GuestState, known: set[int]) -> set[int]:
    """A dish may have been deleted while it lay in the basket; the row then keeps its title alone."""
    ids = ({line["dish"] for line in state.basket.values()} | event_log.dishes_of(state)) - known
    return known | set(DishPage.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else known
