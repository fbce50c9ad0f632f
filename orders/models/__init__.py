from orders.models.basket import BasketLine
from orders.models.call import CallKind, CallStatus, Payment, WaiterCall
from orders.models.desk import DeskState
from orders.models.event import EventKind, GuestEvent
from orders.models.order import Order, OrderStatus, OrderStatusChange
from orders.models.order_import import OrderImport, OrderImportStatus
from orders.models.outbox import Consumer, Delivery, DeliveryStatus, OutboxEvent, OutboxKind, Webhook
from orders.models.rating import DishRating, Rating
from orders.models.reconciliation import Reconciliation
from orders.models.seating import Seating
from orders.models.session import Session
from orders.models.station import Station, StationCategory
from orders.models.visit import EndReason, TableSharing, Visit

__all__ = [
    "BasketLine",
    "CallKind",
    "CallStatus",
    "Consumer",
    "Delivery",
    "DeliveryStatus",
    "DeskState",
    "DishRating",
    "EndReason",
    "EventKind",
    "GuestEvent",
    "Order",
    "OrderImport",
    "OrderImportStatus",
    "OrderStatus",
    "OrderStatusChange",
    "OutboxEvent",
    "OutboxKind",
    "Payment",
    "Rating",
    "Reconciliation",
    "Seating",
    "Session",
    "Station",
    "StationCategory",
    "TableSharing",
    "Visit",
    "WaiterCall",
    "Webhook",
]
