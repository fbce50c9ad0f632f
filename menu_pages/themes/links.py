"""Where the links of a place's pages lead: to the guests' own addresses or, in a preview, to the same pages inside it.

A preview draws a page with the very templates guests get; only the beginning of its links differs, so that walking
from dish to dish stays in the theme and in the choice that is being tried.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Preview:
    """`prefix` is the address of the previewed place, with a slash at the end; `settings` are the theme's settings
    that are being tried, None for those the place has."""

    prefix: str
    settings: dict[str, Any] | None = field(default=None, hash=False)


_preview: ContextVar[Preview | None] = ContextVar("theme_preview", default=None)


def current_preview() -> Preview | None:
    return _preview.get()


@contextmanager
def within(preview: Preview | None) -> Iterator[None]:
    """Draw what is inside as a part of this preview; of none: as guests get it."""
    token = _preview.set(preview)
    try:
        yield
    finally:
        _preview.reset(token)


def place_href(place_slug: str, menu_path: str) -> str:
    """The address of a place (`menu_path` empty) or of a page of its menu."""
    preview = _preview.get()
    start = preview.prefix if preview else f"/{place_slug}/"
    return f"{start}{menu_path}/" if menu_path else start
