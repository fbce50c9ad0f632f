"""A ticket as a PDF on 80 mm paper, as long as it needs."""

from collections.abc import Iterator

from accounts.pdf.document import Document, Page
from accounts.pdf.font import bold, regular
from accounts.pdf.lines import Lines, fit
from accounts.pdf.measures import MM
from orders.tickets.content import Ticket

WIDTH = 80 * MM
MARGIN = 4 * MM
# What the printers' heads reach.
ROOM = WIDTH - 2 * MARGIN
GAP = 6.0
# A viewer's longest page is 200 inches; nobody tears off that much.
LONGEST = 2000.0
MOST_LINES = 20


def ticket_as_pdf(ticket: Ticket, language: str) -> bytes:
    document = Document(f"{ticket.number}, {ticket.table}", language)
    for blocks in _pages(list(_blocks(ticket))):
        _add_page(document, blocks)
    return document.finish()


def _blocks(ticket: Ticket) -> Iterator[Lines | None]:
    """What stands under one another; None is a rule."""
    for mark in ticket.marks:
        yield fit(mark, bold(), 18, ROOM, most=2)
    yield fit(" · ".join(filter(None, (ticket.place, ticket.station))), regular(), 9, ROOM, most=2)
    yield fit(ticket.table, bold(), 24, ROOM, most=2)
    yield fit(ticket.number, bold(), 14, ROOM, most=2)
    yield fit(ticket.moment, regular(), 10, ROOM)
    yield None
    for line in ticket.lines:
        yield fit(f"{line.quantity} × {line.title}", bold(), 14, ROOM, most=MOST_LINES)
        yield fit(f"+ {line.options}" if line.options else "", regular(), 11, ROOM, most=MOST_LINES)
        yield fit(f"! {line.note}" if line.note else "", bold(), 11, ROOM, most=MOST_LINES)
    yield None
    yield fit(f"! {ticket.comment}" if ticket.comment else "", bold(), 12, ROOM, most=MOST_LINES)


def _height(block: Lines | None) -> float:
    return GAP * 2 if block is None else block.height


def _pages(blocks: list[Lines | None]) -> Iterator[list[Lines | None]]:
    page: list[Lines | None] = []
    for block in blocks:
        if page and sum(map(_height, [*page, block])) > LONGEST:
            yield page
            page = []
        page.append(block)
    yield page


def _add_page(document: Document, blocks: list[Lines | None]) -> None:
    page = Page(WIDTH, 2 * MARGIN + sum(map(_height, blocks)))
    y = page.height - MARGIN
    for block in blocks:
        if block is None:
            page.rule(MARGIN, y - GAP, ROOM, 0.0)
        else:
            for number, text in enumerate(block.texts):
                page.text(text, block.font, block.size, MARGIN, y - block.size - number * block.leading)
        y -= _height(block)
    document.add_page(page)
