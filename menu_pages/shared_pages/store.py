"""Where shared pages are kept: in this process's memory and, where there is one, in the cache of all processes.

The key names the version of the menu, so nothing is ever taken out: an old version is no longer asked for. Both caches
may lose anything at any time.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http.response import ResponseHeaders

from menu_pages.shared_pages.release import release

KEPT_SECONDS = 24 * 3600
# Whoever waits for somebody else's drawing longer than this draws the page without waiting.
PATIENCE_SECONDS = 5.0
LOCKS = 64
MOST_READY = 1000


@dataclass(frozen=True, slots=True)
class SharedPage:
    """A page of a menu drawn for everyone.

    `pieces` are its body cut at the guests' own parts: text, part's name, text, …; `about` is what the floor above
    wants to know of it; `until` the moment (seconds of the epoch) at which the menu changes by itself.
    """

    pieces: tuple[str, ...]
    headers: dict[str, str]
    until: float
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadyBody:
    """The page as a guest without a visit gets it, in one encoding; its headers are shared and not to be changed."""

    body: bytes
    headers: ResponseHeaders
    etag: str
    until: float


def page_key(*, place_id: int, version: int, language: str, path: str) -> str:
    where = hashlib.blake2b(f"{language} {path}".encode(), digest_size=12).hexdigest()
    return f"page:{release()}:{place_id}:{version}:{where}"


def kept_page(key: str, now: float) -> SharedPage | None:
    """The page if it is kept and no turn of the menu has passed meanwhile."""
    page: SharedPage | None = caches["pages"].get(key)
    if page is None and settings.PAGES_SHARED:
        page = caches["default"].get(key)
        if page is not None:
            caches["pages"].set(key, page, KEPT_SECONDS)
    return page if page is not None and now < page.until else None


def keep_page(key: str, page: SharedPage) -> None:
    caches["pages"].set(key, page, KEPT_SECONDS)
    if settings.PAGES_SHARED:
        caches["default"].set(key, page, KEPT_SECONDS)


# Ready to be sent, in this process alone: Django's memory cache would unpack each anew for every guest.
_ready: dict[tuple[str, str], ReadyBody] = {}


def kept_body(key: str, encoding: str, now: float) -> ReadyBody | None:
    ready = _ready.get((key, encoding))
    return ready if ready is not None and now < ready.until else None


def keep_body(key: str, encoding: str, ready: ReadyBody) -> None:
    if len(_ready) >= MOST_READY:
        _ready.clear()
    _ready[key, encoding] = ready


def forget_all() -> None:
    """Empty this process's memory of pages."""
    _ready.clear()
    caches["pages"].clear()


_locks = tuple(threading.Lock() for _ in range(LOCKS))


@contextmanager
def one_at_a_time(key: str) -> Iterator[None]:
    """Of those who want the same page at once one draws it; the others wait and find it drawn."""
    lock = _locks[int.from_bytes(hashlib.blake2b(key.encode(), digest_size=2).digest()) % LOCKS]
    got = lock.acquire(timeout=PATIENCE_SECONDS)
    try:
        yield
    finally:
        if got:
            lock.release()
