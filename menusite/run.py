"""The whole system on one machine: `python -m menusite.run`, which `make run` ends in.

Prepares the database and the demo, starts the web server and the worker, says where everything is, then stands guard:
TERM and INT end both, a dead web server ends everything with an error, a dead worker is started again a few times.
HOST and PORT say where to listen; everything else is the settings' environment.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from accounts.billing.providers.base import SANDBOX
from menusite.answering import answers
from menusite.collecting import is_collected, mark_collected, state_of
from menusite.environment import read_environment
from menusite.payment_environment import read_payment_environment
from menusite.serving_environment import read_serving_environment
from menusite.translations import compile_translations

BASE_DIR = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
STOP_SECONDS = 8
LOOK_SECONDS = 0.3
# A worker that dies more often than this within the time has a fault that starting it again does not mend.
WORKER_STARTS = 5
WORKER_STARTS_WITHIN_SECONDS = 600


class Stopped(BaseException):
    """TERM or INT came; like KeyboardInterrupt it passes every `except Exception`."""


class Failed(Exception):
    """The system cannot run or go on; the text is for whoever started it."""


class Guard:
    """The child processes, all of which end with this one.

    Each has a process group of its own: the terminal's Ctrl-C reaches this process alone, which then asks each child
    once. Asked twice at the same moment, the web server may hang.
    """

    def __init__(self) -> None:
        self.children: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python *arguments` with this process's own output."""
        return self._start(*arguments)

    def finish(self, *arguments: str) -> str:
        """Run `python *arguments` to its end and return what it printed; raises Failed when it fails."""
        return self.outcome(self.begin(*arguments))

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python *arguments`, whose `outcome` is asked for later."""
        return self._start(*arguments, stdout=subprocess.PIPE)

    def outcome(self, child: subprocess.Popen[str]) -> str:
        """Wait for the end of what was begun and return what it printed; raises Failed when it failed."""
        printed, _ = child.communicate()
        if child.returncode:
            raise Failed(f"{printed}`{' '.join(map(str, list(child.args)[1:]))}` failed.")  # type: ignore[arg-type]
        return printed

    def _start(self, *arguments: str, stdout: int | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, *arguments]
        child = subprocess.Popen(command, cwd=BASE_DIR, text=True, stdout=stdout, process_group=0)
        self.children.append(child)
        return child

    def stop(self) -> None:
        """End every child: asked first, forced after STOP_SECONDS."""
        running = [child for child in self.children if child.poll() is None]
        for child in running:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@contextmanager
def guarded() -> Iterator[Guard]:
    """A guard whose children are gone when the block is left, by whichever way."""
    guard = Guard()
    try:
        yield guard
    finally:
        # A second TERM or Ctrl-C must not cut the clearing up short.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        guard.stop()


def main() -> int:
    """Run the system until it is told to stop; returns the exit status."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _raise_stopped)
    try:
        host, port = _address()
        os.environ["SITE_URL"] = os.environ.get("SITE_URL") or _url(host, port).rstrip("/")
        site_url = read_environment(os.environ, base=BASE_DIR).site_url
        os.environ["STATIC_COLLECTED"] = "1"
        os.environ["PAYMENT_SANDBOX_URL"] = os.environ.get("PAYMENT_SANDBOX_URL") or _free_url()
        with guarded() as guard:
            links = _prepare(guard)
            _start_sandbox(guard, site_url)
            web = guard.start("-m", "menusite.web", host, str(port))
            worker = guard.start("-m", "menusite.worker", "--with-parent")
            _wait_until_ready(web, host=host, port=port, site_url=site_url)
            _say(f"Ready: {_url(host, port)}", *links)
            _stand_guard(guard, web=web, worker=worker)
    except Stopped:
        return 0
    except (Failed, ImproperlyConfigured) as wrong:
        sys.stderr.write(f"menusite stopped: {wrong}\n")
        return 1
    return 0


def _raise_stopped(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _address() -> tuple[str, int]:
    """Where to listen, found free: another program there would otherwise be noticed only after minutes of preparing."""
    host = os.environ.get("HOST") or "127.0.0.1"
    given = os.environ.get("PORT") or "8000"
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise Failed(f"PORT is {given!r}, but should be a number from 1 to 65535.")
    port = int(given)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            raise Failed(
                f"cannot listen on {host}:{port} ({wrong.strerror}); PORT=8001 make run takes another."
            ) from wrong
    return host, port


def _reachable(host: str) -> str:
    """The address by which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _url(host: str, port: int) -> str:
    name = _reachable(host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _prepare(guard: Guard) -> list[str]:
    """Bring the database and the demo up to date; returns the lines that lead into the demo."""
    compile_translations()
    with _static_collected(guard):
        _say("Preparing the database…")
        guard.finish("manage.py", "migrate", "--verbosity", "0")
    _say("Preparing the demo…")
    return [line for line in guard.finish("manage.py", "load_demo").splitlines() if line]


@contextmanager
def _static_collected(guard: Guard) -> Iterator[None]:
    """Gather and pack the static files beside what is done meanwhile, unless nothing has changed since last time."""
    into = read_serving_environment(os.environ, base=BASE_DIR).static_root
    if is_collected(BASE_DIR, into):
        yield
        return
    _say("Packing styles and scripts…")
    state = state_of(BASE_DIR)
    packing = guard.begin("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    yield
    guard.outcome(packing)
    mark_collected(into, state)


def _free_url() -> str:
    """An address of this machine where nobody listens yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def _start_sandbox(guard: Guard, site_url: str) -> None:
    """The server that payments of the demo go through, where they do. It ends with the others; without it the site
    goes on, and payments wait."""
    payments = read_payment_environment(os.environ, debug=read_environment(os.environ, base=BASE_DIR).debug)
    if payments.provider != SANDBOX:
        return
    port = urlsplit(payments.sandbox_url).port or 80
    webhook = f"{site_url}/billing/webhook/{SANDBOX}/"
    kept = str(read_serving_environment(os.environ, base=BASE_DIR).var_dir / "sandbox.json")
    guard.start("-m", "accounts.billing.sandbox", "--port", str(port), "--webhook", webhook, "--file", kept)


def _wait_until_ready(web: subprocess.Popen[str], *, host: str, port: int, site_url: str) -> None:
    """Return when the web server answers; raises Failed when it dies or stays silent."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if web.poll() is not None:
            raise Failed("the web server did not start.")
        if answers(_reachable(host), port, name=urlsplit(site_url).netloc):
            return
        time.sleep(LOOK_SECONDS)
    raise Failed(f"the web server did not answer within {READY_SECONDS} s.")


def _stand_guard(guard: Guard, *, web: subprocess.Popen[str], worker: subprocess.Popen[str]) -> None:
    """Watch the children until TERM or INT; raises Failed when the site cannot go on."""
    starts = [time.monotonic()]
    while True:
        time.sleep(LOOK_SECONDS)
        if web.poll() is not None:
            raise Failed(f"the web server ended with status {web.returncode}.")
        if worker.poll() is not None:
            starts = [moment for moment in starts if time.monotonic() - moment < WORKER_STARTS_WITHIN_SECONDS]
            if len(starts) >= WORKER_STARTS:
                raise Failed(f"the worker ended {WORKER_STARTS} times, the last time with status {worker.returncode}.")
            _say(f"The worker ended with status {worker.returncode}; starting it again.")
            worker = guard.start("-m", "menusite.worker", "--with-parent")
            starts.append(time.monotonic())


if __name__ == "__main__":
    sys.exit(main())
