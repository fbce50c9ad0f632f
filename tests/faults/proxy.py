"""Something between two programs that fails on demand: a TCP proxy on this machine with a mode."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

CHUNK = 65536
SLOW_SECONDS = 1.0
# Closing with this option resets the connection instead of ending it in peace.
AT_ONCE = struct.pack("ii", 1, 0)


class Mode(StrEnum):
    PASS = "pass"
    DOWN = "down"  # nobody listens, connections are gone
    REFUSE = "refuse"  # somebody listens and hangs up on everyone
    HANG = "hang"  # connections are taken and held, and nothing ever comes
    SLOW = "slow"  # every reply comes a second late
    CUT = "cut"  # of every reply half comes, then the connection is reset


class FaultProxy:
    """Passes bytes on to `target`, a port of this machine, in the way its mode says; `felt` counts what it spoilt."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.felt = 0
        self.moved = threading.Condition()
        self._mode = Mode.PASS
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])

    @property
    def mode(self) -> Mode:
        return self._mode

    def turn(self, mode: Mode) -> None:
        """Behave so from now on; connections of before share the fate, but those held are let go on afterwards."""
        with self.moved:
            was, self._mode = self._mode, mode
            self.moved.notify_all()
        if mode in (Mode.DOWN, Mode.REFUSE):
            self._hang_up()
        if mode == Mode.DOWN:
            self._close_listener()
        elif was == Mode.DOWN:
            self._listener = self._listen(self.port)

    @contextmanager
    def during(self, mode: Mode) -> Iterator[None]:
        self.turn(mode)
        try:
            yield
        finally:
            self.turn(Mode.PASS)

    def wait_until_felt(self, seconds: float = 30) -> None:
        """Return once something was spoilt since the last call of `forget`."""
        with self.moved:
            assert self.moved.wait_for(lambda: self.felt > 0, seconds), "the fault was never felt"

    def forget(self) -> None:
        self.felt = 0

    def close(self) -> None:
        self.turn(Mode.DOWN)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=128, reuse_port=False)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _close_listener(self) -> None:
        # Wakes the thread in `accept`, which closing alone does not.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            if self._mode in (Mode.REFUSE, Mode.DOWN):
                self._spoil()
                _reset(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
            except OSError:
                _reset(near)
                continue
            far.settimeout(None)
            self._pairs.add((near, far))
            for source, sink, is_reply in ((near, far, False), (far, near, True)):
                threading.Thread(target=self._pump, args=(source, sink, is_reply), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, is_reply: bool) -> None:
        pair = (sink, source) if is_reply else (source, sink)
        try:
            while True:
                piece = source.recv(CHUNK)
                if not piece or not self._pass_on(piece, sink, is_reply):
                    break
        except OSError:
            pass
        self._pairs.discard(pair)
        for end in pair:
            _reset(end)

    def _pass_on(self, piece: bytes, sink: socket.socket, is_reply: bool) -> bool:
        """Whether the connection goes on."""
        if self._mode == Mode.HANG:
            self._spoil()
            with self.moved:
                self.moved.wait_for(lambda: self._mode != Mode.HANG)
        if is_reply and self._mode == Mode.SLOW:
            self._spoil()
            time.sleep(SLOW_SECONDS)
        if is_reply and self._mode == Mode.CUT:
            self._spoil()
            sink.sendall(piece[: _cut_at(piece)])
            return False
        sink.sendall(piece)
        return True

    def _spoil(self) -> None:
        with self.moved:
            self.felt += 1
            self.moved.notify_all()

    def _hang_up(self) -> None:
        for pair in list(self._pairs):
            self._pairs.discard(pair)
            self._spoil()
            for end in pair:
                _reset(end)


def _cut_at(piece: bytes) -> int:
    """The middle; a few bytes of a reply whose headers do not end before it: clients take some headers for all."""
    middle = len(piece) // 2
    return middle if 0 <= piece.find(b"\r\n\r\n") < middle else min(middle, 10)


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        # The other thread may be waiting in `recv`, which closing alone does not end.
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def fault_proxy(target: int) -> Iterator[FaultProxy]:
    proxy = FaultProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
