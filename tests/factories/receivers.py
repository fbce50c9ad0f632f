"""An organisation's own system: takes webhooks over HTTP and keeps what came."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings

from menu_pages.models import PlacePage
from orders.models import Webhook


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(ThreadingHTTPServer):
    """Answers every POST with `status`; what came is in `calls`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.calls: list[Call] = []
        self.status = 204
        self.location = ""
        # Done when a call has come and nobody knows of it yet.
        self.before_answer: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?from=menusite"

    @property
    def events(self) -> list[str]:
        """What it was told of, each event once: a receiver that has had an event passes over its repeats."""
        return list(dict.fromkeys(call.headers["Menusite-Event"] for call in self.calls))


class _Desk(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append(Call(self.path, dict(self.headers), body))
        if self.server.before_answer:
            self.server.before_answer()
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing to the console."""


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    """A receiver on this machine, and an installation that may call it over plain HTTP."""
    settings.DEBUG = True
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    with running_receiver() as running:
        yield running


def make_webhook(place: PlacePage, url: str, **fields: Any) -> Webhook:
    return Webhook.objects.create(place=place, url=url, secret="a secret of both sides", **fields)
