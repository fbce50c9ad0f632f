"""Doing the same thing many times at once, each time in a thread with a database connection of its own."""

import os
import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

from accounts.scope import everyone

Result = TypeVar("Result")
# The long form has the threads do ten times as much.
WAIT_SECONDS = 60 * int(os.environ.get("FAULTS_TIMES", "1"))


class Meeting:
    """Where the threads of `at_once` wait for each other, each of them once; the test's own thread passes by.

    A control shows what happens when everybody has read before anybody writes: with a meeting after the read that is
    certain and no matter of luck.
    """

    def __init__(self, parties: int) -> None:
        self._gate = threading.Barrier(parties)
        self._been = threading.local()

    def wait(self) -> None:
        if threading.current_thread() is threading.main_thread() or hasattr(self._been, "here"):
            return
        self._been.here = True
        self._gate.wait(WAIT_SECONDS)


def at_once(*jobs: Callable[[], Result]) -> list[Result]:
    """Start the jobs together and return their results in order; an exception of any of them is raised here."""
    gate = threading.Barrier(len(jobs))
    results: dict[int, Result] = {}
    failures: list[BaseException] = []

    def run(place: int, job: Callable[[], Result]) -> None:
        try:
            gate.wait(WAIT_SECONDS)
            # A thread begins without a scope; requests enter their own.
            with everyone():
                results[place] = job()
        except Exception as failure:  # noqa: BLE001  (raised again by the test's own thread)
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, job), daemon=True) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    if failures:
        raise failures[0]
    assert not any(thread.is_alive() for thread in threads), f"not all were done within {WAIT_SECONDS} s"
    return [results[place] for place in range(len(jobs))]
