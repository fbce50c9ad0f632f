"""What an owner who wants to change too much would send: another's ids in forms, another's pictures on own pages."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from accounts.models import Membership
from menu_pages.models import Table
from orders.models import Station, WaiterCall
from tests.isolation.canaries import leaks_in
from tests.isolation.probing import ask, attack, own_case
from tests.isolation.routes import ROUTES, Kind
from tests.isolation.world import Side, World

# Their views read a whole form: an incomplete one is refused, or breaks, before its ids are looked at.
PAGE_FORMS = frozenset(
    f"wagtailadmin_pages:{name}" for name in ("add", "edit", "preview_on_add", "preview_on_edit", "revisions_revert")
)


def dish_form(**changes: Any) -> dict[str, Any]:
    data = {
        "title": "Axolotl broth",
        "slug": "axolotl-broth",
        "price": "10",
        "unit": "g",
        "pictures": inline_formset([]),
        "option_groups": streamfield([]),
        "action-publish": "publish",
    }
    return nested_form_data({**data, **changes})


def copy_form(world: World, **changes: Any) -> dict[str, Any]:
    form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": world.a.category.pk, "publish_copies": "on"}
    return {**form, **changes}


def bodies(world: World) -> list[dict[str, Any]]:
    """Another's ids under every name that a form of ours or of Wagtail's uses; what the gate looks at comes apart from
    the rest, which would otherwise never be reached."""
    a, b = world.a, world.b
    table, member = b.one(Table), b.one(Membership)
    return [
        {"new_parent_page": b.category.pk, "parent_page": b.category.pk, "chooser": b.category.pk},
        {
            **dict.fromkeys(("page", "dish", "before", "after", "id", "ids", "pk", "entry"), b.dish.pk),
            **dict.fromkeys(("picture", "logo", "cover", "image", "photo"), b.picture.pk),
            **dict.fromkeys(("membership", "user", "invitation"), member.pk),
            "member": b.staff["waiter"].email,
            "role": "editor",
            "sure": "yes",
            "organisation": b.organisation.pk,
            "place": b.place.pk,
            "place_slug": b.place.slug,
            "collection": b.place.record.collection_id,
            "order": b.order.public_id,
            "visit": b.order.visit_id,
            "table": table.pk,
            "key": table.key,
            "station": b.one(Station).public_id,
            "call": b.one(WaiterCall).public_id,
            "stop": b.dish.menu_path,
            "owner": b.owner.pk,
        },
        {"page": a.dish.pk, "to": b.category.pk, "before": b.dish.pk, "seen": "", "step": ""},
        {
            "parent": b.category.pk,
            "categories": [b.category.pk],
            "title": "New",
            "price": "1",
            "return": b.dish.menu_path,
            "email": b.owner.email,
            "role": "editor",
        },
        {"dish": [b.dish.pk, a.dish.pk], "action": "prices", "percent": "5", "rounding": "1"},
        {"dish": b.dish.menu_path, "line": "x", "quantity": "1", "idempotency_key": b.order.idempotency_key},
    ]


def body_problems(browser: Client, world: World, role: str) -> Iterator[str]:
    """Every page of one's own sent another's ids."""
    for name, route in ROUTES.items():
        if route.kind in (Kind.OPEN, Kind.ACCOUNT, Kind.NOTHING, Kind.OPERATOR):
            continue
        url = own_case(name, world.a).url
        whole = dish_form() if name in PAGE_FORMS else {}
        whole = copy_form(world) if name == "wagtailadmin_pages:copy" else whole
        for data in bodies(world) if route.opens_for(role) else bodies(world)[1:2]:
            yield from attacked(browser, url, world.b, {**whole, **data})


def picture_problems(browser: Client, world: World) -> Iterator[str]:
    """Another's picture put on one's own pages: published, saved, autosaved, previewed, among the further pictures."""
    theirs, dish, category, place = world.b.picture.pk, world.a.dish, world.a.category, world.a.place
    more = inline_formset([{"picture": theirs, "ORDER": "1", "DELETE": "", "id": ""}])
    tries = [
        (reverse("wagtailadmin_pages:edit", args=[dish.pk]), dish_form(picture=theirs)),
        (reverse("wagtailadmin_pages:edit", args=[dish.pk]), dish_form(pictures=more)),
        (reverse("wagtailadmin_pages:preview_on_edit", args=[dish.pk]), dish_form(picture=theirs)),
        (
            reverse("wagtailadmin_pages:add", args=["menu_pages", "dishpage", category.pk]),
            dish_form(picture=theirs, slug="new"),
        ),
        (
            reverse("wagtailadmin_pages:edit", args=[category.pk]),
            {"title": "Axolotl soups", "slug": "soups", "picture": theirs, "action-publish": "publish"},
        ),
        (
            reverse("wagtailadmin_pages:edit", args=[place.pk]),
            nested_form_data(
                {"title": "A", "slug": place.slug, "hours": streamfield([]), "logo": theirs, "cover": theirs}
            ),
        ),
    ]
    for url, data in tries:
        for headers in ({}, {"HTTP_ACCEPT": "application/json"}):
            yield from attacked(browser, url, world.b, data, **headers)
    # The words of a picture that was taken may be nowhere in the answer.
    if ask(browser, "post", *tries[0]).status_code == 302:
        yield f"POST {tries[0][0]}: the other’s picture was taken"


def own_picture_is_taken(browser: Client, world: World) -> bool:
    """That the form above does publish when the picture is one's own: a refusal of everything proves nothing."""
    url = reverse("wagtailadmin_pages:edit", args=[world.a.dish.pk])
    return ask(browser, "post", url, dish_form(picture=world.a.picture.pk)).status_code == 302


def attacked(browser: Client, url: str, victim: Side, data: dict[str, Any], **extra: Any) -> list[str]:
    """What a POST got or changed of the victim's."""
    response, changed = attack(browser, "post", url, victim, data, **extra)
    said = [str(item) for value in data.values() for item in (value if isinstance(value, list) else [value])]
    asked = [text for text in said if any(canary in text.lower() for canary in victim.canaries)]
    problems = [*changed, *leaks_in(response, victim.canaries, asked=asked)]
    if response.status_code >= 500:
        problems.append(f"status {response.status_code}")
    return [f"POST {url} {data}: {problem}"[:600] for problem in problems]
