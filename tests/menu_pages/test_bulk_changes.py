"""Bulk changes of dishes: the look, what is changed, what is left alone."""

import json
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import PageLogEntry, Revision

from accounts.models import AuditAction, AuditEntry, User
from menu_pages.bulk import changes
from menu_pages.bulk.looking import DishPriceTooLargeError, PriceRule, look
from menu_pages.editing import edit_page
from menu_pages.models import BulkAction, BulkChange, BulkStatus, CategoryPage, DishPage, PlacePage
from tests.factories.bulk_changes import SEVEN, applied, fresh, is_live, left, prepared, price_of, stored
from tests.factories.menus import make_category, make_dish, option_group

# Prices


def test_prices_are_looked_at_then_changed(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage, tea: DishPage, alice: User
) -> None:
    change = prepared(place_a, [ukha, borshch], by=alice)
    assert [(item["title"], item["before"], item["after"]) for item in change.items] == [
        ("Borshch", "390.00", "415.00"),
        ("Ukha", "450.50", "480.00"),
    ]
    assert (change.status, price_of(borshch)) == (BulkStatus.READY, "390.00")

    changes.start_change(change)

    done = stored(change)
    assert (done.status, done.done, done.changed_count, done.skipped) == (BulkStatus.DONE, 2, 2, [])
    assert [price_of(dish) for dish in (borshch, ukha, tea)] == ["415.00", "480.00", "200.00"]
    page = DishPage.objects.get(pk=borshch.pk)
    assert (page.live_revision.user, page.has_unpublished_changes, page.revisions.count()) == (alice, False, 1)


def test_one_line_is_written_to_the_audit_log(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage, alice: User
) -> None:
    change = applied(place_a, [borshch, ukha], by=alice)
    changes.undo_change(change, by=alice)

    entries = list(AuditEntry.objects.filter(action=AuditAction.PRICE_CHANGED).order_by("pk"))
    assert [(entry.by, entry.place_title, entry.organisation) for entry in entries] == [
        (alice, "Teahouse", place_a.record.organisation)
    ] * 2
    assert entries[0].details == {"count": 2, "percent": "7", "rounding": "5", "options": False, "undo": False}
    assert entries[1].details["undo"] is True


def test_options_follow_when_asked(place_a: PlacePage, tea: DishPage) -> None:
    rule = PriceRule(percent=Decimal(10), rounding="5", options=True)

    change = applied(place_a, [tea], rule=rule)

    # 120.50 → 132.55, 30 → 33, 60 → 66; what is free stays free.
    page = DishPage.objects.get(pk=tea.pk)
    prices = {option.title: str(option.price) for group in page.groups for option in group.options}
    assert str(page.price) == "220.00"
    assert prices == {"Small": "0", "Large": "135.00", "Lemon": "35.00", "Honey": "65.00", "Mint": "0"}
    assert [option.id for group in page.groups for option in group.options] == [
        option.id for group in tea.groups for option in group.options
    ]

    changes.undo_change(change, by=None)
    page = DishPage.objects.get(pk=tea.pk)
    prices = {option.title: str(option.price) for group in page.groups for option in group.options}
    assert (str(page.price), prices["Large"], prices["Honey"]) == ("200.00", "120.50", "60.00")


def test_options_stay_when_not_asked(place_a: PlacePage, tea: DishPage) -> None:
    applied(place_a, [tea])

    page = DishPage.objects.get(pk=tea.pk)
    assert str(page.price) == "215.00"
    assert page.groups == tea.groups


def test_options_alone_may_change(place_a: PlacePage, soups: CategoryPage) -> None:
    dish = make_dish(soups, "Plain", "2.00", options=[option_group("Size", {"L": "100"})])
    rule = PriceRule(percent=Decimal(7), rounding="1", options=True)

    applied(place_a, [dish], rule=rule)

    page = DishPage.objects.get(pk=dish.pk)
    assert (str(page.price), str(page.groups[0].options[0].price)) == ("2.00", "107.00")


