"""What one request leaves behind for the next: caches, scopes, tasks."""

import inspect
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client

from accounts import scope
from menusite.celery import app
from tests.isolation.canaries import leaks_in
from tests.isolation.probing import ask, own_case
from tests.isolation.routes import ROUTES, Kind
from tests.isolation.world import MISSING_ID, Side, World

pytestmark = pytest.mark.isolation
WORDS_OF_SCRIPTS = ("wagtailadmin_javascript_catalog", "wagtail_modeladmin:javascript_catalog", "wagtailadmin_sprite")
SHARED = (Kind.ADMIN, Kind.LIST, Kind.DESK, Kind.ORGANISATION, Kind.PICTURE)


def test_what_is_kept_for_one_is_not_shown_to_the_next(world: World) -> None:
    """Both owners in one process, in turns: forms, querysets and caches live longer than a request."""
    turns = ((world.browser("owner"), world.a, world.b), (world.browser("other"), world.b, world.a))

    problems = [
        f"{url}: {leak}"
        for name, route in ROUTES.items()
        if route.kind in SHARED
        for browser, own, foreign in turns
        for url, leak in _leaks(browser, name, own, foreign)
    ]

    assert problems == []


def _leaks(browser: Client, name: str, own: Side, foreign: Side) -> Iterator[tuple[str, str]]:
    url = own_case(name, own).url
    yield from ((url, leak) for leak in leaks_in(ask(browser, "get", url), foreign.canaries))


def test_no_shared_cache_keeps_what_is_a_members(world: World) -> None:
    """A proxy that kept one member's page would give it to the next who asks for the address."""
    browser = world.browser("owner")

    kept = []
    for name, route in ROUTES.items():
        if route.kind not in (Kind.OPEN, Kind.GUEST) and name not in WORDS_OF_SCRIPTS:
            response = ask(browser, "get", own_case(name, world.a).url)
            private = {"private", "no-store"} & set(response.get("Cache-Control", "").replace(" ", "").split(","))
            if response.status_code == 200 and not private and "Cookie" not in response.get("Vary", ""):
                kept.append(name)

    assert kept == []


def tasks() -> dict[str, Any]:
    app.loader.import_default_modules()
    ours = ("accounts", "menu_pages", "orders", "analytics", "menusite")
    return {name: task for name, task in app.tasks.items() if name.split(".")[0] in ours}


def test_there_are_tasks() -> None:
    assert len(tasks()) > 5


@pytest.mark.parametrize("name", sorted(tasks()))
def test_every_task_says_whose_rows_it_reads(world: World, name: str) -> None:
    """A worker has no request that would say it; a task that forgot would fail on its first row."""
    task = tasks()[name]
    arguments = [MISSING_ID for _parameter in inspect.signature(task.run).parameters]

    with scope.no_scope():
        with suppress(ObjectDoesNotExist):
            task.run(*arguments)

        with pytest.raises(scope.ScopeNotSetError):
            scope.current_scope()


def test_a_request_leaves_no_scope_behind(world: World) -> None:
    with scope.no_scope():
        for browser in (world.browser("owner"), world.browser("anonymous")):
            for url in ("/admin/", "/admin/nowhere/", world.a.place.href):
                browser.get(url)

        with pytest.raises(scope.ScopeNotSetError):
            scope.current_scope()
