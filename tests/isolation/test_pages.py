"""Pages beside their routes: who else edits them, what refers to them, old tokens, previews, lookups, spellings."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.blocks import Block
from wagtail.models import Page, ReferenceIndex

from menu_pages.board.changing import Edit, undo_token
from tests.isolation.bodies import attacked
from tests.isolation.canaries import leaks_in
from tests.isolation.probing import answer, ask, attack
from tests.isolation.routes import ROUTES, Kind
from tests.isolation.world import MISSING_ID, World

pytestmark = pytest.mark.isolation


@pytest.mark.parametrize(
    "label",
    [
        "menu_pages.dishpage",
        "menu_pages.menuimage",
        "accounts.user",
        "accounts.organisation",
        "auth.group",
        "wagtailcore.collection",
        "wagtailcore.site",
        "orders.order",
        "nothing.atall",
    ],
)
def test_nothing_but_pages_is_edited_together(world: World, label: str) -> None:
    """Wagtail's view takes any model's name; even a thing of one's own is not found under one that is not a page's."""
    app, model = label.split(".")
    browser = world.browser("owner")
    ids = {world.a.dish.pk, world.a.picture.pk, world.a.organisation.pk, world.b.picture.pk, MISSING_ID}

    answers = {
        ask(browser, "post", reverse("wagtailadmin_editing_sessions:ping", args=[app, model, pk, 1])).status_code
        for pk in ids
    }

    assert answers == {404}


def test_ones_own_page_is_edited_together(world: World) -> None:
    url = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", world.a.dish.pk, MISSING_ID])

    response = ask(world.browser("editor"), "post", url)

    assert [other["user"] for other in response.json()["other_sessions"]] == [str(world.a.owner)]


def test_samples_of_blocks_are_nobodys(world: World) -> None:
    """Each block is drawn with what it would begin with."""
    browser, url = world.browser("owner"), reverse("wagtailadmin_block_preview")

    answers = [ask(browser, "get", url, {"id": block_id}) for block_id in Block.definition_registry]

    assert {response.status_code for response in answers} == {200}
    assert [leak for response in answers for leak in leaks_in(response, world.b.canaries)] == []


@pytest.mark.parametrize("address", ["/admin/pages/{}/usage/", "/admin/pages/{}/delete/", "/admin/pages/{}/edit/"])
def test_what_refers_to_a_page_is_not_named(world: World, address: str) -> None:
    """Even if another's page came to refer to one's own."""
    page_type = ContentType.objects.get_for_model(Page)
    ReferenceIndex.objects.create(
        base_content_type=page_type,
        content_type=world.b.dish.cached_content_type,
        object_id=str(world.b.dish.pk),
        to_content_type=page_type,
        to_object_id=str(world.a.dish.pk),
        model_path="picture",
        content_path="picture",
        content_path_hash="6f1ed002ab5595859014ebf0951522d9",
    )

    response = ask(world.browser("owner"), "get", address.format(world.a.dish.pk))

    assert response.status_code == 200
    assert leaks_in(response, world.b.canaries) == []


def test_anothers_undo_undoes_nothing_here(world: World) -> None:
    """The token is signed, not secret: a page of the other's in it is looked for in the place that was asked."""
    token = undo_token(Edit(world.b.dish, {"price": Decimal(1)}, {"price": world.b.dish.price}))
    url = reverse("board:undo", args=[world.a.place.slug])
    browser = world.browser("owner")

    response, changed = attack(browser, "post", url, world.b, {"page": world.a.dish.pk, "token": token})

    assert response.status_code == 404
    assert changed == []
    assert leaks_in(response, world.b.canaries) == []


@pytest.mark.parametrize("area", ["preview", "preview_of_basket"])
def test_a_walk_through_a_theme_stays_in_the_place(world: World, area: str) -> None:
    start = reverse("themes:preview", args=[world.a.place.slug, "classic", ""])
    b = world.b
    paths = {
        "preview": [f"{b.category.slug}/", f"{b.dish.menu_path}/", f"../{b.place.slug}/", f"{b.place.slug}/"],
        "preview_of_basket": [f"orders/{b.order.public_id}/", f"{b.place.slug}/basket/", f"basket/{b.dish.menu_path}"],
    }

    for path in paths[area]:
        response = ask(world.browser("owner"), "get", start + path)

        assert leaks_in(response, b.canaries, asked=[start + path]) == [], path


# Paths of lookups from what lists show to what they must not, the other's value first, then one of the same length.
def guesses(world: World) -> list[tuple[str, str]]:
    mail, nobody = world.b.owner.email, "x" * len(world.b.owner.email)
    words = (world.b.word, "x" * len(world.b.word))
    lookups = {
        "place__record__organisation__memberships__user__email": (mail, nobody),
        "place__locale__page__title__icontains": words,
        "visit__place__slug__startswith": words,
        "lines__page__owner__email": (mail, nobody),
        "uploaded_by_user__email": (mail, nobody),
        "collection__group_permissions__group__name__icontains": words,
        "owner__email": (mail, nobody),
        "locked_by__email": (mail, nobody),
        "latest_revision__user__email": (mail, nobody),
        "search": words,
        "q": words,
    }
    return [(f"{key}={theirs}", f"{key}={nothing}") for key, (theirs, nothing) in lookups.items()]


