"""How long a request may wait for what it depends on, so that no thread of the web server is ever lost to a dead host.

The server's own `statement_timeout` ends what is slow there; it cannot help where no answer comes at all. In web
processes psycopg2 therefore waits by `wait`, which gives up in time. Commands and the worker wait as they always did:
nobody stands behind them in a queue.
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from celery import Celery
from django.core.signals import request_started
from psycopg2 import extensions

# Of one request, all its questions together.
REQUEST_SECONDS = 5.0
# A server that does not take a connection, or does not say that it is there, within these is away.
CONNECT_SECONDS = 4.0
HEALTH_SECONDS = 2.0
# So long nobody asks a database that was away; then one request tries, and the others when it has been answered.
REST_SECONDS = 1.0
# The database's own limit, a little earlier than ours: what it ends itself costs no connection.
WEB_OPTIONS = "-c statement_timeout=4500ms"
QUEUE_SECONDS = 0.3


class DatabaseSilentError(psycopg2.OperationalError):
    """No answer came in time; the connection is closed, and whether its last statement was done is unknown."""


class _Request(threading.local):
    left = REQUEST_SECONDS
    most = REQUEST_SECONDS


class _Rest:
    """A database that was found away is left alone for a while by all threads of the process."""

    until = 0.0
    lock = threading.Lock()


_request = _Request()
_here: dict[str, bool] = {"patient": False}


def limit_waiting(app: Celery) -> None:
    """Have this process wait no longer than the limits above, for PostgreSQL and for the queue of `app`."""
    _here["patient"] = True
    extensions.set_wait_callback(wait)
    request_started.connect(_begin, dispatch_uid="patience")
    told: dict[str, Any] = app.conf.broker_transport_options or {}
    if app.conf.broker_url and not app.conf.broker_url.startswith("filesystem:"):
        seconds = ("socket_timeout", "socket_connect_timeout", "read_timeout", "write_timeout")
        app.conf.broker_transport_options = {**told, **dict.fromkeys(seconds, QUEUE_SECONDS)}
    app.conf.broker_connection_timeout = QUEUE_SECONDS
    app.conf.task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_step": 0}


def is_limited() -> bool:
    """Whether `limit_waiting` was called in this process."""
    return _here["patient"]


def wait(connection: Any) -> None:
    """psycopg2's wait callback: poll the connection until it is done; raises `DatabaseSilentError` when time is up."""
    began = time.monotonic()
    deadline = began + min(_request.left, _request.most)
    try:
        while True:
            state = connection.poll()
            if state == extensions.POLL_OK:
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise DatabaseSilentError("The database did not answer in time.")
            ready = select.poll()
            ready.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
            ready.poll(left * 1000)
    finally:
        _request.left -= time.monotonic() - began


def is_resting() -> bool:
    """Whether the database is to be left alone now. The first to ask after a rest is told to try; while it does, the
    others still are not."""
    with _Rest.lock:
        now = time.monotonic()
        if now < _Rest.until:
            return True
        if _Rest.until:
            _Rest.until = now + CONNECT_SECONDS
        return False


@contextmanager
def asking_whether_it_is_there(seconds: float) -> Iterator[None]:
    """Wait no longer than so for what takes a living server no time; a rest begins when it was in vain, else ends."""
    # At the end of a request that has waited long already there is no time to find anybody away.
    fair = _request.left >= seconds
    _request.most = seconds
    try:
        yield
    except DatabaseSilentError:
        _Rest.until = time.monotonic() + REST_SECONDS if fair else 0.0
        raise
    except psycopg2.Error:
        _Rest.until = 0.0
        raise
    else:
        _Rest.until = 0.0
    finally:
        _request.most = REQUEST_SECONDS


def _begin(**kwargs: Any) -> None:
    _request.left = REQUEST_SECONDS
