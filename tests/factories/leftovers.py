"""Where a word is still found: every column of every table, what sessions hold, files, the cache."""

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from orders.models import OrderImport, Session
from orders.sessions import SessionStore


def places_with(words: Iterable[str]) -> set[str]:
    """“accounts.User: alice” for each place that names one of the words, in any case."""
    looked_for = [word.casefold() for word in words]
    return {f"{place}: {word}" for place, text in _everything() for word in looked_for if word in text.casefold()}


def _everything() -> Iterator[tuple[str, str]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed:
            for row in model._base_manager.values():
                yield model._meta.label, " ".join(str(value) for value in row.values())
    for session in Session.objects.all():
        yield "session", str(SessionStore().decode(session.session_data))
    for order_import in OrderImport.objects.exclude(content=b""):
        yield "file of a till", zlib.decompress(order_import.content).decode()
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        yield "media", f"{path.name} {path.read_bytes().decode(errors='replace') if path.is_file() else ''}"
    for name in settings.CACHES:
        yield from (("cache", text) for text in _cached(caches[name]))


def _cached(cache: Any) -> Iterator[str]:
    if isinstance(cache, LocMemCache):
        yield from (f"{key} {value.decode(errors='replace')}" for key, value in cache._cache.items())
    elif isinstance(cache, RedisCache):
        client = cache._cache.get_client()
        yield from (f"{key!r} {client.dump(key)!r}" for key in client.scan_iter())