def test_options_being_changed_in_a_draft_are_not_overwritten(place_a: PlacePage, tea: DishPage) -> None:
    draft = DishPage.objects.get(pk=tea.pk)
    draft.option_groups = [("group", {"title": "New", "minimum": 0, "maximum": 1, "options": []})]
    draft.save_revision(clean=False)

    change = applied(place_a, [tea], rule=PriceRule(percent=Decimal(7), rounding="5", options=True))

    assert left(change) == [("Tea", "draft_options")]
    page = DishPage.objects.get(pk=tea.pk)
    assert str(page.price) == "200.00"
    assert [group.title for group in page.get_latest_revision_as_object().groups] == ["New"]


def test_an_option_changed_since_the_look_is_left(place_a: PlacePage, tea: DishPage) -> None:
    change = prepared(place_a, [tea], rule=PriceRule(percent=Decimal(7), rounding="5", options=True))
    options = [option_group("Size", {"Small": "0", "Large": "999"}, minimum=1)]
    edit_page(tea, {"option_groups": json.dumps(options)}, None)

    changes.start_change(change)

    assert left(stored(change)) == [("Tea", "options_changed")]
    assert price_of(tea) == "200.00"


def test_what_does_not_change_is_said_and_touched_by_nobody(
    place_a: PlacePage, soups: CategoryPage, borshch: DishPage
) -> None:
    free = make_dish(soups, "Bread", "0")
    cheap = make_dish(soups, "Sugar", "5")
    unpriced = make_dish(soups, "Later", None, live=False)

    change = applied(place_a, [free, cheap, unpriced])

    assert [(found["title"], found["why"]) for found in change.unchanged] == [
        ("Bread", "free"),
        ("Sugar", "rounded_same"),
        ("Later", "no_price"),
    ]
    assert (change.status, change.total) == (BulkStatus.DONE, 0)
    assert not Revision.objects.for_instance(free).exists()
    assert not AuditEntry.objects.exists()


