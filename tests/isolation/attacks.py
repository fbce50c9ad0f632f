"""What an owner who wants to know or to change too much would try; each attack says what it got."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from accounts.scope import ScopedManager, organisations
from tests.isolation.bodies import attacked
from tests.isolation.canaries import leaks_in
from tests.isolation.probing import ask, foreign_cases, foreign_problems, own_case, own_problems
from tests.isolation.routes import ROUTES, Kind
from tests.isolation.world import World

# An attempt is lazy: the control stops at the first problem.
Attempt = Callable[[Client, World], Iterator[str]]


def bulk_problems(browser: Client, world: World) -> Iterator[str]:
    """Bulk actions on another's pages and pictures, on «all», on the pages above several places."""
    a, b = world.a, world.b
    page_ids = (
        f"id={b.dish.pk}",
        f"id=all&childOf={b.category.pk}",
        f"id=all&childOf={a.place.get_parent().pk}",
        "id=all",
        f"id={a.dish.pk}&id={b.dish.pk}",
    )
    collection = b.place.record.collection_id
    picture_ids = (
        f"id={b.picture.pk}",
        "id=all",
        f"id=all&childOf={collection}",
        f"id={a.picture.pk}&id={b.picture.pk}",
    )
    yield from _bulk(browser, world, ("wagtailcore", "page"), ("delete", "move", "publish", "unpublish"), page_ids)
    actions = ("delete", "add_to_collection", "add_tags")
    yield from _bulk(browser, world, ("menu_pages", "menuimage"), actions, picture_ids)


def _bulk(
    browser: Client, world: World, model: tuple[str, str], actions: tuple[str, ...], queries: tuple[str, ...]
) -> Iterator[str]:
    own = {"chooser": world.a.category.pk, "collection": world.a.place.record.collection_id, "tags": "x"}
    for action in actions:
        for query in queries:
            url = f"{reverse('wagtail_bulk_action', args=[*model, action])}?{query}"
            yield from attacked(browser, url, world.b, {**own, "include_descendants": "on"})
            yield from (f"GET {url}: {leak}" for leak in leaks_in(ask(browser, "get", url), world.b.canaries))


def bulk_works(browser: Client, world: World) -> bool:
    """That a bulk action on one's own page is taken: a refusal of everything proves nothing."""
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    return ask(browser, "post", f"{url}?id={world.a.dish.pk}").status_code == 302


def chooser_problems(browser: Client, world: World) -> Iterator[str]:
    """Choosing where to move a page: from the top, from the page above all places, by search."""
    home = world.a.place.get_parent()
    addresses = (
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_choose_page") + "?page_type=menu_pages.categorypage,menu_pages.placepage",
        reverse("wagtailadmin_choose_page_child", args=[home.pk]),
        reverse("wagtailadmin_choose_page_child", args=[Page.get_first_root_node().pk]),
        reverse("wagtailadmin_choose_page_child", args=[world.b.place.pk]),
        reverse("wagtailadmin_choose_page_search") + "?q=house",
        reverse("wagtailimages_chooser:choose") + "?q=picture",
        reverse("wagtailadmin_api:pages:listing") + f"?child_of={home.pk}&for_explorer=1",
        reverse("wagtailadmin_api:pages:listing") + "?search=house&fields=*,owner,parent(*)",
        reverse("wagtailadmin_explore", args=[home.pk]),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_pages:search") + "?q=house",
    )
    for address in addresses:
        response = ask(browser, "get", address, follow=True)
        yield from (f"GET {address}: {leak}" for leak in leaks_in(response, world.b.canaries))
        if response.status_code >= 500:
            yield f"GET {address}: status {response.status_code}"


def start_problems(browser: Client, world: World) -> Iterator[str]:
    """Choosing a page, for a role that has no pages: where it would start is above everybody's."""
    yield from own_problems(browser, "manager", own_case("wagtailadmin_choose_page", world.a), world.b.canaries)


def closed_door_problems(browser: Client, world: World) -> Iterator[str]:
    """The admin, for a role that works at the desk alone."""
    for name, route in ROUTES.items():
        if route.kind in (Kind.ADMIN, Kind.PAGE, Kind.PICTURE, Kind.PLACE):
            yield from own_problems(browser, "waiter", own_case(name, world.a), world.b.canaries)


def double_problems(browser: Client, world: World) -> Iterator[str]:
    """Who owns A and works in B's kitchen has no more say in B's menu, people and money than a stranger."""
    kinds = (Kind.PAGE, Kind.PICTURE, Kind.PLACE, Kind.ORGANISATION, Kind.LIST, Kind.NOTHING, Kind.OPERATOR)
    for name, route in ROUTES.items():
        if route.kind in kinds and name != "home_return_dish":
            for pair in foreign_cases(name, world.a, world.b):
                yield from foreign_problems(browser, "double", pair, world.b)


def double_own_problems(browser: Client, world: World) -> Iterator[str]:
    """Their lists of A's pages, pictures and orders hold nothing of B's, whose kitchen they may see."""
    for name, route in ROUTES.items():
        # The home screen names what is out of stock in both: that is a kitchen's business.
        if route.kind in (Kind.ADMIN, Kind.PAGE, Kind.PICTURE, Kind.LIST) and name != "wagtailadmin_home":
            url = own_case(name, world.a).url
            yield from (f"double GET {url}: {leak}" for leak in leaks_in(ask(browser, "get", url), world.b.canaries))


def problems_of(*kinds: Kind) -> Attempt:
    """The other's things behind all routes of these kinds."""

    def attempt(browser: Client, world: World) -> Iterator[str]:
        for name, route in ROUTES.items():
            if route.kind in kinds:
                for pair in foreign_cases(name, world.a, world.b):
                    yield from foreign_problems(browser, "owner", pair, world.b)

    return attempt


def scoped_models() -> list[type[Any]]:
    return [model for model in apps.get_models() if isinstance(model._default_manager, ScopedManager)]


def scope_problems(world: World) -> Iterator[str]:
    """Rows of B that the default managers show within A's scope."""
    for model in scoped_models():
        with organisations([world.a.organisation.pk]):
            seen = set(model._default_manager.values_list("pk", flat=True)) & world.b.rows[model]
        if seen:
            yield f"{model._meta.label}: {sorted(seen, key=str)}"
