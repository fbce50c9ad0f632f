"""A bar that grows in the terminal while a command works."""

from collections.abc import Callable
from typing import Any

WIDTH = 40


def bar_on(stream: Any) -> Callable[[int, int], None] | None:
    """What draws how much is done of how much; nothing where nobody looks."""
    if not stream.isatty():
        return None

    def draw(done: int, total: int) -> None:
        filled = WIDTH * done // max(total, 1)
        stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total}", ending="\n" if done == total else "")
        stream.flush()

    return draw
