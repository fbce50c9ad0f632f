"""ESC/POS, the language of ticket printers: the little of it that a ticket needs.

Written from Epson's reference of the commands named below; other makers' printers understand the same ones.
"""

import textwrap
import unicodedata

from orders.tickets.content import Ticket, TicketLine

INITIALISE = b"\x1b@"
# ESC t 17: code page 866, which has the Cyrillic letters.
CYRILLIC = b"\x1bt\x11"
PLAIN, TALL, DOUBLE = b"\x1d!\x00", b"\x1d!\x01", b"\x1d!\x11"
LEFT, CENTRED = b"\x1ba\x00", b"\x1ba\x01"
BOLD, NOT_BOLD = b"\x1bE\x01", b"\x1bE\x00"
# GS V 66 0: feed to the knife and cut.
CUT = b"\x1dVB\x00"
# Letters on a line of 80 mm paper; some printers have 48, none has fewer.
COLUMNS = 42
# Signs the code page lacks and menus are full of.
WRITTEN = str.maketrans(
    {
        "₽": "руб.",
        "€": "EUR",
        "£": "GBP",
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "…": "...",
        "×": "x",
        "½": "1/2",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
    }
)


def escpos(ticket: Ticket) -> bytes:
    """The ticket as the bytes that a printer is sent."""
    parts = [INITIALISE, CYRILLIC, CENTRED]
    for mark in ticket.marks:
        parts += [DOUBLE, BOLD, _line(f"*** {mark} ***", COLUMNS // 2), NOT_BOLD, PLAIN]
    heading = " - ".join(filter(None, (ticket.place, ticket.station)))
    parts += [_line(heading), DOUBLE, _line(ticket.table, COLUMNS // 2), PLAIN]
    parts += [TALL, _line(ticket.number), PLAIN, _line(ticket.moment), LEFT, _rule()]
    for line in ticket.lines:
        parts += _dish(line)
    parts.append(_rule())
    if ticket.comment:
        parts += [BOLD, _line(f"! {ticket.comment}"), NOT_BOLD, _rule()]
    return b"".join([*parts, b"\n", CUT])


def _dish(line: TicketLine) -> list[bytes]:
    """The quantity in double size, the dish beside it, then what is special about it."""
    figures = f"{line.quantity} x "
    # A letter in double size is as wide as two.
    room = COLUMNS - 2 * len(figures)
    title = _wrapped(line.title, room)
    parts = [DOUBLE, _bytes(figures), TALL, _bytes(title[0]), b"\n"]
    parts += [_bytes(" " * (2 * len(figures)) + more) + b"\n" for more in title[1:]]
    parts.append(PLAIN)
    if line.options:
        parts.append(_line(f"+ {line.options}", indent="   "))
    if line.note:
        parts += [BOLD, _line(f"! {line.note}", indent="   "), NOT_BOLD]
    return parts


def _line(words: str, columns: int = COLUMNS, indent: str = "") -> bytes:
    return b"".join(_bytes(indent + line) + b"\n" for line in _wrapped(words, columns - len(indent)))


def _wrapped(words: str, columns: int) -> list[str]:
    return textwrap.wrap(_printable(words), columns) or [""]


def _rule() -> bytes:
    return b"-" * COLUMNS + b"\n"


def _printable(words: str) -> str:
    """The words in letters of the code page. Control characters go: a guest's note must not command a printer."""
    known = (_in_code_page(sign) for sign in unicodedata.normalize("NFC", words).translate(WRITTEN))
    return " ".join("".join(known).split())


def _in_code_page(sign: str) -> str:
    if unicodedata.category(sign)[0] == "C":
        return " "
    for written in (sign, unicodedata.normalize("NFKD", sign)[0]):
        if written.isprintable() and written.encode("cp866", "ignore"):
            return written
    return "?"


def _bytes(words: str) -> bytes:
    return words.encode("cp866", "replace")
