"""A PostgreSQL of the test's own, with care for the disk, to be crashed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.faults.processes import database_url, free_port

PLACES = ("/usr/bin", "/usr/local", "/usr/lib/postgresql")
PATTERN = "**/initdb"
NEEDED = ("initdb", "pg_ctl", "pg_dump", "psql")


def binaries() -> Path:
    """The folder of the newest PostgreSQL here."""
    folders = [path.parent for place in PLACES for path in sorted(Path(place).glob(PATTERN))]
    whole = [folder for folder in folders if all((folder / name).exists() for name in NEEDED)]
    assert whole, "install postgresql: its initdb, pg_ctl, pg_dump and psql are needed"
    return whole[-1]


def as_postgres() -> list[str]:
    """What goes before a command of PostgreSQL's, which refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]


class OwnPostgresql:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.crashes = 0
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        self.start()

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        told = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        # Safe, and no larger than it has to be.
        told += " -c synchronous_commit=on -c max_connections=60 -c shared_buffers=32MB"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-t", "60", "-l", log, "-o", told, "start")

    def crash(self) -> None:
        """End it without a checkpoint and without a word, as a power cut does; it recovers at the next start."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")
        self.crashes += 1

    def take_over(self) -> None:
        """A copy of this test's database."""
        copied = self.folder / "copy.sql"
        with copied.open("wb") as file:
            subprocess.run([binaries() / "pg_dump", "--dbname", database_url()], stdout=file, check=True)
        loading = [binaries() / "psql", "-q", "--dbname", self.url, "-f", copied]
        subprocess.run(loading, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg2.connect(self.url) as line, line.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def _run(self, name: str, *told: str) -> None:
        # pg_ctl's server keeps its output open: a pipe would never end.
        subprocess.run([*as_postgres(), binaries() / name, *told], stdout=subprocess.DEVNULL, check=True, cwd="/")


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    folder = Path(tempfile.mkdtemp(prefix="menusite-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = None
    try:
        server = OwnPostgresql(folder)
        yield server
    finally:
        if server is not None:
            server.crash()
        shutil.rmtree(folder, ignore_errors=True)