# When a page was changed, as its list says: that moves on between two questions.
AGO = re.compile(r"just now|\d+\s(second|minute|hour)s?(, \d+\s(second|minute)s?)? ago", re.IGNORECASE)
LISTS = (
    "orders_order_modeladmin_index",
    "orders_basketline_modeladmin_index",
    "wagtailimages:index",
    "wagtailimages_chooser:choose_results",
    "wagtailadmin_pages:search_results",
    "wagtailadmin_api:pages:listing",
)


@pytest.mark.parametrize("name", LISTS)
def test_no_lookup_spells_out_what_is_anothers(world: World, name: str) -> None:
    """A list that answers otherwise to a right guess than to a wrong one tells, letter by letter, what it does not
    show."""
    assert ROUTES[name].kind in (Kind.LIST, Kind.ADMIN)
    browser, url = world.browser("owner"), reverse(name)

    for right, wrong in guesses(world):
        answers = [_without(ask(browser, "get", f"{url}?{query}"), url, query) for query in (right, wrong)]

        assert answers[0] == answers[1], right


def _without(response: Any, url: str, query: str) -> tuple[int, str, str]:
    status, location, body = answer(response, url)
    text = body.decode()
    value = query.partition("=")[2]
    for written in (value, value.replace("@", "%40"), value.replace("@", "%2540")):
        text, location = text.replace(written, ""), location.replace(written, "")
    return status, location, AGO.sub("", text)


@pytest.mark.parametrize("ordering", ["owner__email", "owner__password", "-locked_by__email", "latest_revision__user"])
def test_no_order_sorts_by_what_is_anothers(world: World, ordering: str) -> None:
    browser = world.browser("owner")
    plain = reverse("wagtailadmin_explore", args=[world.a.category.pk])

    for url in (plain, reverse("wagtailimages:index"), reverse("wagtailadmin_pages:search")):
        answers = [ask(browser, "get", f"{url}?ordering={key}") for key in (ordering, "x" * len(ordering))]

        assert answers[0].status_code == answers[1].status_code == 200
        assert _titles(answers[0]) == _titles(answers[1])


def _titles(response: Any) -> list[str]:
    return [str(row) for row in response.context["object_list"]]


SPELLINGS = (
    "//admin/pages/{}/edit/",
    "/admin//pages/{}/edit/",
    "/%61dmin/pages/{}/edit/",
    "/./admin/pages/{}/edit/",
    "/x/../admin/pages/{}/edit/",
    "/ADMIN/pages/{}/edit/",
    "/admin/pages/{}/edit/;x",
    "/admin/pages/{}/edit/%00",
    "/admin/pages/0{}/edit/",
    "/admin/pages/{}/edit",
    "/admin/login/../pages/{}/edit/",
    "/admin/logout/pages/{}/edit/",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_an_address_passes_the_gate(world: World, spelling: str) -> None:
    browser: Client = world.browser("owner")

    response = ask(browser, "get", spelling.format(world.b.dish.pk), follow=True)

    assert response.status_code == 404
    assert leaks_in(response, world.b.canaries) == []


def test_numbers_of_other_scripts_are_no_ids(world: World) -> None:
    """`int()` reads them; an address with them is not one of ours."""
    arabic = str(world.b.dish.pk).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    browser = world.browser("owner")
    home = reverse("wagtailadmin_pages:edit", args=[world.a.dish.pk])

    for url in (f"/admin/pages/{arabic}/edit/", f"{home}?child_of={arabic}", f"/admin/orders/order/inspect/{arabic}/"):
        assert ask(browser, "get", url).status_code == 404, url


def test_what_is_moved_or_copied_stays_among_ones_own(world: World) -> None:
    """One's own page into another's tree, and pages of both in one request."""
    a, b = world.a, world.b
    browser = world.browser("owner")
    move = reverse("wagtailadmin_pages:move_confirm", args=[a.dish.pk, b.category.pk])
    copy = reverse("wagtailadmin_pages:copy", args=[a.dish.pk])
    form = {"new_title": "Copy", "new_slug": "copy", "copy_subpages": "on", "publish_copies": "on", "alias": "on"}

    problems = [
        *attacked(browser, move, b, {}),
        *attacked(browser, copy, b, {**form, "new_parent_page": b.category.pk}),
        *attacked(browser, copy, b, {**form, "new_parent_page": [a.category.pk, b.category.pk]}),
        *attacked(browser, copy, b, {**form, "new_parent_page": a.place.get_parent().pk}),
    ]

    assert problems == []


def test_ones_own_copy_is_made(world: World) -> None:
    form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": world.a.category.pk}
    url = reverse("wagtailadmin_pages:copy", args=[world.a.dish.pk])

    assert ask(world.browser("owner"), "post", url, form).status_code == 302
