"""The shared cache, whose absence guests must not notice."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After a failure nobody asks again for this long: a Redis that hangs costs one request its time-out, not every one.
PAUSE_SECONDS = 2.0


class PatientRedisCache(RedisCache):
    """Django's Redis cache that finds nothing and keeps nothing while Redis is away.

    Each start of such a time is logged once as a warning. Nothing may be kept here alone.
    """

    # Shared by the threads of the process, each of which has its own instance of this class.
    _asleep_until = 0.0

    def _attempt(self, call: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < PatientRedisCache._asleep_until:
            return otherwise
        try:
            return call()
        except RedisError as wrong:
            PatientRedisCache._asleep_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("The cache does not answer, going on without it: %s", wrong)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._attempt(lambda: super(PatientRedisCache, self).add(*args, **kwargs), True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._attempt(lambda: super(PatientRedisCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._attempt(lambda: super(PatientRedisCache, self).set(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._attempt(lambda: super(PatientRedisCache, self).touch(*args, **kwargs), False))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._attempt(lambda: super(PatientRedisCache, self).delete(*args, **kwargs), False))

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

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._attempt(lambda: super(PatientRedisCache, self).delete_many(*args, **kwargs), None)

    def clear(self) -> None:
        self._attempt(lambda: super(PatientRedisCache, self).clear(), None)
