"""Stations and the printers beside them."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import LazySettings

from menu_pages.models import CategoryPage, PlacePage
from orders.models import Station, StationCategory


class Printer(socketserver.ThreadingTCPServer):
    """Takes bytes as a network printer does and keeps them: one entry in `printed` for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Paper)
        self.printed: list[bytes] = []
        self.done = threading.Condition()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def tickets(self, count: int) -> list[bytes]:
        """What was printed, once it is so many tickets."""
        with self.done:
            assert self.done.wait_for(lambda: len(self.printed) >= count, timeout=60), self.printed
            return list(self.printed)


class _Paper(socketserver.StreamRequestHandler):
    server: Printer

    def handle(self) -> None:
        data = self.rfile.read()
        with self.server.done:
            self.server.printed.append(data)
            self.server.done.notify_all()


@contextmanager
def running_printer() -> Iterator[Printer]:
    with Printer() as printer:
        thread = threading.Thread(target=printer.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield printer
        printer.shutdown()
        thread.join()


@pytest.fixture
def printer(settings: LazySettings) -> Iterator[Printer]:
    """A printer on this machine, and an installation that may print to it."""
    settings.PRINTER_NETWORKS = ["127.0.0.0/8"]
    with running_printer() as running:
        yield running


def make_station(
    place: PlacePage, title: str, *categories: CategoryPage, printer: Printer | None = None, port: int = 0
) -> Station:
    """A station that makes these categories; with a printer, or with a port of this machine where none listens."""
    port = printer.port if printer else port
    host = "127.0.0.1" if port else None
    station = Station.objects.create(place=place, title=title, printer_host=host, printer_port=port or 9100)
    for category in categories:
        StationCategory.objects.create(place=place, station=station, category=category)
    return station


def closed_port() -> int:
    """A port of this machine where nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
