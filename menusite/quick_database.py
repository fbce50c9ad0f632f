"""Asking the database from where nobody may wait for it."""

import threading
from collections.abc import Callable
from contextlib import closing
from queue import Empty, SimpleQueue
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection

Answer = TypeVar("Answer")

# While the database hangs each question leaves a thread waiting; so many may wait, and whoever asks then is told at
# once.
MOST_WAITING = 4
_waiting = threading.Semaphore(MOST_WAITING)


class NoAnswerError(Exception):
    """The database is away, or has not answered in time."""


def ask(question: Callable[[], Answer]) -> Answer:
    """The answer, asked over a connection of its own; raises `NoAnswerError` after `PROBE_SECONDS`.

    A server that hangs holds whoever asks it, whatever its own time limits say. Without `PROBE_SECONDS`, as on a
    machine whose database is a file, it is asked right here.
    """
    if settings.PROBE_SECONDS is None:
        try:
            return question()
        except DatabaseError as wrong:
            raise NoAnswerError(type(wrong).__name__) from wrong
    if not _waiting.acquire(blocking=False):
        raise NoAnswerError("earlier questions still wait for an answer")
    told: SimpleQueue[tuple[Answer | None, Exception | None]] = SimpleQueue()

    def asked() -> None:
        try:
            with closing(connection):
                told.put((question(), None))
        except Exception as wrong:  # noqa: BLE001  (raised again where it was asked)
            told.put((None, wrong))
        finally:
            _waiting.release()

    threading.Thread(target=asked, name="probe", daemon=True).start()
    try:
        answer, failure = told.get(timeout=settings.PROBE_SECONDS)
    except Empty as late:
        raise NoAnswerError(f"no answer within {settings.PROBE_SECONDS} s") from late
    if isinstance(failure, DatabaseError):
        raise NoAnswerError(type(failure).__name__) from failure
    if failure is not None:
        raise failure
    return answer  # type: ignore[return-value]
