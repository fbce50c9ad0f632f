from orders.models.basket import BasketLine
from orders.models.desk import DeskState
from orders.models.event import EventKind, GuestEvent
from orders.models.order import Order, OrderStatus, OrderStatusChange
from orders.models.seating import Seating
from orders.models.visit import EndReason, Visit

__all__ = [
    "BasketLine",
    "DeskState",
    "EndReason",
    "EventKind",
    "GuestEvent",
    "Order",
    "OrderStatus",
    "OrderStatusChange",
    "Seating",
    "Visit",
]
