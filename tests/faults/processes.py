"""Web server and worker as processes apart on the test's own database, and guests who reach them over the network."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 30
# So long a guest goes on pressing.
PATIENCE_SECONDS = 120


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def database_url() -> str:
    """The database of this test process, for another process."""
    told = connection.settings_dict
    password = f":{told['PASSWORD']}" if told["PASSWORD"] else ""
    return f"postgres://{told['USER']}{password}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def environment(**told: str) -> dict[str, str]:
    """That of a process apart: the product's own settings, on this test's database, and what the test tells it."""
    # The test process names its own settings here, with a broker and a cache that are none.
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    own = {"DJANGO_SETTINGS_MODULE": "menusite.settings", "DEBUG": "1", "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    return {**kept, **own, "DATABASE_URL": database_url(), **told}


class Killable:
    """A process that is born again whenever it is killed."""

    def __init__(self, parent: "subprocess.Popen[str]", *, born: bool = True) -> None:
        self.parent = parent
        self.deaths = 0
        self.pid = self._born() if born else 0

    def kill(self) -> None:
        """End it in the middle of whatever it does; returns when the next one has begun."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, as a service manager does; returns when the next one has begun."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)
        self.deaths += 1
        self.pid = self._born()

    def _born(self) -> int:
        assert self.parent.stdout is not None
        return int(self.parent.stdout.readline())


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether `condition()`, which another process makes true, became so in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@contextmanager
def killable(*arguments: str, born: bool = True, **told: str) -> Iterator[Killable]:
    """The part of the product that `tests.faults.killable` calls so; `born` says that it begins by itself."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killable", *arguments],
        cwd=ROOT,
        env=environment(**told),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Killable(parent, born=born)
    finally:
        parent.kill()
        parent.wait(SECONDS)
        if parent.stdin is not None:
            parent.stdin.close()
        if parent.stdout is not None:
            parent.stdout.close()


@contextmanager
def import_command(path: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """`import_orders` of the teahouse as a process apart, on the test's own database."""
    running = subprocess.Popen(
        [sys.executable, "manage.py", "import_orders", "teahouse", str(path)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


class Phone:
    """A guest's phone: one session, requests over the network, the same request again until it is answered.

    `retries` counts the answers lost on the way, `put_off` those that said to try again."""

    def __init__(self, port: int, session_key: str = "", *, sent: Callable[[], None] = lambda: None) -> None:
        self.port = port
        self.session_key = session_key
        self.sent = sent
        self.retries = 0
        self.put_off = 0

    def post(self, path: str, **fields: str) -> http.client.HTTPResponse:
        return self._ask("POST", path, urlencode(fields))

    def get(self, path: str) -> http.client.HTTPResponse:
        return self._ask("GET", path, "")

    def _ask(self, method: str, path: str, body: str) -> http.client.HTTPResponse:
        """Ask until the server has answered; what is lost on the way is asked again as it was."""
        headers = {
            "Origin": f"http://127.0.0.1:{self.port}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session_key}" if self.session_key else "",
        }
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self._once(method, path, body, headers)
                if answer.status != http.client.SERVICE_UNAVAILABLE or "Retry-After" not in answer.headers:
                    return answer
                # The page that says to try again in a moment.
                self.put_off += 1
                time.sleep(0.05)
            except ConnectionRefusedError:
                # Nobody is there at all: a server being put up anew.
                self.retries += 1
                time.sleep(0.05)
            except (ConnectionError, http.client.HTTPException):
                self.retries += 1
        raise AssertionError(f"{path} was never answered")

    def _once(self, method: str, path: str, body: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            line.request(method, path, body, headers)
            self.sent()
            answer = line.getresponse()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]
            if "Content-Length" not in answer.headers:
                # The server died after the first line: which `http.client` takes for all of the headers.
                raise http.client.IncompleteRead(b"")
        finally:
            line.close()
        self._keep_cookie(answer)
        return answer

    def _keep_cookie(self, answer: http.client.HTTPResponse) -> None:
        cookies = SimpleCookie(answer.headers.get("Set-Cookie", ""))
        if settings.SESSION_COOKIE_NAME in cookies:
            self.session_key = cookies[settings.SESSION_COOKIE_NAME].value
