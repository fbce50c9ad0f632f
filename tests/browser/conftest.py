"""The demo on the running service, and where pictures of its screens go."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from menu_pages.demo.loading import OWNER, PASSWORD, load_places
from menu_pages.models import PlacePage, Table
from tests.factories.kept_rows import KeptRows, keep_rows, put_back
from tests.factories.letters import post_office  # noqa: F401  (a fixture)

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"

Shoot = Callable[[Page, str], None]


class KeptDemo:
    """The demo, loaded as a first run of the product loads it once in a run of the tests: that takes seconds."""

    def __init__(self, pictures: Path) -> None:
        self.pictures = pictures
        self.rows: KeptRows | None = None

    def load(self, media: Path) -> list[PlacePage]:
        """Its places, in a database without any and an empty media folder."""
        if self.rows is None:
            load_places()
            self.rows = keep_rows()
            shutil.copytree(media, self.pictures)
        else:
            put_back(self.rows)
            shutil.copytree(self.pictures, media, dirs_exist_ok=True)
        return load_places()


@pytest.fixture
def queued_tasks() -> Iterator[None]:
    """Tasks wait in the queue, as they do beside a worker; the demo's pictures would take long in this process."""
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


@pytest.fixture(scope="session")
def kept_demo(tmp_path_factory: pytest.TempPathFactory) -> KeptDemo:
    """The demo as its first load in this run left it."""
    return KeptDemo(tmp_path_factory.mktemp("demo") / "media")


@pytest.fixture
def demo(site: LiveServer, media: Path, queued_tasks: None, kept_demo: KeptDemo) -> list[PlacePage]:
    """The demo's places with their menus, tables and people; the Russian one first."""
    return kept_demo.load(media)


@pytest.fixture
def table_link(demo: list[PlacePage], settings: LazySettings) -> str:
    """What the code of the Russian place's table 7 holds."""
    return Table.objects.get(place=demo[0], number=7).link(demo[0].slug)


@pytest.fixture
def desk(page: Page, demo: list[PlacePage]) -> Page:
    """The service desk of the Russian place, the owner signed in."""
    sign_in(page, reverse("desk:board", args=[demo[0].slug]))
    return page


def sign_in(page: Page, address: str) -> None:
    """Open an address that asks to sign in first, and sign in as the demo's owner."""
    page.goto(address)
    page.fill("input[name=login]", OWNER)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit] >> nth=-1")
    page.wait_for_url(f"**{address}")


@pytest.fixture
def shoot(tmp_path: Path) -> Shoot:
    """Take a picture of the screen; with SCREENSHOTS=1 the README's own are taken anew."""
    folder = SCREENSHOTS if os.environ.get("SCREENSHOTS") else tmp_path

    def take(page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready")
        page.screenshot(path=folder / f"{name}.png")

    return take
