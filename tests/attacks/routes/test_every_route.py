"""Every route of the resolver: its headers, forms of other sites, and reading that changes nothing."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.attacks.header_checks import problems_of
from tests.isolation.probing import Writes, ask, own_case
from tests.isolation.routes import ROUTES
from tests.isolation.world import World

pytestmark = pytest.mark.attacks

# Views that take a form without a token, and why that forges nothing.
WITHOUT_A_TOKEN = {
    "billing:webhook": "the provider's server calls it; nothing it says is believed",
    "themes:preview": "answers a form with nothing",
    "themes:try": "answers a form with nothing",
    "weekly_letter": "the address itself is the token, and mail programs press the button",
}
# What reading writes, and says so.
NOTED = {
    "billing:back": "whoever comes back from paying has the provider asked how it ended",
    "desk:board": "an order that was shown at the desk counts as shown",
    "files:export": "the audit log tells who took data out",
    "organisation_chart_csv": "the audit log",
    "organisation_log:export": "the audit log",
    "place_chart_csv": "the audit log",
    "statistics:export": "the audit log",
    "statistics:table": "the audit log",
    "wagtailimages:edit": "Wagtail notes the size of a file whose size nobody had noted",
}
# What reading may write: who edits what right now, thumbnails, and what Wagtail remembers of a screen.
WRITTEN_BY_READING = (
    "orders_session",
    "wagtailadmin_editingsession",
    "wagtailadmin_formstate",
    "wagtailusers_userprofile",
    "wagtailcore_pagesubscription",
    "menu_pages_menurendition",
)


def test_every_route_for_everyone(world: World, request: pytest.FixtureRequest) -> None:
    """GET and POST of every route of the resolver, as a stranger and as the owner, who gets the pages behind them."""
    # Some addresses are read from a guest's session, whose cookie has another name behind TLS.
    addresses = {name: own_case(name, world.a).url for name in ROUTES}
    request.getfixturevalue("https")
    problems, seen = [], set()
    for role, method in (("anonymous", "get"), ("owner", "get"), ("owner", "post")):
        browser = world.browser(role)
        for name, address in addresses.items():
            response = ask(browser, method, address, secure=True)
            seen.add(response.status_code)
            problems += [f"{role} {method} {name}: {wrong}" for wrong in problems_of(response, name)]

    assert not problems, "\n".join(problems[:40])
    assert seen >= {200, 302, 303, 400, 403, 404, 405}


class Tables(Writes):
    """Notes what was written to, but for `WRITTEN_BY_READING`."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        reading = sql.lstrip().startswith((*self.READING, "WITH mine AS", "SET ", "DECLARE", "CLOSE", "FETCH"))
        if not reading and not any(f'"{table}"' in sql for table in WRITTEN_BY_READING):
            self.said.append(sql[:80])
        return execute(sql, params, many, context)


def try_out(browser: Client, method: str, url: str, **extra: Any) -> tuple[HttpResponse, list[str]]:
    """The answer and what was written, all of it taken back."""
    browser.raise_request_exception = False
    cookies, writes = browser.cookies.copy(), Tables()
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            response = getattr(browser, method)(url, **extra)
            if response.streaming:
                b"".join(response.streaming_content)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return response, writes.said


def test_no_route_takes_a_form_of_another_site(world: World) -> None:
    """With the owner's and the guest's cookies, as another site would make them send it."""
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "referer": "https://evil.example/"}
    owner, guest = world.browser("owner"), Client()
    owner.handler.enforce_csrf_checks = guest.handler.enforce_csrf_checks = True
    owner.cookies["csrftoken"] = "x" * 32
    guest.cookies = world.a.guest.client.cookies

    problems = []
    for name, route in ROUTES.items():
        browser = guest if route.kind.name == "GUEST" else owner
        for method in ("post", "delete"):
            response, written = try_out(browser, method, own_case(name, world.a).url, headers=foreign)
            taken = response.status_code not in (403, 404, 405) and name not in WITHOUT_A_TOKEN
            if taken or written:
                problems.append(f"{method} {name}: {response.status_code} {written[:2]}")

    assert not problems, "\n".join(problems)


def test_control_the_same_from_our_own_pages_is_taken(world: World) -> None:
    """What was refused above is refused for where it came from, not for what it said."""
    names = ("call", "organisation_people:withdraw")
    browsers = {"call": world.a.guest.client}

    written = {
        name: try_out(
            browsers.get(name) or world.browser("owner"),
            "post",
            own_case(name, world.a).url,
            data={"kind": "come", "sure": "yes"},
        )[1]
        for name in names
    }

    assert all(written.values()), written


def test_reading_changes_nothing(world: World) -> None:
    problems = []
    for role in ("owner", "guest", "waiter"):
        browser = world.browser(role)
        for name in ROUTES:
            _response, written = try_out(browser, "get", own_case(name, world.a).url)
            problems += [f"{role} {name}: {sql}" for sql in written[:1] if name not in NOTED]

    assert not problems, "\n".join(problems)
