"""The supervisor's parts, with children that are a line of Python each."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from menusite import run

SLEEP = ("-c", "import time; time.sleep(60)")
DEAF = (
    "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); sys.stderr.write('.'); time.sleep(60)",
)


@pytest.fixture
def guard() -> Iterator[run.Guard]:
    guard = run.Guard()
    yield guard
    guard.stop()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def wait_for(condition: object, seconds: float = 10) -> bool:
    """Whether `condition()` became true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def is_running(pid: int) -> bool:
    """Whether the process runs; one that ended and was not collected by its parent does not."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_a_stop_ends_every_child(guard: run.Guard) -> None:
    children = [guard.start(*SLEEP), guard.start(*SLEEP)]

    guard.stop()

    assert [child.poll() for child in children] == [-signal.SIGTERM, -signal.SIGTERM]


def test_a_child_that_does_not_listen_is_killed(guard: run.Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "STOP_SECONDS", 0.2)
    child = subprocess.Popen([sys.executable, *DEAF], stderr=subprocess.PIPE, text=True)
    guard.children.append(child)
    assert child.stderr is not None
    child.stderr.read(1)

    guard.stop()

    assert child.poll() == -signal.SIGKILL
    child.stderr.close()


def test_what_a_step_prints_is_returned(guard: run.Guard) -> None:
    assert guard.finish("-c", "import sys; sys.stdout.write('Table: here')") == "Table: here"


def test_a_step_that_fails_ends_the_start(guard: run.Guard) -> None:
    with pytest.raises(run.Failed, match="failed"):
        guard.finish("-c", "raise SystemExit(3)")


def test_a_taken_port_is_named(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(taken_port))

    with pytest.raises(run.Failed, match=f"cannot listen on 127.0.0.1:{taken_port}"):
        run._address()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_makes_no_sense_is_named(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(run.Failed, match=f"PORT is '{port}'"):
        run._address()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("192.168.1.5", "http://192.168.1.5:8000/"),
        ("::1", "http://[::1]:8000/"),
    ],
)
def test_the_address_printed_can_be_opened_here(host: str, url: str) -> None:
    assert run._url(host, 8000) == url


def test_a_dead_web_server_ends_everything(guard: run.Guard) -> None:
    web, worker = guard.start("-c", "raise SystemExit(7)"), guard.start(*SLEEP)

    with pytest.raises(run.Failed, match="the web server ended with status 7"):
        run._stand_guard(guard, web=web, worker=worker)


def test_a_worker_that_keeps_dying_is_given_up(guard: run.Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(run.Guard, "start", lambda self, *_arguments: self._start("-c", "raise SystemExit(4)"))
    web, worker = guard._start(*SLEEP), guard.start()

    with pytest.raises(run.Failed, match="the worker ended 5 times, the last time with status 4"):
        run._stand_guard(guard, web=web, worker=worker)

    assert len(guard.children) == 1 + run.WORKER_STARTS


CHILD = "from menusite.parent import end_with_parent; end_with_parent(); import time; time.sleep(60)"
PARENT = (
    "import subprocess, sys, time;"
    f"child = subprocess.Popen([sys.executable, '-c', {CHILD!r}]);"
    "sys.stdout.write(f'{child.pid}\\n'); sys.stdout.flush(); time.sleep(60)"
)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc, which Linux has")
def test_a_killed_parent_leaves_no_child_behind() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=run.BASE_DIR)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    # The child has to have looked at its parent before the parent dies.
    assert wait_for(lambda: len(list(Path(f"/proc/{child}/task").iterdir())) == 2)

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    assert wait_for(lambda: not is_running(child))
