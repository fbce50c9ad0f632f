"""Servers to be measured, and the program that loads them."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONNECTIONS, SECONDS, READY_SECONDS = 16, 6, 30


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of load found: requests a second, and the times within which 50 and 95 of 100 were answered (ms)."""

    rate: float
    p50: float
    p95: float


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(*command: str, port: int, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `python *command` until the block is left; yields the address once it answers."""
    child = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **(environment or {})}, process_group=0
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
                break
            except urllib.error.HTTPError:
                break  # it answers
            except OSError:
                if child.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield address
    finally:
        child.terminate()
        child.wait(10)


def granian(target: str, port: int, *, threads: int, workers: int = 1) -> list[str]:
    options = ["--host", "127.0.0.1", "--port", str(port), "--interface", "wsgi", "--log-level", "warning"]
    return ["-m", "granian", *options, "--workers", str(workers), "--blocking-threads", str(threads), target]


def load(address: str, *, seconds: int = SECONDS, headers: Mapping[str, str] | None = None) -> Load:
    """Ask for the address over 16 connections; everything but a 200 is an error."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise RuntimeError("The serving benchmarks need wrk: apt-get install wrk")
    given = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    script = str(Path(__file__).with_name("percentiles.lua"))
    said = subprocess.run(
        [wrk, "-t", "2", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "-s", script, *given, address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"figures: (\S+) (\S+) (\S+) errors (\d+)", said)
    if found is None or found[4] != "0":
        raise RuntimeError(said)
    return Load(rate=float(found[1]), p50=float(found[2]), p95=float(found[3]))
