"""The worker's signs of life, which `/readyz` and `/metrics` read: that it runs, and how late the last task came to it.

On one machine they are in a file, on several in the shared cache.
"""

import json
import logging
import math
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5
# Three beats may be missed: a machine under load is late, not dead.
ALIVE_SECONDS = 4 * BEAT_SECONDS
CACHE_KEY = "worker-heartbeat"
REMEMBERED_SECONDS = 7 * 24 * 3600


class Signs(NamedTuple):
    """Moments in seconds since the epoch, and how long the last scheduled task waited; NaN where nothing is known."""

    worker_seen: float = math.nan
    schedule_seen: float = math.nan
    task_lag: float = math.nan


_lock = threading.Lock()
_own = Signs()


def beat() -> None:
    """Say that the worker lives now."""
    _say(worker_seen=time.time())


def note_task(sent_at: float) -> None:
    """Say that a task of the schedule has come to the worker, which was sent then."""
    now = time.time()
    _say(worker_seen=now, schedule_seen=sent_at, task_lag=max(now - sent_at, 0.0))


def signs() -> Signs:
    """What the worker said last, whichever it was."""
    if settings.HEARTBEAT_FILE is None:
        said = cache.get(CACHE_KEY)
        return Signs(*said) if isinstance(said, tuple) else Signs()
    try:
        return Signs(*json.loads(settings.HEARTBEAT_FILE.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return Signs()


def is_beating() -> bool:
    """Whether the worker said so within the last `ALIVE_SECONDS`."""
    return time.time() - signs().worker_seen < ALIVE_SECONDS


def start_beating() -> None:
    """Beat from a thread of this process until the process ends."""

    def keep_beating() -> None:
        while True:
            try:
                beat()
            except OSError as wrong:
                # A full disk: the worker is well and will say so when there is room again.
                logger.warning("The sign of life could not be written: %s", wrong)
            time.sleep(BEAT_SECONDS)

    threading.Thread(target=keep_beating, name="heartbeat", daemon=True).start()


def _say(**news: float) -> None:
    global _own
    with _lock:
        # Of several workers one has heard from the schedule last: nobody forgets that for the others.
        before = signs()
        told = max((before, _own), key=lambda one: -math.inf if math.isnan(one.schedule_seen) else one.schedule_seen)
        _own = told._replace(**news)
        if settings.HEARTBEAT_FILE is None:
            cache.set(CACHE_KEY, tuple(_own), REMEMBERED_SECONDS)
        else:
            _write(settings.HEARTBEAT_FILE, json.dumps(_own))


def _write(file: Path, text: str) -> None:
    """At once: who reads meanwhile reads what was there before."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}-")
    with os.fdopen(handle, "w") as written:
        written.write(text)
    Path(draft).replace(file)
