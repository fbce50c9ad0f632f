"""Sending a ticket to a station's printer in the place's network."""

import ipaddress
import socket

from django.conf import settings
from django.utils.translation import gettext as _

from orders.models import Delivery, Order, OrderStatus, OutboxKind
from orders.outbox.problems import NotDeliveredError, reason
from orders.tickets.content import ticket_of
from orders.tickets.escpos import escpos
from orders.tickets.stations import stations_of

# Printers stand in the next room.
CONNECT_SECONDS = 3.0
SEND_SECONDS = 5.0


def may_print_to(host: str) -> bool:
    """Whether the operator of the installation lets it reach this address: `PRINTER_NETWORKS`."""
    address = ipaddress.ip_address(host)
    return any(address in ipaddress.ip_network(network) for network in settings.PRINTER_NETWORKS)


def print_ticket(delivery: Delivery) -> None:
    """Print the delivery's ticket. Raises `NotDeliveredError`.

    An order cancelled before its first ticket came out is not printed; a station that is gone has nothing to print on.
    """
    order: Order | None = delivery.event.order
    if order is None:
        return
    copy = delivery.event.kind == OutboxKind.TICKET_AGAIN
    if order.status == OrderStatus.CANCELLED and not (copy or delivery.unsure):
        return
    making = next((m for m in stations_of(delivery.place_id) if m.station.public_id == delivery.target), None)
    if making is None or making.station.printer_host is None:
        raise NotDeliveredError(_("The station has no printer any more."), final=True)
    order.place = delivery.event.place
    ticket = ticket_of(order, making, copy=copy, perhaps_again=delivery.unsure)
    send_to_printer(making.station.printer_host, making.station.printer_port, escpos(ticket))


def send_to_printer(host: str, port: int, data: bytes) -> None:
    """Raises `NotDeliveredError`, `unsure` once the printer may have got a part of it."""
    if not may_print_to(host):
        raise NotDeliveredError(_("This installation does not print to %(host)s.") % {"host": host}, final=True)
    try:
        printer = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
    except OSError as away:
        raise NotDeliveredError(_("The printer does not answer: %(why)s") % {"why": reason(away)}) from away
    with printer:
        try:
            printer.settimeout(SEND_SECONDS)
            printer.sendall(data)
            printer.shutdown(socket.SHUT_WR)
        except OSError as lost:
            raise NotDeliveredError(_("The printer broke off: %(why)s") % {"why": reason(lost)}, unsure=True) from lost
