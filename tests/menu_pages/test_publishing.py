"""A page put straight on the menu, new or changed, is what Wagtail's own steps would have made it."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page, PageLogEntry, ReferenceIndex
from wagtail.signals import page_published

from accounts.models import AuditEntry, User
from menu_pages.models import CategoryPage, DishPage
from menu_pages.publishing import publish_changed, publish_new
from tests.factories.menus import make_dish, make_picture

VARYING = {"path", "id", "pk", "slug", "url_path", "translation_key", "title", "draft_title"} | {
    "page_ptr_id",
    "latest_revision_id",
    "live_revision_id",
    "first_published_at",
    "last_published_at",
    "latest_revision_created_at",
}


def by_wagtail(category: CategoryPage, dish: DishPage, by: User) -> DishPage:
    category.add_child(instance=dish)
    dish.save_revision(user=by).publish(user=by)
    return DishPage.objects.get(pk=dish.pk)


def ours(category: CategoryPage, dish: DishPage, by: User | None) -> DishPage:
    publish_new(parent=category, page=dish, by=by)
    return DishPage.objects.get(pk=dish.pk)


def fields(page: DishPage) -> dict[str, Any]:
    return {field.attname: getattr(page, field.attname) for field in page._meta.fields if field.attname not in VARYING}


def test_the_page_its_revision_and_its_log_are_those_of_wagtail(soups: CategoryPage, alice: User) -> None:
    picture = make_picture(soups.place)
    one = by_wagtail(soups, DishPage(title="One", price="390", picture=picture, owner=alice), alice)
    two = ours(soups, DishPage(title="Two", price="390", picture=picture, owner=alice), alice)

    assert {name: str(value) for name, value in fields(two).items()} == {
        name: str(value) for name, value in fields(one).items()
    }
    assert two.live_revision == two.latest_revision == two.revisions.get()
    assert two.last_published_at == two.first_published_at == two.latest_revision_created_at
    assert two.live_revision.as_object().price == two.price
    assert two.live_revision.user == alice
    assert set(two.live_revision.content) == set(one.live_revision.content)
    logged = [sorted(actions(page)) for page in (one, two)]
    assert logged[0] == logged[1] == ["wagtail.create", "wagtail.publish"]
    assert [ReferenceIndex.get_references_for_object(page).count() for page in (one, two)] == [1, 1]
    assert [page.title for page in Page.objects.search("Two")] == ["Two"]


def test_a_changed_page_its_revision_and_its_log_are_those_of_wagtail(soups: CategoryPage, alice: User) -> None:
    one, two = (make_dish(soups, title, "390") for title in ("One", "Two"))
    one.price = two.price = Decimal(420)
    one.picture = two.picture = make_picture(soups.place)

    one.save_revision(user=alice).publish(user=alice)
    publish_changed(page=two, by=alice)

    one, two = (DishPage.objects.get(pk=page.pk) for page in (one, two))
    assert {name: str(value) for name, value in fields(two).items()} == {
        name: str(value) for name, value in fields(one).items()
    }
    assert two.live_revision == two.latest_revision == two.revisions.get()
    assert two.last_published_at == two.first_published_at == two.latest_revision_created_at
    assert (two.live_revision.as_object().price, two.live_revision.user) == (Decimal(420), alice)
    assert set(two.live_revision.content) == set(one.live_revision.content)
    assert sorted(actions(two)) == sorted(actions(one))
    assert [ReferenceIndex.get_references_for_object(page).count() for page in (one, two)] == [1, 1]
    entries = [
        list(AuditEntry.objects.filter(subject=page.title).values_list("details", flat=True)) for page in (one, two)
    ]
    assert entries[0] == entries[1] == [{"before": "390.00", "after": "420.00", "currency": "RUB"}]


def test_a_change_that_does_not_fit_is_not_written(soups: CategoryPage) -> None:
    dish = make_dish(soups, "Ukha", "390")
    dish.price = Decimal(-1)

    with pytest.raises(ValidationError, match="price"), transaction.atomic():
        publish_changed(page=dish, by=None)

    assert (DishPage.objects.get(pk=dish.pk).price, dish.revisions.count()) == (Decimal(390), 0)


def actions(page: DishPage) -> list[str]:
    return list(PageLogEntry.objects.filter(page_id=page.pk).values_list("action", flat=True))


def test_those_who_wait_for_published_pages_hear_of_it(soups: CategoryPage) -> None:
    heard: list[tuple[type, int]] = []

    def hear(sender: type, instance: Page, revision: Any, **kwargs: Any) -> None:
        heard.append((sender, revision.pk))

    page_published.connect(hear)
    try:
        dish = ours(soups, DishPage(title="Ukha", price="450"), None)
    finally:
        page_published.disconnect(hear)

    assert heard == [(DishPage, dish.live_revision_id)]


def test_a_page_that_does_not_fit_is_not_added(soups: CategoryPage) -> None:
    with pytest.raises(ValidationError, match="price"):
        publish_new(parent=soups, page=DishPage(title="Without a price"), by=None)

    assert not DishPage.objects.exists()
