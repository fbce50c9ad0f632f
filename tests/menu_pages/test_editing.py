"""Quick edits: what guests see changes at once, and no draft brings the old value back."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import PageLogEntry

from accounts.models import User
from menu_pages.editing import edit_page, with_words
from menu_pages.models import CategoryPage, DishPage
from tests.factories.menus import make_dish, make_picture


def stored(dish: DishPage) -> DishPage:
    return DishPage.objects.get(pk=dish.pk)


def draft_of(dish: DishPage) -> DishPage:
    return stored(dish).get_latest_revision_as_object()


def test_edit_is_published_with_a_revision_and_a_log_entry(borshch: DishPage, alice: User) -> None:
    page = edit_page(borshch, {"price": Decimal(420)}, alice)

    assert page.price == stored(borshch).price == Decimal("420.00")
    assert not page.has_unpublished_changes
    assert page.live_revision.user == alice
    entry = PageLogEntry.objects.get(page=borshch.pk, action="wagtail.publish")
    assert (entry.user, entry.revision) == (alice, page.live_revision)


def test_a_new_picture_is_known_to_be_used(borshch: DishPage, media: Path) -> None:
    picture = make_picture(borshch.place)

    edit_page(borshch, {"picture": picture}, None)

    assert [usage[0].pk for usage in picture.get_usage()] == [borshch.pk]


def test_draft_keeps_its_own_changes_and_takes_the_new_value(borshch: DishPage, alice: User) -> None:
    borshch.title, borshch.price = "Borshch with garlic", Decimal(500)
    borshch.save_revision(user=alice)

    page = edit_page(borshch, {"price": Decimal(420)}, alice)

    assert (page.title, page.price) == ("Borshch", Decimal("420.00"))
    assert page.has_unpublished_changes
    draft = draft_of(borshch)
    assert (draft.title, draft.price) == ("Borshch with garlic", Decimal("420.00"))


@pytest.mark.parametrize("which", ["newest", "older"])
def test_publishing_a_draft_later_does_not_bring_the_old_value_back(borshch: DishPage, alice: User, which: str) -> None:
    borshch.description = "With sour cream"
    older = borshch.save_revision(user=alice)

    edit_page(borshch, {"price": Decimal(420), "translations": {"en": {"title": "Beet soup"}}}, alice)
    revision = stored(borshch).latest_revision if which == "newest" else older
    revision.refresh_from_db()
    revision.publish()

    page = stored(borshch)
    assert (page.description, page.price) == ("With sour cream", Decimal("420.00"))
    assert page.translations == {"en": {"title": "Beet soup"}}


def test_scheduled_draft_stays_scheduled_with_the_new_value(borshch: DishPage, alice: User) -> None:
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    borshch.save_revision(user=alice).publish()
    borshch = stored(borshch)
    borshch.title, borshch.go_live_at = "Spring borshch", tomorrow
    borshch.save_revision(user=alice).publish()
    assert stored(borshch).title == "Borshch"

    page = edit_page(borshch, {"price": Decimal(420)}, alice)

    assert page.live
    scheduled = page.revisions.get(approved_go_live_at__isnull=False)
    assert scheduled.approved_go_live_at == tomorrow
    assert (scheduled.as_object().title, scheduled.as_object().price) == ("Spring borshch", Decimal("420.00"))


def test_value_that_does_not_fit_changes_nothing(borshch: DishPage, alice: User) -> None:
    with pytest.raises(ValidationError):
        edit_page(borshch, {"price": Decimal(-1)}, alice)

    assert stored(borshch).price == Decimal("390.00")
    assert stored(borshch).latest_revision is None


def test_page_not_published_is_edited_in_its_draft(soups: CategoryPage, alice: User) -> None:
    dish = make_dish(soups, "Okroshka", live=False)

    edit_page(dish, {"price": Decimal(300)}, alice)
    assert not stored(dish).live
    assert draft_of(dish).price == Decimal("300.00")

    edit_page(dish, {"title": "Summer okroshka"}, alice, publish=True)
    assert stored(dish).live
    assert (stored(dish).title, stored(dish).price) == ("Summer okroshka", Decimal("300.00"))


def test_words_are_merged_and_empty_ones_taken_out() -> None:
    before = {"en": {"title": "Soup", "description": "Hot"}, "de": {"title": "Suppe"}}

    merged = with_words(before, {"en": {"title": "", "options": {"a": "b"}}, "de": {"title": ""}})

    assert merged == {"en": {"description": "Hot", "options": {"a": "b"}}}
    assert before["en"]["title"] == "Soup"
