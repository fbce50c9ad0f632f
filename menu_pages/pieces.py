"""Many small writes in pieces of under a second, so that guests and desks go on writing between them."""

import time
from collections.abc import Callable, Sequence

from django.db import connection, transaction

PIECE_SECONDS = 0.4
# SQLite has one writer, and those who wait look again only this often.
PAUSE_SECONDS = 0.12


def write_in_pieces(
    steps: Sequence[Callable[[], None]],
    *,
    keep: Callable[[int], None] | None = None,
    deadline: float | None = None,
) -> bool:
    """Take the steps in order; returns whether all are taken, False when `deadline` (of `time.monotonic`) came first.

    `keep` is called with the number of steps taken inside each piece's transaction: what it writes is true exactly
    when the piece is. What it or a step raises undoes the piece and ends the run.
    """
    taken = 0
    while taken < len(steps):
        if deadline is not None and time.monotonic() > deadline:
            return False
        with transaction.atomic():
            enough = time.monotonic() + PIECE_SECONDS
            for step in steps[taken:]:
                step()
                taken += 1
                if time.monotonic() >= enough:
                    break
            if keep:
                keep(taken)
        if connection.vendor == "sqlite":
            time.sleep(PAUSE_SECONDS)
    return True
