"""Many desks that ask each second whether anything has changed, as the desk's script does."""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings

EVERY_SECONDS = 1.0


class Desks:
    """`waited` are the seconds from an event to each desk's hearing of it, `taken` milliseconds of each question."""

    def __init__(self, session_keys: Sequence[str], *, port: int, path: str) -> None:
        self.session_keys, self.port, self.path = session_keys, port, path
        self.waited: list[float] = []
        self.taken: list[float] = []
        self.heard: list[tuple[int, float]] = []
        self.events: list[tuple[int, float]] = []
        self.over = threading.Event()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """The desks listen until the block is left, each in its own part of the second."""
        desks = [
            threading.Thread(target=self._listen, args=(key, number / len(self.session_keys)))
            for number, key in enumerate(self.session_keys)
        ]
        for desk in desks:
            desk.start()
        try:
            # All have asked once.
            time.sleep(2 * EVERY_SECONDS)
            self.heard.clear()
            yield
        finally:
            self.over.set()
            for desk in desks:
                desk.join()
        for version, at in self.heard:
            # A desk that slept over one event hears of the next: it is counted for each.
            self.waited += [at - happened for told, happened in self.events if told == version]

    def told(self, version: int) -> None:
        """An event has just been committed, after which the place's desks have this version."""
        self.events.append((version, time.perf_counter()))

    def _listen(self, key: str, offset: float) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
        since, turn = "0", time.perf_counter() + offset
        while not self.over.wait(max(0.0, turn - time.perf_counter())):
            turn += EVERY_SECONDS
            began = time.perf_counter()
            line.request("GET", f"{self.path}?since={since}", headers=cookie)
            answer = line.getresponse()
            body = answer.read().decode()
            now = time.perf_counter()
            self.taken.append(1000 * (now - began))
            if answer.status == 200:
                since = body
                self.heard.append((int(since), now))
            elif answer.status != 204:
                raise RuntimeError(f"{self.path} was answered with {answer.status}")
        line.close()
