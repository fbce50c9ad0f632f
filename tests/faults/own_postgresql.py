"""A PostgreSQL of the test's own, with care for the disk, to be crashed; and another one that follows it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from tests.faults.processes import database_url, free_port, wait_for

PLACES = ("/usr/bin", "/usr/local", "/usr/lib/postgresql")
PATTERN = "**/initdb"
NEEDED = ("initdb", "pg_basebackup", "pg_ctl", "pg_dump", "psql")


def binaries() -> Path:
    """The folder of the newest PostgreSQL here."""
    folders = [path.parent for place in PLACES for path in sorted(Path(place).glob(PATTERN))]
    whole = [folder for folder in folders if all((folder / name).exists() for name in NEEDED)]
    assert whole, f"install postgresql: its {', '.join(NEEDED)} are needed"
    return whole[-1]


def as_postgres() -> list[str]:
    """What goes before a command of PostgreSQL's, which refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]


class OwnPostgresql:
    """`follows` is the server whose standby it is, until it is promoted."""

    def __init__(self, folder: Path, follows: "OwnPostgresql | None" = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.crashes = 0
        data = str(folder / "data")
        if follows is None:
            self._run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        else:
            from_it = ["-h", "127.0.0.1", "-p", str(follows.port), "-U", "postgres"]
            self._run("pg_basebackup", "-D", data, *from_it, "--write-recovery-conf", "--checkpoint", "fast")
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
        self.runs = True

    def crash(self) -> None:
        """End it without a checkpoint and without a word, as a power cut does; it recovers at the next start."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")
        self.crashes += 1
        self.runs = False

    def promote(self) -> None:
        """Let a standby become a server of its own; returns when it takes writes."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-t", "60", "promote")

    def wait_for_standby(self) -> None:
        """From now on a commit is confirmed when the standby has it, too; returns when that is so."""
        with closing(psycopg2.connect(self.url)) as line:
            line.autocommit = True
            with line.cursor() as cursor:
                cursor.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
                cursor.execute("SELECT pg_reload_conf()")
        assert self.comes_true("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")

    def take_over(self) -> None:
        """A copy of this test's database."""
        copied = self.folder / "copy.sql"
        with copied.open("wb") as file:
            subprocess.run([binaries() / "pg_dump", "--dbname", database_url()], stdout=file, check=True)
        loading = [binaries() / "psql", "-q", "--dbname", self.url, "-f", copied]
        subprocess.run(loading, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(psycopg2.connect(self.url)) as line, line, line.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def comes_true(self, count: str) -> bool:
        """Whether a question that counts something comes to an answer of 1 or more."""
        return wait_for(lambda: int(str(self.rows(count)[0][0])) > 0, 30)

    def _run(self, name: str, *told: str) -> None:
        # pg_ctl's server keeps its output open: a pipe would never end.
        subprocess.run([*as_postgres(), binaries() / name, *told], stdout=subprocess.DEVNULL, check=True, cwd="/")


@contextmanager
def own_postgresql(follows: OwnPostgresql | None = None) -> Iterator[OwnPostgresql]:
    folder = Path(tempfile.mkdtemp(prefix="menusite-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = None
    try:
        server = OwnPostgresql(folder, follows)
        yield server
    finally:
        if server is not None and server.runs:
            server.crash()
        shutil.rmtree(folder, ignore_errors=True)
