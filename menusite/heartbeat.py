"""The worker's sign of life, which `/readyz` reads."""

import threading
import time

from django.conf import settings
from django.core.cache import cache

BEAT_SECONDS = 5
# Three beats may be missed: a machine under load is late, not dead.
ALIVE_SECONDS = 4 * BEAT_SECONDS
CACHE_KEY = "worker-heartbeat"


def beat() -> None:
    """Say that the worker lives now."""
    if settings.HEARTBEAT_FILE:
        settings.HEARTBEAT_FILE.touch()
    else:
        cache.set(CACHE_KEY, "alive", ALIVE_SECONDS)


def is_beating() -> bool:
    """Whether the worker said so within the last `ALIVE_SECONDS`."""
    if not settings.HEARTBEAT_FILE:
        return cache.get(CACHE_KEY) is not None
    try:
        return time.time() - settings.HEARTBEAT_FILE.stat().st_mtime < ALIVE_SECONDS
    except FileNotFoundError:
        return False


def start_beating() -> None:
    """Beat from a thread of this process until the process ends."""

    def keep_beating() -> None:
        while True:
            beat()
            time.sleep(BEAT_SECONDS)

    threading.Thread(target=keep_beating, name="heartbeat", daemon=True).start()
