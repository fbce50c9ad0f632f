"""The control: each guard is taken away, one at a time, and the attacks must see it. What nobody misses guards nothing.

Only here are our own checks patched, since taking them away is what is tested.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models
from django.test import Client
from wagtail import hooks
from wagtail.admin import filters as admin_filters
from wagtail.admin.models import popular_tags_for_model
from wagtail.admin.views.pages.listing import GenericPageFilterSet
from wagtail.images.views import chooser as image_chooser

from accounts import admin_gate, middleware, permissions
from accounts.models import Organisation, User
from accounts.scope import everyone
from menu_pages import admin_ids, editor_forms, own_pictures, page_lists
from menu_pages import permissions as place_permissions
from menu_pages import wagtail_hooks as menu_hooks
from orders import admin_lists
from orders.desk import pulse
from tests.isolation import attacks, bodies, queries
from tests.isolation.attacks import Attempt
from tests.isolation.routes import Kind
from tests.isolation.test_attacks import AS_DOUBLE, AS_OWNER
from tests.isolation.world import World

pytestmark = pytest.mark.isolation
Patch = pytest.MonkeyPatch


def the_list_of_routes(patch: Patch) -> None:
    patch.setattr(admin_gate, "is_allowed", lambda _view_name: True)


def the_right_to_enter(patch: Patch) -> None:
    patch.setattr(User, "has_perm", lambda _user, _permission, _of=None: True)


def a_check_of_ids(name: str) -> Callable[[Patch], None]:
    def off(patch: Patch) -> None:
        kept = [check for check in admin_gate._checks if check is not getattr(admin_ids, name)]
        assert len(kept) == len(admin_gate._checks) - 1
        patch.setattr(admin_gate, "_checks", kept)

    return off


def the_requests_scope(patch: Patch) -> None:
    patch.setattr(middleware, "organisations", lambda _ids: everyone())


def the_forms_limit(patch: Patch) -> None:
    patch.setattr(editor_forms, "offer_own_pictures", lambda _form: None)


def the_widgets_limit(patch: Patch) -> None:
    """The form still refuses the picture, and comes back with it."""
    patch.setattr(own_pictures.OwnPictureChooser, "get_instance", own_pictures.AdminImageChooser.get_instance)


def the_choosers_limit(patch: Patch) -> None:
    name = "construct_page_chooser_queryset"
    others = [(hook, order) for hook, order in hooks._hooks[name] if hook is not menu_hooks.own_pages_only]
    assert len(others) == len(hooks._hooks[name]) - 1
    patch.setitem(hooks._hooks, name, others)


def the_filters_limit(patch: Patch) -> None:
    for name in ("owner", "edited_by"):
        patch.setitem(page_lists.OwnPageFilterSet.base_filters, name, GenericPageFilterSet.base_filters[name])


def the_absence_of_tags(patch: Patch) -> None:
    patch.setattr(admin_filters, "popular_tags_for_model", popular_tags_for_model)
    patch.setattr(image_chooser, "popular_tags_for_model", popular_tags_for_model)


def the_readers_of_orders(patch: Patch) -> None:
    everybody = frozenset(Organisation._base_manager.values_list("pk", flat=True))
    patch.setattr(admin_lists, "readable_organisations", lambda _user, _readers: everybody)


def the_pulses_own_look(patch: Patch) -> None:
    look = pulse._look
    patch.setattr(pulse, "_look", lambda key, slug: {**(look(key, slug) or {}), "works_here": True})


def the_door_to_a_place(patch: Patch) -> None:
    patch.setattr(place_permissions, "may", lambda _user, _organisation_id, _capability: True)


def the_door_to_an_organisation(patch: Patch) -> None:
    patch.setattr(permissions, "may", lambda _user, _organisation_id, _capability: True)


ANOTHERS_THINGS = attacks.problems_of(Kind.PAGE, Kind.PICTURE, Kind.NOTHING, Kind.OPERATOR)
# What is taken away; who misses it, and at what.
GUARDS: dict[str, tuple[Callable[[Patch], None], Attempt, str]] = {
    "the list of routes": (the_list_of_routes, ANOTHERS_THINGS, "owner"),
    "the right to enter": (the_right_to_enter, attacks.closed_door_problems, "waiter"),
    "ids of pages": (a_check_of_ids("page_ids"), ANOTHERS_THINGS, "owner"),
    "ids of pictures": (a_check_of_ids("picture_ids"), attacks.double_problems, "double"),
    "ids of bulk actions": (a_check_of_ids("bulk_ids"), attacks.bulk_problems, "owner"),
    "where choosing starts": (a_check_of_ids("start_of_choosing"), attacks.start_problems, "manager"),
    "pictures a form takes": (the_forms_limit, bodies.picture_problems, "double"),
    "pictures a form shows": (the_widgets_limit, bodies.picture_problems, "double"),
    "pages the chooser offers": (the_choosers_limit, attacks.chooser_problems, "owner"),
    "filters by people": (the_filters_limit, queries.lists_problems, "owner"),
    "popular tags": (the_absence_of_tags, queries.lists_problems, "owner"),
    "who reads orders": (the_readers_of_orders, attacks.problems_of(Kind.LIST), "double"),
    "who feels the desk's pulse": (the_pulses_own_look, attacks.problems_of(Kind.DESK), "owner"),
    "the door to a place": (the_door_to_a_place, attacks.problems_of(Kind.PLACE), "owner"),
    "the door to the desk": (the_door_to_a_place, attacks.problems_of(Kind.DESK), "owner"),
    # A stranger's is not even found: the scope keeps it from who is in neither.
    "the door to an organisation": (the_door_to_an_organisation, attacks.problems_of(Kind.ORGANISATION), "double"),
}


# Each attempt once, but for those that `test_attacks` makes as they stand.
ATTEMPTS = [
    (attempt, role)
    for attempt, role in dict.fromkeys((attempt, role) for _off, attempt, role in GUARDS.values())
    if attempt not in {"owner": AS_OWNER, "double": AS_DOUBLE}.get(role, ())
]


@pytest.mark.parametrize("guard", GUARDS)
def test_the_attacks_see_when_it_is_missing(world: World, monkeypatch: Patch, guard: str) -> None:
    take_away, attempt, role = GUARDS[guard]
    take_away(monkeypatch)

    problems = attempt(world.browser(role), world)

    # A screen that breaks says nothing of what it would have shown.
    assert next((problem for problem in problems if "status 5" not in problem), None) is not None


@pytest.mark.parametrize(("attempt", "role"), ATTEMPTS)
def test_with_all_of_them_the_attacks_see_nothing(world: World, attempt: Attempt, role: str) -> None:
    assert list(attempt(world.browser(role), world)) == []


@pytest.mark.parametrize("model", attacks.scoped_models(), ids=lambda model: model._meta.label)
def test_each_models_scope_is_missed(world: World, monkeypatch: Patch, model: type[models.Model]) -> None:
    manager: Any = model._default_manager
    monkeypatch.setattr(manager, "get_queryset", lambda: manager._queryset_class(model, using=manager._db))

    problems = list(attacks.scope_problems(world))

    assert [problem.split(":")[0] for problem in problems] == [model._meta.label]


# A stranger's things are kept by two guards; each alone is enough, and with neither they are seen.
PAIRS: dict[str, tuple[Callable[[Patch], None], Attempt]] = {
    "pictures a form takes": (the_forms_limit, bodies.picture_problems),
    "who reads orders": (the_readers_of_orders, attacks.problems_of(Kind.LIST)),
    "the door to an organisation": (the_door_to_an_organisation, attacks.problems_of(Kind.ORGANISATION)),
}


@pytest.mark.parametrize("beside", PAIRS)
def test_the_requests_scope_is_missed_where_nothing_else_guards(world: World, monkeypatch: Patch, beside: str) -> None:
    take_away, attempt = PAIRS[beside]
    browser: Client = world.browser("owner")
    with monkeypatch.context() as patch:
        the_requests_scope(patch)
        without_the_scope = next(attempt(browser, world), None)
    take_away(monkeypatch)
    without_the_other = next(attempt(browser, world), None)
    the_requests_scope(monkeypatch)

    without_both = next(attempt(browser, world), None)

    assert (without_the_scope, without_the_other) == (None, None)
    assert without_both is not None


def test_the_owner_of_an_order_is_missed(world: World, monkeypatch: Patch) -> None:
    """An order's status belongs to the visit that sent it."""
    url = f"{world.b.place.href}orders/{world.b.order.public_id}/"
    browser = world.browser("guest")
    refused = browser.get(url).status_code
    monkeypatch.setattr("orders.service_views.state_of", lambda _request, _place: world.b.guest.state)

    shown = browser.get(url)

    assert refused == 404
    assert shown.status_code == 200
    assert world.b.word in shown.content.decode().lower()
