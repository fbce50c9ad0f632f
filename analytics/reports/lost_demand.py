"""What guests wanted and did not get."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from analytics.reports import sections
from analytics.reports.sections import Figure, Look, Section, Step, Table, Value

KEY = "lost"
# Rows of each list; the others are counted in its sum.
SHOWN = 15


class Lost(NamedTuple):
    words: str
    times: int
    money: Decimal


@dataclass(frozen=True)
class LostDemand:
    """The most frequent of each kind, how many there are of them in all, and whether anybody came."""

    sold_out: Sequence[Lost]
    sold_out_times: int
    searches: Sequence[Lost]
    searches_times: int
    left: Sequence[Lost]
    baskets: int
    money: Decimal
    visits: int


def section(found: LostDemand) -> Section:
    how = [
        _("Sold out = how often guests opened a dish that had run out."),
        _(
            "Not found = searches in the menu without a result, in small letters; of a day the 50 most frequent are "
            "kept."
        ),
        _(
            "Left in baskets = sum of quantity × (price + options) of what lay in the basket of a visit that ended, or "
            "whose business day did, and was not sent."
        ),
    ]
    title = _("Wanted and not got")
    if not (found.sold_out_times or found.searches_times or found.baskets):
        if found.visits:
            return Section(KEY, title, how, empty=_("Nothing of the kind: everybody got what they looked for."))
        return Section(
            KEY, title, how, empty=_("Nobody has scanned a table’s code in these days."), next_step=Step.CODES
        )
    return Section(
        KEY,
        title,
        how,
        figures=[
            Figure(_("Left in baskets"), sections.money(found.money)),
            Figure(_("Baskets not sent"), sections.count(found.baskets)),
            Figure(_("Taps on what had run out"), sections.count(found.sold_out_times)),
            Figure(_("Searches in vain"), sections.count(found.searches_times)),
        ],
        tables=[
            table
            for table in (
                Table(_("Dishes that had run out"), [_("Dish"), _("Taps")], _rows(found.sold_out), look=Look.BARS),
                Table(
                    _("Looked for and not found"), [_("Words"), _("Searches")], _rows(found.searches), look=Look.BARS
                ),
                Table(
                    _("Left in baskets"),
                    [_("Dish"), _("Pieces"), _("Money")],
                    [
                        [*row, sections.money(lost.money)]
                        for row, lost in zip(_rows(found.left), found.left, strict=True)
                    ],
                    look=Look.BARS,
                ),
            )
            if table.rows
        ],
    )


def _rows(lost: Sequence[Lost]) -> list[list[Value]]:
    return [[sections.text(one.words), sections.count(one.times)] for one in lost]
