"""Which place an address leads to and which version its menu has, almost always without a question."""

import logging
import time
from dataclasses import dataclass, replace

from django.db import Error

from menu_pages.database_away import is_away
from menu_pages.menu_versions import slot_of
from menu_pages.models import PlacePage

logger = logging.getLogger(__name__)

# So old may be what this process knows of a place that another machine has changed, or one that died between its
# commit and telling the others.
TRUSTED_SECONDS = 1.0
MOST_PLACES = 10_000


@dataclass(frozen=True, slots=True)
class KnownPlace:
    place_id: int
    version: int
    slot: bytes
    looked_at: float

    @property
    def holds(self) -> bool:
        return time.monotonic() - self.looked_at < TRUSTED_SECONDS and slot_of(self.place_id) == self.slot


_known: dict[str, KnownPlace] = {}


def known_place(slug: str) -> KnownPlace | None:
    """What is known and holds still, without a query."""
    known = _known.get(slug)
    return known if known is not None and known.holds else None


def look_up(slug: str) -> KnownPlace | None:
    """The published place at this address as the database has it. One query, two for a place not seen before.

    While the database is away a place seen before is what it was: its menu of a moment ago is better than none.
    """
    before = _known.get(slug)
    try:
        return _look_up(slug)
    except Error as error:
        if before is None or not is_away(error):
            raise
        logger.warning("The database does not answer, the menu of %s is shown as it was: %s", slug, error)
        # The slot as well: whether the menu has changed is nothing to ask about until the database is back.
        known = replace(before, looked_at=time.monotonic(), slot=slot_of(before.place_id))
        _known[slug] = known
        return known


def _look_up(slug: str) -> KnownPlace | None:
    places = PlacePage.objects.live().filter(slug=slug)
    before = _known.pop(slug, None)
    place_id = before.place_id if before else places.values_list("pk", flat=True).first()
    if place_id is None:
        return None
    looked_at = time.monotonic()
    # The slot first: what changes after it was read makes it another, even if the version read next is the new one.
    slot = slot_of(place_id)
    version = places.filter(pk=place_id).values_list("record__menu_version", flat=True).first()
    if version is None:
        # Unpublished, or the address is another place's by now.
        return _look_up(slug) if before else None
    found = KnownPlace(place_id, version, slot, looked_at)
    if len(_known) >= MOST_PLACES:
        _known.clear()
    _known[slug] = found
    return found


def forget_all() -> None:
    _known.clear()
