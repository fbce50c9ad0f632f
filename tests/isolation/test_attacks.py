"""Ids in queries and bodies, bulk actions, choosers, forms: nothing of the other's is read or changed."""

import pytest

from tests.isolation import attacks, bodies, queries
from tests.isolation.canaries import tenants_models
from tests.isolation.probing import report
from tests.isolation.world import World

pytestmark = pytest.mark.isolation

AS_OWNER = (
    queries.query_problems,
    queries.missing_problems,
    queries.filter_problems,
    attacks.bulk_problems,
    attacks.chooser_problems,
    bodies.picture_problems,
)
# Who owns A and works in B's kitchen.
AS_DOUBLE = (attacks.double_problems, attacks.double_own_problems, attacks.chooser_problems, bodies.picture_problems)


@pytest.mark.parametrize("attempt", AS_OWNER, ids=lambda attempt: attempt.__name__)
def test_an_owner_gets_nothing(world: World, attempt: attacks.Attempt) -> None:
    problems = list(attempt(world.browser("owner"), world))

    assert not problems, report(problems)


@pytest.mark.parametrize("role", ["owner", "manager", "waiter", "former", "guest"])
def test_bodies_change_nothing_of_anothers(world: World, role: str) -> None:
    problems = list(bodies.body_problems(world.browser(role), world, role))

    assert not problems, report(problems)


@pytest.mark.parametrize("attempt", AS_DOUBLE, ids=lambda a: a.__name__)
def test_working_in_anothers_kitchen_opens_no_more(world: World, attempt: attacks.Attempt) -> None:
    problems = list(attempt(world.browser("double"), world))

    assert not problems, report(problems)


@pytest.mark.parametrize("role", ["owner", "double"])
def test_ones_own_picture_is_taken(world: World, role: str) -> None:
    assert bodies.own_picture_is_taken(world.browser(role), world)


def test_ones_own_bulk_action_is_taken(world: World) -> None:
    assert attacks.bulk_works(world.browser("owner"), world)


def test_default_managers_show_ones_own_rows_only(world: World) -> None:
    assert list(attacks.scope_problems(world)) == []


# Models of an organisation without a scoped manager, and what keeps them instead.
UNSCOPED = {
    "accounts.Letter": "no screen shows it; sent and deleted by a task",
    "accounts.Registration": "read by its own user's sign-up alone",
    "accounts.User": "people belong to several organisations; found through memberships",
    "menu_pages.CategoryPage": "Wagtail's permissions, the gate and `place_or_404`",
    "menu_pages.DishPage": "Wagtail's permissions, the gate and `place_or_404`",
    "menu_pages.DishPicture": "read through its dish",
    "menu_pages.MenuImportPicture": "read through its import",
    "menu_pages.MenuRendition": "read through its picture",
    "menu_pages.PlacePage": "Wagtail's permissions, the gate and `place_or_404`",
}


def test_every_model_of_ours_is_scoped_or_says_what_keeps_it() -> None:
    ours = {
        model._meta.label
        for model in tenants_models()
        if model.__module__.split(".")[0] in ("accounts", "menu_pages", "orders", "analytics")
    }
    scoped = {model._meta.label for model in attacks.scoped_models()}

    assert sorted(ours - scoped - set(UNSCOPED)) == []
    assert sorted(set(UNSCOPED) & scoped) == []
