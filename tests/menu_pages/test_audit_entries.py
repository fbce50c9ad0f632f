"""What a menu's owner may ask about is written down where it is done, once, and only when it is done."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from wagtail.log_actions import LogContext

from accounts.audit_log.sentences import sentence_of
from accounts.memberships import remove_member
from accounts.models import AuditEntry, Organisation, User
from accounts.roles import Role
from menu_pages import pieces, price_log, turns
from menu_pages.editing import edit_page
from menu_pages.menu_files import imports
from menu_pages.menu_files.applying import MenuMovedError
from menu_pages.models import CategoryPage, DishPage, MenuImport, PlacePage, Table
from menu_pages.qr.replacing import code_mark
from menu_pages.tables import set_table_count
from menu_pages.themes.installing import change_settings, install_theme, undo
from tests.factories.menu_files import csv_file, dish_row, import_rows
from tests.factories.menus import make_dish
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db


def entries() -> list[tuple[str, str, str, str]]:
    """Who, what, of what, where; the oldest first."""
    found = AuditEntry.objects.order_by("pk")
    return list(found.values_list("by_name", "action", "subject", "place_title"))


def details() -> dict[str, Any]:
    newest: AuditEntry = AuditEntry.objects.order_by("-pk")[0]
    return newest.details


def published(dish: DishPage, by: User | None, **changes: Any) -> None:
    """Publish a revision with the changes, as Wagtail's editor does."""
    fresh = DishPage.objects.get(pk=dish.pk)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save_revision(user=by).publish(user=by)


def test_a_quick_edit_of_a_price_is_one_entry(borshch: DishPage, alice: User) -> None:
    edit_page(borshch, {"price": Decimal(420)}, alice)

    assert entries() == [("alice@example.com", "price_changed", "Borshch", "Teahouse")]
    assert details() == {"before": "390.00", "after": "420.00", "currency": "RUB"}


def test_a_price_published_in_the_editor_is_one_entry(borshch: DishPage, alice: User) -> None:
    published(borshch, alice, price=Decimal("399.50"), title="Borshch with garlic")

    assert entries() == [("alice@example.com", "price_changed", "Borshch with garlic", "Teahouse")]
    assert details() == {"before": "390.00", "after": "399.50", "currency": "RUB"}


def test_who_publishes_somebody_elses_draft_answers_for_it(borshch: DishPage, alice: User, charlie: User) -> None:
    borshch.price = Decimal(1)
    revision = borshch.save_revision(user=charlie)

    with LogContext(user=alice):
        revision.publish(user=alice, skip_permission_checks=True)

    assert [entry[:2] for entry in entries()] == [("alice@example.com", "price_changed")]


def test_drafts_and_other_words_are_no_changed_price(borshch: DishPage, alice: User) -> None:
    draft = DishPage.objects.get(pk=borshch.pk)
    draft.price = Decimal(1)
    draft.save_revision(user=alice)
    edit_page(borshch, {"description": "Hot"}, alice)
    published(borshch, alice, description="With sour cream")

    assert entries() == []


def test_a_draft_that_overtakes_a_quick_edit_counts_from_what_guests_saw(borshch: DishPage, alice: User) -> None:
    edit_page(borshch, {"price": Decimal(420)}, alice)
    published(borshch, alice, price=Decimal(400))

    assert details() == {"before": "420.00", "after": "400.00", "currency": "RUB"}
    assert len(entries()) == 2


def test_a_new_dish_has_no_price_before(place_a: PlacePage, soups: CategoryPage, alice: User) -> None:
    dish = make_dish(soups, "Okroshka", None, live=False)

    published(dish, alice, price=Decimal(300))

    assert entries() == []


def test_a_dish_that_comes_back_dearer_is_an_entry(borshch: DishPage, alice: User) -> None:
    published(borshch, alice)
    DishPage.objects.get(pk=borshch.pk).unpublish()

    edit_page(DishPage.objects.get(pk=borshch.pk), {"price": Decimal(500)}, alice, publish=True)

    assert [entry[1] for entry in entries()] == ["price_changed"]
    assert details()["after"] == "500.00"


def test_the_price_of_an_option_is_a_price(tea: DishPage, alice: User) -> None:
    groups = [dict(block) for block in DishPage.objects.get(pk=tea.pk).option_groups.raw_data]
    groups[0]["value"]["options"][1]["value"]["price"] = "150"

    edit_page(tea, {"option_groups": json.dumps(groups)}, alice)

    assert entries() == [("alice@example.com", "price_changed", "Tea: Size, Large", "Teahouse")]
    assert details() == {"before": "120.50", "after": "150.00", "currency": "RUB"}


