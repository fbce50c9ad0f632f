"""A part of the product as a process that may be killed at any moment: `python -m tests.faults.killable web PORT`,
`worker SCHEDULE_FILE`, `night MOMENT`, or `hand -`, which does the worker's jobs as its input names them.

The parent loads the product once and forks the child that works; when the child dies it forks the next one at once, so
that a hundred deaths take seconds. It prints the process id of each child on a line of its own.
"""

import datetime
import gc
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django

from menusite.parent import end_with_parent

THREADS = 16


class Server(WSGIServer):
    """Answers with a few threads; its socket is the parent's, so that connections wait while a child is replaced."""

    request_queue_size = 256
    pool: ThreadPoolExecutor

    def process_request(self, request: Any, client_address: Any) -> None:
        self.pool.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: the test reads the parent's lines alone."""


def web(port: int) -> Callable[[], None]:
    from menusite.wsgi import application

    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(application)

    def serve() -> None:
        server.pool = ThreadPoolExecutor(THREADS)
        server.serve_forever()

    return serve


def worker(schedule: str) -> Callable[[], None]:
    from menusite.celery import app
    from menusite.worker import work

    app.conf.beat_schedule_filename = schedule
    return lambda: sys.exit(work())


def night(moment: str) -> Callable[[], None]:
    """The nightly run of that moment, in the smallest transactions there may be, and then nothing more."""
    from accounts.scope import everyone
    from analytics import facts, nightly, statistics
    from menu_pages import pieces

    facts.ORDERS_AT_ONCE, statistics.PLACES_AT_ONCE, pieces.PIECE_SECONDS = 4, 1, 0

    def run() -> None:
        with everyone():
            nightly.run(now=datetime.datetime.fromisoformat(moment))
        while True:
            signal.pause()

    return run


def count(moment: str) -> None:
    from accounts.scope import everyone
    from analytics import nightly

    with everyone():
        nightly.run(now=datetime.datetime.fromisoformat(moment))


def ask_for_the_night() -> None:
    """What the schedule does: put the nightly run into the queue."""
    from analytics.tasks import compute_statistics

    compute_statistics.apply_async(retry=False)


def ask_for_the_relay() -> None:
    """What an order's own request has done: put the relay's task into the queue."""
    from orders.outbox.hurrying import ask_relay

    ask_relay()


def relay() -> None:
    from orders.tasks import relay_outbox

    relay_outbox()


JOBS: dict[str, Callable[..., None]] = {
    "count": count,
    "ask": ask_for_the_night,
    "hurry": ask_for_the_relay,
    "relay": relay,
}


def by_hand() -> None:
    """For each line of input a fork that does the job it names; prints its process id, then its wait status."""
    end_with_parent()
    gc.freeze()
    for line in sys.stdin:
        name, *told = line.split()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                JOBS[name](*told)
                status = 0
            finally:
                os._exit(status)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _pid, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def stand(work: Callable[[], None]) -> None:
    end_with_parent()
    gc.freeze()
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            end_with_parent()
            work()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)


if __name__ == "__main__":
    django.setup()
    kind, told = sys.argv[1:]
    if kind == "hand":
        by_hand()
        sys.exit()
    stand({"web": lambda: web(int(told)), "worker": lambda: worker(told), "night": lambda: night(told)}[kind]())
