"""Chromium for browser tests: a phone, with JavaScript and without, and a desktop, watched for what no page may do."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.db import DEFAULT_DB_ALIAS, connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_HINT = "needs Chromium: apt-get install chromium, or set CHROMIUM to its path"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
# A machine may be busy with other things: who waits long sees a failure late, who waits briefly sees one that is none.
WAIT_MILLISECONDS = 30_000

NewPage = Callable[..., Page]


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, or None."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES) if name)
    return next((path for path in found if path), None)


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Chromium, one for the whole run; each page has a context of its own in it."""
    path = find_chromium()
    if path is None:
        pytest.skip(CHROMIUM_HINT)
    # Playwright keeps an event loop in the test's thread, which makes Django refuse the ORM calls beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=WAIT_MILLISECONDS)
    database = connections[DEFAULT_DB_ALIAS]
    with sync_playwright() as playwright:
        # Beside an event loop Django opens a second connection, which knows nothing of the rows kept from migrations.
        connections[DEFAULT_DB_ALIAS] = database
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(live_server: LiveServer, settings: LazySettings) -> LiveServer:
    """The running service; links that it makes (a table's code, a letter) lead to it."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server


@pytest.fixture
def offences() -> list[str]:
    """What the test's pages did and no page may: a script error, a breach of the policy, a request to a stranger."""
    return []


@pytest.fixture
def new_page(browser: Browser, site: LiveServer, offences: list[str]) -> Iterator[NewPage]:
    """Make a page in a browser of its own, as another person has: `new_page(**PHONE)`.

    Relative addresses lead to the service. The test fails when a page offended (see `offences`).
    """
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(base_url=site.url, locale="en-GB", **options)
        context.set_default_timeout(WAIT_MILLISECONDS)
        contexts.append(context)
        context.on("weberror", lambda error: offences.append(f"script error: {error.error}"))
        context.on("console", lambda message: _note_policy_breach(message, offences))
        context.on("request", lambda request: _note_stranger(request, site.url, offences))
        return context.new_page()

    yield make
    for context in contexts:
        for open_page in context.pages:
            _leave_without_a_word(open_page)
        context.close()
    assert offences == []


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A guest's phone."""
    return new_page(**PHONE)


@pytest.fixture
def phone_without_js(new_page: NewPage) -> Page:
    """A guest's phone with JavaScript off."""
    return new_page(**PHONE, java_script_enabled=False)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The computer of a moderator or of the staff."""
    return new_page(**DESKTOP)


def _leave_without_a_word(page: Page) -> None:
    """A page that is closed says goodbye to a service whose tables are being emptied by then: not this one."""
    forget = "document.querySelectorAll('[data-leave]').forEach((part) => delete part.dataset.leave)"
    try:
        page.evaluate(forget)
    except Error:
        # It was just being closed, or the next page was just coming: that is the one that would speak.
        if not page.is_closed():
            page.wait_for_load_state()
            page.evaluate(forget)


def _note_policy_breach(message: ConsoleMessage, offences: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        offences.append(message.text)


def _note_stranger(request: Request, own: str, offences: list[str]) -> None:
    address = urlsplit(request.url)
    if address.scheme in ("http", "https") and address.netloc != urlsplit(own).netloc:
        offences.append(f"request to a stranger: {request.url}")
