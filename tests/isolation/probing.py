"""Asking in somebody's name: what an address is made of, what an answer says, what it left in the database."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.admin.models import EditingSession
from wagtail.models import Site, UploadedFile

from accounts.billing.models import Invoice, Payment
from accounts.models import Invitation
from menu_pages.models import BulkChange, MenuImport
from orders.models import BasketLine, OrderImport, Rating, Session, Station, WaiterCall, Webhook
from tests.isolation.canaries import fingerprint, leaks_in
from tests.isolation.routes import ROUTES, Route
from tests.isolation.world import MISSING_ID, MISSING_SLUG, MISSING_UUID, Side, World

# What an argument of an address may name: whose it is, and what stands for nothing.
OBJECTS: dict[str, tuple[Callable[[Side], Any], Any]] = {
    "place": (lambda side: side.place.slug, MISSING_SLUG),
    "place_path": (lambda side: f"{side.place.slug}/", f"{MISSING_SLUG}/"),
    "organisation": (lambda side: side.organisation.slug, MISSING_SLUG),
    "dish": (lambda side: side.dish.pk, MISSING_ID),
    "category": (lambda side: side.category.pk, MISSING_ID),
    "revision": (lambda side: side.revision.pk, MISSING_ID),
    "picture": (lambda side: side.picture.pk, MISSING_ID),
    "upload": (lambda side: side.one(UploadedFile).pk, MISSING_ID),
    "session": (lambda side: side.one(EditingSession).pk, MISSING_ID),
    "order": (lambda side: side.order.public_id, MISSING_SLUG),
    "order_pk": (lambda side: side.order.pk, MISSING_ID),
    "station": (lambda side: side.one(Station).public_id, MISSING_SLUG),
    "webhook": (lambda side: side.one(Webhook).public_id, MISSING_SLUG),
    "line_pk": (lambda side: side.one(BasketLine).pk, MISSING_ID),
    "visit": (lambda side: side.guest.visit.public_id, MISSING_SLUG),
    "call": (lambda side: side.one(WaiterCall).public_id, MISSING_SLUG),
    "call_pk": (lambda side: side.one(WaiterCall).pk, MISSING_ID),
    "rating_pk": (lambda side: side.one(Rating).pk, MISSING_ID),
    "import": (lambda side: side.one(MenuImport).public_id, MISSING_UUID),
    "order_import": (lambda side: side.one(OrderImport).public_id, MISSING_UUID),
    "bulk": (lambda side: side.one(BulkChange).public_id, MISSING_UUID),
    "invitation": (lambda side: side.one(Invitation).public_id, MISSING_SLUG),
    "invoice": (lambda side: side.one(Invoice).public_id, MISSING_SLUG),
    "payment": (lambda side: side.one(Payment).public_id, MISSING_SLUG),
    "user": (lambda side: side.owner.pk, MISSING_ID),
    "site": (lambda _side: Site.objects.get().pk, MISSING_ID),
}
# One-time tokens, and the numbers of sessions that the question itself began.
CHANGING = re.compile(
    rb'(csrfmiddlewaretoken" value=|CSRF_TOKEN": )"[A-Za-z0-9]+"|nonce="[^"]+"|"session_id": \d+|editing-sessions/[^"]+'
)


Answer = tuple[int, str, bytes]


@dataclass(frozen=True)
class Case:
    name: str
    route: Route
    url: str

    def __str__(self) -> str:
        return f"{self.name} {self.url}"


def own_case(name: str, side: Side) -> Case:
    return Case(name, ROUTES[name], _address(name, lambda what: OBJECTS[what][0](side)))


def foreign_cases(name: str, own: Side, foreign: Side, role: str = "owner") -> Iterator[tuple[Case, Case]]:
    """The route with one or more of its things taken from the other side, and the same with things that are not.

    To a role that finds nothing at all behind the route, all of them together are enough. A guest's thing is looked for
    at both places: that a place is there everybody may know.
    """
    route = ROUTES[name]
    if route.private:
        yield _pair(name, own, foreign, ("public_id",))
        yield _pair(name, foreign, foreign, ("public_id",))
        return
    fewest = 1 if route.opens_for(role) else len(route.objects)
    for count in range(max(fewest, 1), len(route.objects) + 1):
        for taken in combinations(route.objects, count):
            yield _pair(name, own, foreign, taken)


def _pair(name: str, own: Side, foreign: Side, taken: tuple[str, ...]) -> tuple[Case, Case]:
    theirs = _mixed(name, own, taken, lambda what: OBJECTS[what][0](foreign))
    missing = _mixed(name, own, taken, lambda what: OBJECTS[what][1])
    return Case(name, ROUTES[name], theirs), Case(name, ROUTES[name], missing)


def _mixed(name: str, own: Side, taken: tuple[str, ...], value: Callable[[str], Any]) -> str:
    route = ROUTES[name]
    names = {
        argument: value(what) if argument in taken else OBJECTS[what][0](own)
        for argument, what in route.objects.items()
    }
    return _reverse(name, route, names)


def _address(name: str, value: Callable[[str], Any]) -> str:
    route = ROUTES[name]
    return _reverse(name, route, {argument: value(what) for argument, what in route.objects.items()})


def _reverse(name: str, route: Route, names: dict[str, Any]) -> str:
    if route.path:
        return route.path
    if "0" in names:
        return reverse(name, args=[names["0"]])
    return reverse(name, kwargs={**names, **route.given})


class Writes:
    """Notes whether anything but a session was written."""

    READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")

    def __init__(self) -> None:
        self.any = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.any |= not sql.lstrip().startswith(self.READING) and f'"{Session._meta.db_table}"' not in sql
        return execute(sql, params, many, context)


def ask(client: Client, method: str, url: str, data: Any = None, **extra: Any) -> HttpResponse:
    """The answer; whatever the request changed is taken back, in the database and in the browser."""
    return attack(client, method, url, None, data, **extra)[0]


def attack(
    client: Client, method: str, url: str, victim: Side | None, data: Any = None, **extra: Any
) -> tuple[HttpResponse, list[str]]:
    """The answer, and what the request changed of the victim's before it was taken back.

    The victim's rows are looked at only when something was written: that costs more than most requests do.
    """
    client.raise_request_exception = False
    cookies = client.cookies.copy()
    writes, after = Writes(), {}
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            response = getattr(client, method)(url, data or {}, **extra)
            if response.streaming:
                response.content_of_stream = b"".join(response.streaming_content)
                response.streaming_content = [response.content_of_stream]
        if victim and writes.any:
            after = fingerprint(victim.rows)
        transaction.set_rollback(True)
    client.cookies = cookies
    if not (after and victim):
        return response, []
    # What every attack is taken back to is looked at once a test.
    before = victim.before = victim.before or fingerprint(victim.rows)
    return response, [f"{part} changed" for part in before if before[part] != after[part]]


def answer(response: HttpResponse, url: str) -> Answer:
    """What the answer says, without the address that was asked for and without one-time tokens."""
    body = response.content_of_stream if response.streaming else response.content
    path = url.split("?")[0]
    location = response.headers.get("Location", "").replace(path, "")
    return response.status_code, location, CHANGING.sub(b"", body).replace(path.encode(), b"")


def is_closed(response: HttpResponse) -> bool:
    """Not found, sent to sign in, or sent home by Wagtail."""
    location = response.headers.get("Location", "")
    return response.status_code == 404 or location == "/admin/" or location.startswith("/accounts/login/")


def own_problems(client: Client, role: str, case: Case, canaries: Iterable[str]) -> list[str]:
    """What is wrong with the answer about one's own thing: broken, open to the wrong people, with another's words."""
    response = ask(client, "get", case.url)
    problems = [] if case.route.names_places else leaks_in(response, canaries)
    if response.status_code >= 500:
        problems.append(f"status {response.status_code}")
    opens = case.route.opens_for(role)
    if opens and is_closed(response) and not (case.route.may_be_missing or case.route.leads_away):
        problems.append(f"closed ({response.status_code}), and should be open")
    # A page that only takes POST says so before it looks at who asks, and for what.
    if not opens and not is_closed(response) and response.status_code != 405:
        problems.append(f"open ({response.status_code} {response.headers.get('Location', '')}), and should be closed")
    return [f"{role} GET {case}: {problem}" for problem in problems]


def foreign_problems(
    client: Client,
    role: str,
    pair: tuple[Case, Case],
    victim: Side,
    method: str = "get",
    *,
    refusal: Answer | None = None,
) -> list[str]:
    """What tells another's thing from one that is not there, and what asking for it changed.

    Where it is known that nothing is behind the missing address, `refusal` is what such an address answers.
    """
    case, missing = pair
    response, changed = attack(client, method, case.url, victim)
    # A place's own pages may say its name; whose order is looked for there, they may not.
    canaries = [canary for canary in victim.canaries if not (case.route.private and canary == victim.word)]
    problems = [*changed, *leaks_in(response, canaries, asked=[case.url])]
    there = answer(response, case.url)
    if not case.route.secret_address and there != refusal:
        nowhere = answer(ask(client, method, missing.url), missing.url)
        if there != nowhere:
            problems.append(f"answers {there[:2]} where a missing one answers {nowhere[:2]}")
    if response.status_code >= 500:
        problems.append(f"status {response.status_code}")
    return [f"{role} {method.upper()} {case}: {problem}" for problem in problems]


def refusal_of(client: Client, method: str = "get") -> Answer:
    """What an address without anything behind it answers."""
    return answer(ask(client, method, "/admin/nowhere/"), "/admin/nowhere/")


def sides(world: World, role: str) -> tuple[Side, Side]:
    """Own and foreign: the owner of B attacks A, everyone else belongs to A."""
    return (world.b, world.a) if role == "other" else (world.a, world.b)


def report(problems: list[str]) -> str:
    return f"{len(problems)} problems:\n" + "\n".join(problems[:60])
