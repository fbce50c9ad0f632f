"""What an owner who wants to know too much would write into an address: another's ids, another's words."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from tests.isolation.canaries import leaks_in
from tests.isolation.probing import ask, own_case
from tests.isolation.routes import ROUTES, Kind
from tests.isolation.world import MISSING_ID, Side, World

WAGTAILS = (Kind.ADMIN, Kind.PAGE, Kind.PICTURE, Kind.LIST)
LISTING = (*WAGTAILS, Kind.PLACE, Kind.ORGANISATION, Kind.DESK)


def ids_in_queries(victim: Side) -> Iterator[tuple[str, str]]:
    """Queries with the keys under which Wagtail reads ids, with the victim's id and with one of nothing."""
    page, picture, collection = victim.dish.pk, victim.picture.pk, victim.place.record.collection_id
    for key in ("target_pages[]", "parent_page_id", "child_of", "descendant_of", "ancestor_of", "translation_of"):
        yield f"{key}={page}", f"{key}={MISSING_ID}"
    yield (
        f"id={page}&id={picture}&childOf={page}&collection_id={collection}&user={victim.owner.pk}",
        f"id={MISSING_ID}&childOf={MISSING_ID}&collection_id={MISSING_ID}&user={MISSING_ID}",
    )


def query_problems(browser: Client, world: World) -> Iterator[str]:
    """Every page of one's own asked with another's ids in its query."""
    for name, route in ROUTES.items():
        if route.kind in WAGTAILS:
            url = own_case(name, world.a).url
            for theirs, missing in ids_in_queries(world.b):
                yield from _query_leaks(browser, f"{url}?{theirs}", f"{url}?{missing}", world.b)


def _query_leaks(browser: Client, theirs: str, missing: str, victim: Side) -> Iterator[str]:
    """A list says how its filter reads, so only its words and its status are compared."""
    response = ask(browser, "get", theirs)
    yield from (f"GET {theirs}: {leak}" for leak in leaks_in(response, victim.canaries))
    if response.status_code != 404:
        expected = ask(browser, "get", missing).status_code
        if response.status_code != expected:
            yield f"GET {theirs}: answers {response.status_code} where a missing one answers {expected}"


def missing_problems(browser: Client, world: World) -> Iterator[str]:
    """Ids of nothing, where another's are refused: the same refusal."""
    url = own_case("wagtailadmin_explore", world.a).url
    for _theirs, missing in list(ids_in_queries(world.b))[:-1]:
        status = ask(browser, "get", f"{url}?{missing}").status_code
        if status != 404:
            yield f"GET {url}?{missing}: answers {status}"


def filter_problems(browser: Client, world: World) -> Iterator[str]:
    """Every list searched by a word that both sides' texts hold, and narrowed by what is another's."""
    b = world.b
    queries: tuple[dict[str, Any], ...] = (
        {"q": "broth", "search_all": 1, "p": 1},
        {"q": "house", "search_all": 1, "ordering": "-latest_revision_created_at"},
        {
            "tag": f"{b.word} tag",
            "owner": b.owner.pk,
            "edited_by": b.owner.pk,
            "user": b.owner.pk,
            "collection_id": b.place.record.collection_id,
            "place": b.place.slug,
            "place__slug": b.place.slug,
            "who": b.owner.email,
            "visit": b.order.visit_id,
            "at": b.dish.menu_path,
            "next": b.place.href,
        },
    )
    for name, route in ROUTES.items():
        if route.kind in LISTING:
            url = own_case(name, world.a).url
            for query in queries if route.kind in WAGTAILS else queries[-1:]:
                response = ask(browser, "get", url, query)
                leaks = leaks_in(response, b.canaries, asked=[str(value) for value in query.values()])
                leaks += [f"status {response.status_code}"] if response.status_code >= 500 else []
                yield from (f"GET {url} {query}: {leak}" for leak in leaks)


def lists_problems(browser: Client, world: World) -> Iterator[str]:
    """Lists of one's own pages and pictures, with all that their filters offer."""
    names = (
        "wagtailadmin_explore",
        "wagtailadmin_pages:history",
        "wagtailimages:index",
        "wagtailimages_chooser:choose",
    )
    for name in names:
        url = own_case(name, world.a).url
        yield from (f"GET {url}: {leak}" for leak in leaks_in(ask(browser, "get", url), world.b.canaries))