def test_who_changes_many_writes_one_line_of_their_own(borshch: DishPage, ukha: DishPage, alice: User) -> None:
    for dish in (borshch, ukha):
        edit_page(dish, {"price": Decimal(1)}, alice, audit=False)
    assert entries() == []

    edit_page(borshch, {"price": Decimal(2)}, alice)

    assert len(entries()) == 1


def test_an_import_is_one_entry(place_a: PlacePage, borshch: DishPage, ukha: DishPage, alice: User) -> None:
    import_rows(place_a, dish_row(price="400"), dish_row("Ukha", price="500"), dish_row("Shchi"), by=alice)

    assert entries() == [("alice@example.com", "data_imported", "menu.csv", "Teahouse")]
    assert details() == {"added": 1, "changed": 2, "withdrawn": 0}


def test_an_import_that_stops_half_way_says_how_far_it_came(
    place_a: PlacePage, borshch: DishPage, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = turns.keep

    def keep_and_stop(ours: Any, **progress: Any) -> None:
        # The first piece is written; then somebody else moves the menu.
        if progress["done"] < 2:
            keep(ours, **progress)
            return
        raise MenuMovedError("Somebody else was there.")

    monkeypatch.setattr(turns, "keep", keep_and_stop)
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    import_rows(place_a, dish_row(price="400"), dish_row("Shchi"), by=alice)

    assert [entry[1] for entry in entries()] == ["data_imported"]
    assert details() == {"done": 1, "total": 2}
    assert DishPage.objects.get(pk=borshch.pk).price == Decimal(400)


def test_an_import_goes_on_though_whoever_started_it_has_left(
    place_a: PlacePage, borshch: DishPage, organisation_a: Organisation
) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.EDITOR)
    started = imports.prepare_import(
        place=place_a, name="menu.csv", content=csv_file([dish_row(price="400")]), replace=False, by=dana
    )
    turns.claim(started)

    remove_member(organisation=organisation_a, user=dana)
    assert imports.run_import(started.pk)

    assert MenuImport.objects.get().status == "done"
    assert [entry[:2] for entry in entries()][-1] == ("dana@example.com", "data_imported")


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_taking_the_menu_out_is_an_entry(place_a: PlacePage, borshch: DishPage, alice: User, file_format: str) -> None:
    response = signed_in(alice).get(f"/admin/places/teahouse/files/menu.{file_format}")

    assert response.status_code == 200
    ((who, action, subject, place),) = entries()
    assert (who, action, place) == ("alice@example.com", "data_exported", "Teahouse")
    assert f'filename="{subject}"' in response["Content-Disposition"]


def test_themes_put_up_edited_and_taken_back(place_a: PlacePage, alice: User) -> None:
    install_theme(place=place_a, theme="classic", by=alice)
    assert details() == {"before": "showcase", "after": "classic", "undo": False}
    install_theme(place=place_a, theme="classic", by=alice)
    change_settings(place=place_a, theme="classic", settings={"colours": {"accent": "#7b2d3b"}}, by=alice)
    assert details() == {"before": {"accent": None}, "after": {"accent": "#7b2d3b"}, "undo": False}
    last = place_a.theme_installations.first()
    undo(place=place_a, seen=last.pk, by=alice)

    assert [entry[1] for entry in entries()] == ["theme_installed", "theme_edited", "theme_edited"]
    assert details() == {"before": {"accent": "#7b2d3b"}, "after": {"accent": None}, "undo": True}
    sentences = [sentence_of(entry) for entry in AuditEntry.objects.order_by("pk")]
    assert [sentence.text for sentence in sentences] == [
        "Theme of the menu",
        "Settings of “Classic”",
        "Settings of “Classic”, taken back",
    ]
    assert sentences[0].changes == (("", "Showcase", "Classic"),)
    assert sentences[1].changes == (("Accent: buttons and marks", "the theme’s own", "#7b2d3b"),)


def test_a_new_code_is_an_entry_without_the_code(place_a: PlacePage, table_7: Table, alice: User) -> None:
    browser, address = signed_in(alice), "/admin/places/teahouse/qr/tables/7/replace/"
    seen = {"seen": code_mark(Table.objects.get(pk=table_7.pk))}
    browser.post(address, seen)
    browser.post(address, seen)

    assert entries() == [("alice@example.com", "table_key_replaced", "7", "Teahouse")]
    assert Table.objects.get(pk=table_7.pk).key not in json.dumps(details())


def test_more_tables_are_no_new_codes(place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=20)

    assert entries() == []


def test_an_entry_goes_with_its_change_or_not_at_all(
    borshch: DishPage, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(price_log, "record", fail)
    before = timezone.now()

    with pytest.raises(RuntimeError):
        edit_page(borshch, {"price": Decimal(420)}, alice)

    stored = DishPage.objects.get(pk=borshch.pk)
    assert stored.price == Decimal("390.00")
    assert stored.last_published_at is None or stored.last_published_at < before
