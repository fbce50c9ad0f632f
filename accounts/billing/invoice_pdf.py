"""An invoice on paper, drawn of what was written down when it was issued."""

import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.billing.amounts import in_words
from accounts.billing.models import Invoice, InvoiceState
from accounts.billing.periods import local
from accounts.pdf.document import Document, Page
from accounts.pdf.font import Font, bold, regular
from accounts.pdf.lines import fit
from accounts.pdf.measures import MM, PAGE_HEIGHT, PAGE_WIDTH

LEFT, RIGHT, TOP = 20 * MM, PAGE_WIDTH - 20 * MM, PAGE_HEIGHT - 22 * MM
WIDTH = RIGHT - LEFT
QUIET = 0.4


def file_name(invoice: Invoice) -> str:
    return f"menusite-{invoice.number}.pdf"


def draw_invoice(invoice: Invoice) -> bytes:
    """One A4 page in the invoice's language. No queries: everything comes from the row."""
    with translation.override(invoice.language):
        title = _("Invoice %(number)s") % {"number": invoice.number}
        document = Document(title=title, language=invoice.language)
        sheet = _Sheet()
        sheet.say(title, bold(), 20)
        issued = _("of %(date)s") % {"date": _date(invoice.issued_at)}
        sheet.say(issued, regular(), 11, grey=QUIET)
        sheet.say(_state(invoice), bold(), 11)
        sheet.room(8)
        _party(sheet, _("Seller"), invoice.seller)
        _bank(sheet, invoice.seller)
        _party(sheet, _("Buyer"), invoice.buyer)
        _lines(sheet, invoice)
        document.add_page(sheet.page)
        return document.finish()


class _Sheet:
    """A page written from the top down."""

    def __init__(self) -> None:
        self.page = Page()
        self.y = TOP

    def say(self, words: str, font: Font, size: float, *, grey: float = 0.0, most: int = 1) -> None:
        self.at(LEFT, WIDTH, words, font, size, grey=grey, most=most)

    def at(
        self, x: float, width: float, words: str, font: Font, size: float, *, grey: float = 0.0, most: int = 1
    ) -> None:
        block = fit(words, font, size, width, most=most, grey=grey)
        for text in block.texts:
            self.y -= block.leading
            self.page.text(text, font, block.size, x, self.y, grey)

    def right(self, words: str, font: Font, size: float, x: float, y: float) -> None:
        words = font.printable(words)
        self.page.text(words, font, size, x - font.width(words, size), y)

    def room(self, height: float) -> None:
        self.y -= height


def _party(sheet: _Sheet, heading: str, party: dict[str, str]) -> None:
    sheet.room(10)
    sheet.say(heading, regular(), 9, grey=QUIET)
    sheet.say(party.get("name", ""), bold(), 11, most=2)
    if party.get("tax_number"):
        sheet.say(_("Tax number (ИНН) %(number)s") % {"number": party["tax_number"]}, regular(), 10)
    sheet.say(party.get("address", ""), regular(), 10, most=2)


def _bank(sheet: _Sheet, seller: dict[str, str]) -> None:
    rows = (
        ("%s", seller.get("bank", "")),
        (_("Bank code (БИК) %s"), seller.get("bank_code", "")),
        (_("Account %s"), seller.get("account", "")),
        (_("Correspondent account %s"), seller.get("bank_account", "")),
    )
    for words, value in rows:
        if value:
            sheet.say(words % value, regular(), 10)


def _lines(sheet: _Sheet, invoice: Invoice) -> None:
    sheet.room(26)
    columns = (LEFT + 0.60 * WIDTH, LEFT + 0.78 * WIDTH, RIGHT)
    y = sheet.y
    sheet.page.text(regular().printable(_("What for")), regular(), 9, LEFT, y, QUIET)
    for words, x in zip((_("Quantity"), _("Price"), _("Sum")), columns, strict=True):
        sheet.right(words, regular(), 9, x, y)
    sheet.room(5)
    for line in invoice.lines:
        sheet.page.rule(LEFT, sheet.y, WIDTH, 0.75)
        sheet.room(4)
        top = sheet.y
        sheet.at(LEFT, 0.50 * WIDTH, str(line["title"]), regular(), 10, most=3)
        first = top - 12.5
        texts = (
            str(line["quantity"]),
            in_words(line["price"], invoice.currency),
            in_words(line["total"], invoice.currency),
        )
        for words, x in zip(texts, columns, strict=True):
            sheet.right(words, regular(), 10, x, first)
        sheet.room(7)
    sheet.page.rule(LEFT, sheet.y, WIDTH, 0.2)
    sheet.room(20)
    sheet.right(_("Total: %(sum)s") % {"sum": in_words(invoice.total, invoice.currency)}, bold(), 13, RIGHT, sheet.y)
    sheet.room(10)
    if invoice.period_start and invoice.period_end:
        period = {"start": _date(invoice.period_start), "end": _date(invoice.period_end)}
        sheet.say(_("Pays for the time from %(start)s to %(end)s") % period, regular(), 10)
    sheet.say(_("Without VAT. Write the number of the invoice in the transfer."), regular(), 10, grey=QUIET, most=2)


def _state(invoice: Invoice) -> str:
    if invoice.state == InvoiceState.PAID and invoice.paid_at:
        return _("Paid on %(date)s") % {"date": _date(invoice.paid_at)}
    if invoice.state == InvoiceState.VOID:
        return _("Withdrawn: do not pay it")
    return _("To be paid by %(date)s") % {"date": _date(invoice.due_at)}


def _date(moment: datetime.datetime) -> str:
    return date_format(local(moment), "DATE_FORMAT")
