"""Which version of its menu a place has: true in the database, mirrored where reading it costs nothing.

Whatever a guest could see change calls `menu_changed` in the transaction of the change. After the commit the place's
slot in a small file takes another value, and every process of this machine sees at its next look that the pages it
keeps are out of date, without asking the database.
"""

import logging
import mmap
import os
import secrets
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from menu_pages.menu import STEP
from menu_pages.models import PlacePage, PlaceRecord

logger = logging.getLogger(__name__)

# Two places in one slot have each other's pages drawn anew now and then, and nothing else.
SLOTS = 1 << 16
WIDTH = 8
# Root, home, place: so many levels of the tree.
PLACE_LEVELS = 3


class Slots:
    """The file of slots, mapped into the memory of every process that looks.

    Without room for the file the slots are this process's own: what others change it then finds a second later, as
    on several machines.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._memory = _shared_memory(path)
        except OSError as wrong:
            logger.error("Menus may be a second behind their changes, %s cannot be kept: %s", path, wrong)
            self._memory = mmap.mmap(-1, SLOTS * WIDTH)

    def read(self, place_id: int) -> bytes:
        at = place_id % SLOTS * WIDTH
        return self._memory[at : at + WIDTH]

    def turn(self, place_id: int) -> None:
        at = place_id % SLOTS * WIDTH
        self._memory[at : at + WIDTH] = secrets.token_bytes(WIDTH)


def _shared_memory(path: Path) -> mmap.mmap:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        # All of its room now: a hole in the file would want some later, and a process that writes into one on a full
        # disk is killed.
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, SLOTS * WIDTH)
        else:
            file.truncate(SLOTS * WIDTH)
    with path.open("r+b") as file:
        return mmap.mmap(file.fileno(), SLOTS * WIDTH)


_slots: Slots | None = None


def slot_of(place_id: int) -> bytes:
    """What the place's slot holds now: another value than before means that its menu has changed since."""
    return _open_slots().read(place_id)


def menu_changed(*place_ids: int) -> None:
    """Have the places' pages drawn anew from the end of this transaction on. One query, none when the transaction has
    said so already."""
    unsaid = [place_id for place_id in place_ids if not _said(place_id)]
    if not unsaid:
        return
    PlaceRecord.base_objects.filter(pk__in=unsaid).update(menu_version=F("menu_version") + 1)
    for place_id in unsaid:
        transaction.on_commit(partial(_turn, place_id))


def menu_page_changed(page_path: str) -> None:
    """The same, for the place that the page at this path of the tree belongs to. One query more."""
    place_path = page_path[: PLACE_LEVELS * STEP]
    place_id = PlacePage.objects.filter(path=place_path).values_list("pk", flat=True).first()
    if place_id is not None:
        menu_changed(place_id)


def _said(place_id: int) -> bool:
    here = set(connection.savepoint_ids)
    return any(
        isinstance(entry[1], partial) and entry[1].func is _turn and entry[1].args == (place_id,) and entry[0] == here
        for entry in connection.run_on_commit
    )


def _turn(place_id: int) -> None:
    _open_slots().turn(place_id)


def _open_slots() -> Slots:
    global _slots
    if _slots is None:
        _slots = Slots(settings.MENU_VERSIONS_FILE)
    return _slots
