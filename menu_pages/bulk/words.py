"""What a bulk change does, in a few words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from menu_pages.bulk.prices import Rounding
from menu_pages.menu_files.numbers import plain_number
from menu_pages.models import BulkAction, BulkChange
from menu_pages.money import THIN_NO_BREAK_SPACE


def title_of(change: BulkChange) -> str:
    """“Prices +7 %, rounded to 5”; of what takes it back, “Undone: …”."""
    if change.action == BulkAction.PUBLISH:
        words = _("Publish dishes")
    elif change.action == BulkAction.UNPUBLISH:
        words = _("Unpublish dishes")
    else:
        words = _("Prices %(percent)s, rounded %(rounding)s") % {
            "percent": percent_words(Decimal(change.params["percent"])),
            "rounding": Rounding(change.params["rounding"]).label,
        }
    return _("Undo: %(change)s") % {"change": words} if change.undoes_id else words


def percent_words(percent: Decimal) -> str:
    """“+7 %”, “−12,5 %”, with the sign and the point of the reader's language."""
    sign = "−" if percent < 0 else "+" if percent else ""
    figures = number_format(Decimal(plain_number(abs(percent))))
    return f"{sign}{figures}{THIN_NO_BREAK_SPACE}%"
