"""Every route of the resolver, for every role, with one's own things, another's and none."""

import pytest

from tests.isolation.probing import (
    ask,
    foreign_cases,
    foreign_problems,
    own_case,
    own_problems,
    refusal_of,
    report,
    sides,
)
from tests.isolation.resolver import all_routes
from tests.isolation.routes import ROLES, ROUTES
from tests.isolation.world import World

pytestmark = pytest.mark.isolation


def test_every_route_is_classified() -> None:
    names = all_routes()
    routes = set(names)

    assert sorted(name for name in routes if names.count(name) > 1) == [], (
        "One of two routes of a name is not attacked."
    )
    assert sorted(routes - set(ROUTES)) == [], "Say in tests/isolation/routes.py what these routes are."
    assert sorted(set(ROUTES) - routes) == [], "These routes are gone; take them out of tests/isolation/routes.py."


@pytest.mark.parametrize("role", ROLES)
def test_ones_own(world: World, role: str) -> None:
    own, foreign = sides(world, role)
    browser = world.browser(role)

    problems = [
        problem
        for name, route in ROUTES.items()
        for problem in own_problems(browser, role, own_case(name, own), () if role == "operator" else foreign.canaries)
    ]

    assert not problems, report(problems)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [role for role in ROLES if role != "operator"])
def test_anothers_is_as_if_it_did_not_exist(world: World, role: str, method: str) -> None:
    own, foreign = sides(world, role)
    browser = world.browser(role)

    problems = [
        problem
        for name, route in ROUTES.items()
        if not route.is_public
        for pair in foreign_cases(name, own, foreign, role)
        for problem in foreign_problems(browser, role, pair, foreign, method)
    ]

    assert not problems, report(problems)


@pytest.mark.parametrize("method", ["head", "options", "put", "patch", "delete"])
def test_other_methods_say_no_more(world: World, method: str) -> None:
    browser = world.browser("owner")
    refusal = refusal_of(browser, method)

    problems = [
        problem
        for name, route in ROUTES.items()
        if not route.is_public
        for pair in foreign_cases(name, world.a, world.b)
        for problem in foreign_problems(browser, "owner", pair, world.b, method, refusal=refusal)
    ]

    assert not problems, report(problems)


HEADERS = (
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_HX_REQUEST": "true", "HTTP_ACCEPT": "application/json"},
    {
        "HTTP_X_FRAGMENT": "board",
        "HTTP_IF_NONE_MATCH": "*",
        "HTTP_IF_MODIFIED_SINCE": "Wed, 01 Jan 2031 00:00:00 GMT",
        "HTTP_RANGE": "bytes=0-10",
        # What some servers take for the real address or method.
        "HTTP_X_HTTP_METHOD_OVERRIDE": "GET",
        "HTTP_X_ORIGINAL_URL": "/admin/",
        "HTTP_X_REWRITE_URL": "/admin/",
        "HTTP_X_FORWARDED_PREFIX": "/admin",
    },
)


@pytest.mark.parametrize("headers", HEADERS, ids=["by a script", "by a proxy"])
def test_headers_open_nothing(world: World, headers: dict[str, str]) -> None:
    browser = world.browser("owner")
    browser.defaults |= headers
    refusal = refusal_of(browser)

    problems = [
        problem
        for name, route in ROUTES.items()
        if not route.is_public
        for pair in foreign_cases(name, world.a, world.b)
        for problem in foreign_problems(browser, "owner", pair, world.b, refusal=refusal)
    ]

    assert not problems, report(problems)


def test_signing_in_again_leads_to_nothing_of_anothers(world: World) -> None:
    """`?next=` may name anything; what it leads to is asked for with the rights of who signs in."""
    browser = world.browser("owner")

    for case, _missing in foreign_cases("wagtailadmin_pages:edit", world.a, world.b):
        response = ask(browser, "get", "/accounts/login/", {"next": case.url}, follow=True)

        assert response.status_code == 404
        assert world.b.word not in response.content.decode().lower()
