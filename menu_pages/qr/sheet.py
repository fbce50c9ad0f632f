"""The printable sheet: one card a table, to be cut out and put on it."""

import logging
from collections.abc import Sequence

from django.utils import translation
from PIL import Image

from accounts.pdf.document import Document, Page
from accounts.pdf.font import bold
from menu_pages.models import MenuImage, PlacePage, Table
from menu_pages.qr.card import Logo, Setting, draw_card
from menu_pages.qr.codes import Code
from menu_pages.qr.layouts import boxes

logger = logging.getLogger(__name__)

CUTTING_GREY = 0.78
LOGO_PIXELS = (900, 450)


def make_sheet(*, place: PlacePage, tables: Sequence[Table], cards: int, line: str) -> bytes:
    """A PDF of A4 pages with `cards` cards each, in the place's language; codes are drawn as shapes and print sharp
    at any size, the same size on every card."""
    with translation.override(place.record.language):
        document = Document(title=place.title, language=place.record.language)
        logo = _add_logo(document, place.logo)
        places = boxes(cards)
        # The same measures on every card of the sheet, or it looks crooked.
        settings = [Setting(places[0], place.title, table, line, logo) for table in tables]
        scale = min(setting.scale() for setting in settings)
        texts = [setting.at(scale) for setting in settings]
        side, height = min(text.room for text in texts), max(text.height for text in texts)
        for start in range(0, len(tables), cards):
            page = Page()
            for index, box in zip(range(start, len(tables)), places, strict=False):
                page.frame(box, CUTTING_GREY)
                code = Code(tables[index].link(place.slug))
                draw_card(page, box, texts[index], code, side=side, height=height)
            document.add_page(page)
        return document.finish()


def unprintable(*texts: str) -> str:
    """The signs of these texts that the sheet's font cannot print and leaves out."""
    return "".join(bold().missing("".join(texts)))


def _add_logo(document: Document, image: MenuImage | None) -> Logo | None:
    if image is None:
        return None
    try:
        with image.file.open("rb") as file, Image.open(file) as picture:
            # Lets the JPEG decoder skip what is scaled away.
            picture.draft("RGB", LOGO_PIXELS)
            picture.thumbnail(LOGO_PIXELS)
            small = picture.convert("RGBA")
    except OSError:
        # A picture lost from the disk must not keep the owner from printing codes.
        logger.warning("The logo %s cannot be read; the sheet is made without it.", image.pk, exc_info=True)
        return None
    return Logo(document.add_picture(small), small.width / small.height)
