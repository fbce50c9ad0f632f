"""The fault proxy itself: what each mode does to a program that talks through it."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.faults.proxy import FaultProxy, Mode, fault_proxy

pytestmark = pytest.mark.faults
PATIENCE = 0.2


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while piece := self.request.recv(100):
            self.request.sendall(piece)


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        with fault_proxy(server.server_address[1]) as between:
            yield between
        server.shutdown()


def called(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def said(line: socket.socket, words: bytes = b"0123456789") -> bytes:
    """What comes back until nothing more does."""
    line.sendall(words)
    heard = b""
    while len(heard) < len(words):
        piece = line.recv(100)
        if not piece:
            break
        heard += piece
    return heard


def is_over(line: socket.socket) -> bool:
    try:
        return line.recv(100) == b""
    except ConnectionError:
        return True


def test_it_passes_on_what_is_said(proxy: FaultProxy) -> None:
    with called(proxy) as line:
        assert [said(line), said(line, b"more")] == [b"0123456789", b"more"]
    assert proxy.felt == 0


def test_down_ends_connections_and_takes_none(proxy: FaultProxy) -> None:
    with called(proxy) as line:
        said(line)
        with proxy.during(Mode.DOWN):
            assert is_over(line)
            with pytest.raises(ConnectionRefusedError):
                called(proxy)
    with called(proxy) as line:
        assert said(line) == b"0123456789"


def test_refuse_takes_connections_and_hangs_up(proxy: FaultProxy) -> None:
    with called(proxy) as old:
        said(old)
        with proxy.during(Mode.REFUSE):
            # Somebody may hang up while still picking up: a broken pipe.
            with suppress(BrokenPipeError, ConnectionResetError), called(proxy) as new:
                assert is_over(new)
            proxy.wait_until_felt()
            assert is_over(old)


def test_hang_says_nothing_and_goes_on_afterwards(proxy: FaultProxy) -> None:
    with called(proxy) as line:
        with proxy.during(Mode.HANG):
            line.sendall(b"0123456789")
            proxy.wait_until_felt()
            line.settimeout(PATIENCE)
            with pytest.raises(TimeoutError):
                line.recv(1)
        line.settimeout(5)
        assert line.recv(100) == b"0123456789"


def test_slow_is_late_and_whole(proxy: FaultProxy) -> None:
    with called(proxy) as line, proxy.during(Mode.SLOW):
        line.sendall(b"0123456789")
        line.settimeout(PATIENCE)
        with pytest.raises(TimeoutError):
            line.recv(100)
        line.settimeout(5)
        assert line.recv(100) == b"0123456789"


def test_cut_lets_half_of_a_reply_through(proxy: FaultProxy) -> None:
    with called(proxy) as line, proxy.during(Mode.CUT):
        line.sendall(b"0123456789")
        assert line.recv(100) == b"01234"
        assert is_over(line)
