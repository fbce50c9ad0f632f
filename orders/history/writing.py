"""Orders of an old till as rows: closed, seen by nobody here, and telling nobody."""

from collections.abc import Callable, Iterable, Mapping

from menu_pages.models import PlacePage
from orders.history.comparing import PlannedOrder, Titled
from orders.history.copying import Row, insert_orders
from orders.identifiers import public_id
from orders.models import OrderImport, OrderStatus

# Orders in one step: a step is the least that a piece of work can be.
STEP = 250

# Called with how many orders are done, of how many.
Progress = Callable[[int, int], None]


class Writer:
    """Writes orders of one import. No visit, no history of steps, no event: statistics alone hear of them."""

    def __init__(self, *, place: PlacePage, order_import: OrderImport, dishes: Mapping[Titled, int]) -> None:
        self.place = place
        self.order_import = order_import
        self.dishes = dishes
        self.currency = place.record.currency

    def write(self, planned: Iterable[PlannedOrder]) -> None:
        """Write the orders with their lines. Belongs in a transaction; raises `IntegrityError` for an order that has
        come in since it was planned."""
        orders = list(planned)
        insert_orders([self._order(found) for found in orders], [self._lines(found) for found in orders])

    def _order(self, planned: PlannedOrder) -> Row:
        till = planned.order
        return {
            "public_id": public_id(),
            "place_id": self.place.pk,
            "history_import_id": self.order_import.pk,
            "till_id": till.till_id,
            "table_label": till.table,
            "guests": till.guests,
            "waiter": till.waiter,
            "payment": till.payment,
            "business_day": planned.business_day,
            "number": planned.number,
            "status": OrderStatus.CLOSED.value,
            "currency": self.currency,
            "purchases": len(till.lines),
            "items": till.items,
            "total": till.total,
            "sent_at": till.sent_at,
            "shown_at": till.sent_at,
            "acknowledged_at": till.sent_at,
            "idempotency_key": planned.key,
            "payload_sha256": planned.payload,
        }

    def _lines(self, planned: PlannedOrder) -> list[Row]:
        return [
            {
                "place_id": self.place.pk,
                "key": str(position),
                "position": position,
                "dish_id": self.dishes.get((line.title, line.category)),
                "title": line.title,
                "category": line.category,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "created_at": planned.order.sent_at,
            }
            for position, line in enumerate(planned.order.lines)
        ]
