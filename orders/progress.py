"""An order's way as the guest sees it: four steps."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderStatus

STEPS: tuple[tuple[str | Promise, OrderStatus], ...] = (
    (_("Sent"), OrderStatus.SENT),
    (_("Accepted"), OrderStatus.ACCEPTED),
    (_("Being prepared"), OrderStatus.PREPARING),
    (_("Served"), OrderStatus.SERVED),
)
REACHED = {
    OrderStatus.SENT: 0,
    OrderStatus.ACCEPTED: 1,
    OrderStatus.PREPARING: 2,
    OrderStatus.READY: 2,
    OrderStatus.SERVED: 3,
    OrderStatus.CLOSED: 3,
}


@dataclass(frozen=True, slots=True)
class Step:
    title: str | Promise
    state: str  # done, now or next


def steps(order: Order) -> list[Step]:
    """The four steps with where the order stands; none for a cancelled one."""
    if order.status == OrderStatus.CANCELLED:
        return []
    reached = REACHED[OrderStatus(order.status)]
    return [
        Step(title, "done" if place < reached else "now" if place == reached else "next")
        for place, (title, _status) in enumerate(STEPS)
    ]
