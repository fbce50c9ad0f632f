"""The shared cache, whose absence guests must not notice."""

import logging
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from menusite.metrics import count_cache_read

logger = logging.getLogger(__name__)

# After a failure nobody asks again for this long: a Redis that hangs costs one request its time-out, not every one.
PAUSE_SECONDS = 2.0
MISSING, AWAY = object(), object()
# More than this is let be: what is kept runs out by itself.
MOST_TO_FORGET = 1000


class PatientRedisCache(RedisCache):
    """Django's Redis cache that finds nothing and keeps nothing while Redis is away.

    Each start of such a time is logged once as a warning. Nothing may be kept here alone. What was to be deleted
    meanwhile, or may have been added by a call whose answer nobody heard (a lock that nobody would open), is deleted
    when Redis is back.
    """

    # Shared by the threads of the process, each of which has its own instance of this class.
    _asleep_until = 0.0
    _to_forget: ClassVar[set[str]] = set()

    def _attempt(self, call: Callable[[], Any], otherwise: Any, *, forget: Iterable[str] = ()) -> Any:
        if time.monotonic() < PatientRedisCache._asleep_until:
            self._forget_later(forget)
            return otherwise
        try:
            if self._to_forget:
                self._forget()
            return call()
        except RedisError as wrong:
            PatientRedisCache._asleep_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("The cache does not answer, going on without it: %s", wrong)
            self._forget_later(forget)
            return otherwise

    def _forget_later(self, keys: Iterable[str]) -> None:
        if len(self._to_forget) < MOST_TO_FORGET:
            self._to_forget.update(keys)

    def _forget(self) -> None:
        keys = list(self._to_forget)
        self._cache.delete_many(keys)
        self._to_forget.difference_update(keys)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        made = self.make_and_validate_key(key, version=version)
        call = partial(super().add, key, value, timeout, version)
        return bool(self._attempt(call, True, forget=[made]))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self._attempt(lambda: super(PatientRedisCache, self).get(key, MISSING, version), AWAY)
        count_cache_read("away" if found is AWAY else "miss" if found is MISSING else "hit")
        return default if found is AWAY or found is MISSING else found

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._attempt(lambda: super(PatientRedisCache, self).set(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._attempt(lambda: super(PatientRedisCache, self).touch(*args, **kwargs), False))

    def delete(self, key: Any, version: int | None = None) -> bool:
        made = self.make_and_validate_key(key, version=version)
        return bool(self._attempt(partial(super().delete, key, version), False, forget=[made]))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(self._attempt(lambda: super(PatientRedisCache, self).get_many(*args, **kwargs), {}))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._attempt(lambda: super(PatientRedisCache, self).has_key(*args, **kwargs), False))

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's; while Redis is away the counter does not exist, which is a ValueError there too."""
        counter = self._attempt(lambda: super(PatientRedisCache, self).incr(*args, **kwargs), None)
        if counter is None:
            raise ValueError("The counter is not in the cache.")
        return counter

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's: the keys that were not kept, which is all of them while Redis is away."""
        return list(self._attempt(lambda: super(PatientRedisCache, self).set_many(data, *args, **kwargs), list(data)))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        listed = list(keys)
        made = [self.make_and_validate_key(key, version=version) for key in listed]
        self._attempt(partial(super().delete_many, listed, version), None, forget=made)

    def clear(self) -> None:
        self._attempt(lambda: super(PatientRedisCache, self).clear(), None)
