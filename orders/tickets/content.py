"""What a ticket says, whatever it is written on."""

from dataclasses import dataclass

from django.utils import formats, translation
from django.utils.translation import gettext as _

from orders.models import Order, OrderStatus
from orders.tickets.stations import Making


@dataclass(frozen=True, slots=True)
class TicketLine:
    quantity: int
    title: str
    options: str
    note: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """Words in the language of the place, read in its kitchen; `marks` stand above all else."""

    place: str
    station: str
    table: str
    number: str
    moment: str
    lines: tuple[TicketLine, ...]
    comment: str
    marks: tuple[str, ...] = ()


def ticket_of(order: Order, making: Making | None, *, copy: bool = False, perhaps_again: bool = False) -> Ticket:
    """The order as a station has to make it; without a station, all of it. One query for the lines.

    The order comes with its place, the place's record and its table loaded.
    """
    record = order.place.record
    with translation.override(record.language):
        cancelled = order.status == OrderStatus.CANCELLED
        marks = ((copy, _("COPY")), (perhaps_again, _("MAY BE A REPEAT")), (cancelled, _("CANCELLED")))
        return Ticket(
            place=order.place.title,
            station=making.station.title if making else "",
            table=_table(order),
            number=_("Order %(number)d") % {"number": order.number},
            moment=formats.date_format(order.sent_at.astimezone(record.zone), "H:i, d.m.Y"),
            lines=tuple(
                TicketLine(line.quantity, line.title, line.options_text, line.note)
                for line in order.lines.all()
                if making is None or making.makes(line.station_id)
            ),
            comment=order.comment,
            marks=tuple(word for marked, word in marks if marked),
        )


def trial_ticket(making: Making) -> Ticket:
    """A ticket that orders nothing: it shows that the printer is reached and writes our letters."""
    place = making.station.place
    with translation.override(place.record.language):
        return Ticket(
            place=place.title,
            station=making.station.title,
            table=_("Test"),
            number=_("Nothing to cook"),
            moment=formats.date_format(place.record.local_now(), "H:i, d.m.Y"),
            lines=(TicketLine(1, _("The printer works."), "ABC abc 123", "АБВ абв Ёё №"),),
            comment="",
        )


def _table(order: Order) -> str:
    if order.table is None:
        return _("No table")
    return f"{order.table}, {order.table.label}" if order.table.label else str(order.table)
