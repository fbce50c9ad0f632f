"""What the matrix is tried on: a place with its people, the product's own web server, and proxies between it and all
it needs. Started once for all cells."""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import make_category, make_dish, make_place, table_of
from tests.factories.people import PASSWORD, make_member, make_user, signed_in
from tests.faults.matrix.browsing import Browser
from tests.faults.own_redis import OwnRedis
from tests.faults.processes import ROOT, Killable, database_url, environment, free_port, killable, wait_for
from tests.faults.proxy import FaultProxy, fault_proxy

TABLES = 200


class Hand:
    """The worker's jobs, done when they are asked for."""

    def __init__(self, parent: "subprocess.Popen[str]") -> None:
        self.parent = parent
        self.pid = 0

    def begin(self, *job: str) -> None:
        assert self.parent.stdin is not None
        self.parent.stdin.write(" ".join(job) + "\n")
        self.parent.stdin.flush()
        self.pid = self._number()

    def end(self) -> int:
        """The exit status of what was begun; 9 below nothing for what was killed."""
        return os.waitstatus_to_exitcode(self._number())

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def do(self, *job: str) -> int:
        self.begin(*job)
        return self.end()

    def _number(self) -> int:
        assert self.parent.stdout is not None
        return int(self.parent.stdout.readline())


class World:
    """The cast, the processes and the proxies."""

    web_pid: int
    port: int
    killable_port: int
    killable_web: Killable
    hand: Hand

    def __init__(self, media: Path) -> None:
        self.media = media
        self.alice = make_user("alice@example.com")
        self.place: PlacePage = make_place(self.alice, "Teahouse", tables=TABLES)
        self.place.record.max_unconfirmed_by_table = 100
        self.place.record.save()
        self.dish: DishPage = make_dish(make_category(self.place, "Soups"), "Borshch", "390.00")
        self.charlie: User = make_member("charlie@example.com", self.place.record.organisation, Role.WAITER)
        # As the served product hashes; tests hash faster.
        hasher = PBKDF2PasswordHasher()
        User.objects.filter(pk=self.charlie.pk).update(password=hasher.encode(PASSWORD, hasher.salt()))
        self.charlie.refresh_from_db()
        self.tables = iter(range(1, TABLES + 1))
        self.proxies: dict[str, FaultProxy] = {}
        self.said: deque[str] = deque(maxlen=200)

    def guest(self) -> Guest:
        """A guest at a table of their own."""
        return guest_at(table_of(self.place, next(self.tables)))

    def browser_of(self, who: Guest | User, *, on_killable: bool = False) -> Browser:
        client = who.client if isinstance(who, Guest) else signed_in(who)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.browser({settings.SESSION_COOKIE_NAME: key}, on_killable=on_killable)

    def browser(self, cookies: dict[str, str] | None = None, *, on_killable: bool = False) -> Browser:
        return Browser(self.killable_port if on_killable else self.port, cookies, again=on_killable)

    def wait_until_well(self) -> None:
        """Return when the web server has its database and its cache again."""

        def well() -> bool:
            found = self.browser().get("/readyz")
            return found.status == 200 and '"cache": "ok"' in found.text

        assert wait_for(well, 30), "\n".join(self.said)

    def wait_for_a_lock(self) -> None:
        """Return when another process waits for a lock on a table of this test's database."""

        def somebody_waits() -> bool:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                    " WHERE NOT granted AND datname = current_database()"
                )
                return bool(cursor.fetchone()[0])

        assert wait_for(somebody_waits, 30)

    @contextmanager
    def disk(self, state: str) -> Iterator[None]:
        if state == "full":
            with no_room_for(self.web_pid), no_room_for(self.hand.parent.pid):
                yield
            return
        aside = self.media.with_name("media-aside")
        self.media.rename(aside)
        self.media.write_bytes(b"")
        try:
            yield
        finally:
            self.media.unlink()
            aside.rename(self.media)


@contextmanager
def no_room_for(pid: int) -> Iterator[None]:
    """No file of this process may grow: what a full disk is for it."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def port_of_database() -> int:
    return urlsplit(database_url()).port or 5432


def through(url: str, proxy: FaultProxy) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{proxy.port}").geturl()


@contextmanager
def running(folder: Path) -> Iterator[World]:
    media = folder / "media"
    media.mkdir()
    world = World(media)
    redis = OwnRedis(folder)
    with ExitStack() as stack:
        stack.callback(redis.stop)
        for name, target in (("cache", redis.port), ("broker", redis.port), ("postgresql", port_of_database())):
            world.proxies[name] = stack.enter_context(fault_proxy(target))
        told = {
            "DATABASE_URL": through(database_url(), world.proxies["postgresql"]),
            "CACHE_URL": f"redis://127.0.0.1:{world.proxies['cache'].port}/1",
            "BROKER_URL": f"redis://127.0.0.1:{world.proxies['broker'].port}/0",
            "EMAIL_URL": "memorymail://",
            "MEDIA_ROOT": str(media),
        }
        world.port, world.killable_port = free_port(), free_port()
        world.killable_web = stack.enter_context(killable("web", str(world.killable_port), **told))
        by_hand = stack.enter_context(killable_parent("hand", "-", **told))
        world.hand = Hand(by_hand)
        web = stack.enter_context(web_server(world, told))
        assert wait_for(lambda: web_answers(world), 60), "\n".join(world.said)
        (child,) = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
        world.web_pid = int(child)
        # A menu that somebody has read: only such a one is kept.
        assert world.browser().get("/teahouse/").status == 200
        yield world


def web_answers(world: World) -> bool:
    try:
        return world.browser().get("/healthz").status == 200
    except OSError:
        return False


@contextmanager
def web_server(world: World, told: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """The product's own web server, as `make run` starts it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "menusite.web", "127.0.0.1", str(world.port)],
        cwd=ROOT,
        env=environment(SITE_URL=f"http://127.0.0.1:{world.port}", **told),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    threading.Thread(target=world.said.extend, args=(process.stdout,), daemon=True).start()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def killable_parent(*arguments: str, **told: str) -> Iterator["subprocess.Popen[str]"]:
    with killable(*arguments, born=False, **told) as process:
        yield process.parent