def test_a_price_changed_since_the_look_is_not_overwritten(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    change = prepared(place_a, [borshch, ukha])
    edit_page(borshch, {"price": Decimal(400)}, None)

    changes.start_change(change)

    done = stored(change)
    assert [price_of(dish) for dish in (borshch, ukha)] == ["400.00", "480.00"]
    assert (done.status, done.done, done.changed_count) == (BulkStatus.DONE, 2, 1)
    (found,) = done.skipped
    assert (found["why"], found["before"], found["found"]) == ("changed", "390.00", "400.00")


def test_dishes_deleted_or_moved_away_are_named(
    place_a: PlacePage, place_b: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    change = prepared(place_a, [borshch, ukha])
    borshch.delete()
    DishPage.objects.get(pk=ukha.pk).move(make_category(place_b, "Elsewhere"), pos="last-child")

    changes.start_change(change)

    assert left(stored(change)) == [("Borshch", "gone"), ("Ukha", "gone")]
    assert price_of(ukha) == "450.50"


def test_an_unpublished_dish_is_changed_in_its_draft(place_a: PlacePage, soups: CategoryPage) -> None:
    dish = make_dish(soups, "Okroshka", "100", live=False)
    edit_page(dish, {"price": Decimal(200)}, None)

    change = applied(place_a, [dish])

    assert change.items[0]["before"] == "200.00"
    page = DishPage.objects.get(pk=dish.pk)
    assert (page.live, str(page.get_latest_revision_as_object().price)) == (False, "215.00")
    changes.undo_change(change, by=None)
    assert str(DishPage.objects.get(pk=dish.pk).get_latest_revision_as_object().price) == "200.00"


def test_a_draft_keeps_its_words_and_takes_the_price(place_a: PlacePage, borshch: DishPage) -> None:
    borshch.title = "Being written"
    borshch.save_revision()

    applied(place_a, [borshch])

    page = DishPage.objects.get(pk=borshch.pk)
    draft = page.get_latest_revision_as_object()
    assert (page.title, str(page.price), draft.title, str(draft.price)) == (
        "Borshch",
        "415.00",
        "Being written",
        "415.00",
    )


def test_a_price_too_large_is_refused_before_anything_is_kept(place_a: PlacePage, soups: CategoryPage) -> None:
    dish = make_dish(soups, "Gold", "99999999")

    with pytest.raises(DishPriceTooLargeError, match="Gold"):
        prepared(place_a, [dish])

    assert not BulkChange.objects.exists()


def test_the_look_costs_the_same_for_any_choice(
    place_a: PlacePage, soups: CategoryPage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        dishes = [make_dish(soups, f"{count} {number}", live=False) for number in range(count)]
        for dish in dishes:
            dish.save_revision()
        chosen = fresh(*dishes)
        with django_assert_num_queries(2):
            found = look(place=place_a, dishes=chosen, action=BulkAction.PRICES, rule=SEVEN, by=None)
        assert len(found.items) == count


# Publishing


def test_dishes_are_unpublished_and_published(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage, alice: User
) -> None:
    hidden = applied(place_a, [borshch, ukha], "unpublish", by=alice)
    assert (hidden.changed_count, is_live(borshch), is_live(ukha)) == (2, False, False)

    shown = applied(place_a, [borshch], "publish", by=alice)

    assert (shown.changed_count, is_live(borshch), is_live(ukha)) == (1, True, False)
    actions = PageLogEntry.objects.filter(page=borshch.pk, user=alice).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["wagtail.unpublish", "wagtail.publish"]


def test_what_cannot_be_published_is_named(place_a: PlacePage, soups: CategoryPage, borshch: DishPage) -> None:
    unpriced, later = (make_dish(soups, title, price, live=False) for title, price in (("No", None), ("Yes", "1")))

    change = prepared(place_a, [borshch, unpriced, later], "publish")
    later.price = None
    later.save_revision(clean=False)
    changes.start_change(change)

    assert [(found["title"], found["why"]) for found in change.unchanged] == [
        ("Borshch", "published"),
        ("No", "no_price"),
    ]
    assert left(stored(change)) == [("Yes", "no_price")]
    assert not is_live(later)


def test_unpublishing_undone_brings_back_what_guests_saw_and_keeps_the_draft(
    place_a: PlacePage, borshch: DishPage
) -> None:
    borshch.save_revision().publish()
    draft = DishPage.objects.get(pk=borshch.pk)
    draft.title = "Half a thought"
    draft.save_revision()

    change = applied(place_a, [borshch], "unpublish")
    assert not is_live(borshch)
    changes.undo_change(change, by=None)

    page = DishPage.objects.get(pk=borshch.pk)
    assert (page.live, page.title, page.has_unpublished_changes) == (True, "Borshch", True)
    assert page.get_latest_revision_as_object().title == "Half a thought"


def test_a_draft_written_since_is_not_published_by_undoing(place_a: PlacePage, borshch: DishPage) -> None:
    borshch.save_revision().publish()
    DishPage.objects.get(pk=borshch.pk).save_revision()
    change = applied(place_a, [borshch], "unpublish")
    DishPage.objects.get(pk=borshch.pk).get_latest_revision_as_object().save_revision()

    reverse = changes.undo_change(change, by=None)

    assert left(stored(reverse)) == [("Borshch", "edited")]
    assert not is_live(borshch)


def test_a_dish_edited_since_the_look_is_not_unpublished_with_its_draft(place_a: PlacePage, borshch: DishPage) -> None:
    change = prepared(place_a, [borshch], "unpublish")
    borshch.save_revision()

    changes.start_change(change)

    assert left(stored(change)) == [("Borshch", "edited")]
    assert is_live(borshch)


def test_a_dish_that_another_editor_has_locked_is_left(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage, soups: CategoryPage, alice: User, bob: User
) -> None:
    shchi = make_dish(soups, "Shchi")
    lock(borshch, by=bob)
    lock(shchi, by=alice)

    change = prepared(place_a, [borshch, ukha, shchi], by=alice)
    lock(ukha, by=bob)
    changes.start_change(change)

    assert [(found["title"], found["why"]) for found in change.unchanged] == [("Borshch", "locked")]
    assert left(stored(change)) == [("Ukha", "locked")]
    assert [price_of(dish) for dish in (borshch, ukha, shchi)] == ["390.00", "450.50", "415.00"]


def lock(dish: DishPage, *, by: User) -> None:
    DishPage.objects.filter(pk=dish.pk).update(locked=True, locked_by=by, locked_at=timezone.now())
