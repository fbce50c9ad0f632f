"""Importing a menu: what is added, changed, withdrawn; what stays; what happens when it stops half-way."""

import json
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Revision

from accounts.models import User
from menu_pages import pieces, turns
from menu_pages.editing import edit_page
from menu_pages.menu_files import imports
from menu_pages.menu_files.exporting import FORMATS, export_menu
from menu_pages.menu_files.files import compare
from menu_pages.menu_files.problems import FileRefused
from menu_pages.menu_files.tables import RawRow
from menu_pages.models import (
    CategoryPage,
    DishPage,
    ImportStatus,
    MenuImage,
    MenuImport,
    MenuImportPicture,
    PlacePage,
    StopListEntry,
)
from menu_pages.stopping import stop_dish
from tests.factories.menu_files import csv_file, dish_row, import_file, import_rows, picture_file, zip_file
from tests.factories.menus import make_category, make_dish, make_picture, option_group


def menu_of(place: PlacePage) -> list[tuple[str, str, str]]:
    dishes = DishPage.objects.live().descendant_of(place).order_by("path")
    return [(dish.get_parent().title, dish.title, str(dish.price)) for dish in dishes]


def problems_of(place: PlacePage, *rows: dict[str, str]) -> list[tuple[int, str]]:
    with pytest.raises(FileRefused) as refused:
        import_rows(place, *rows)
    return [(problem.row, problem.column) for problem in refused.value.problems]


def test_new_dishes_and_categories_are_published(place_a: PlacePage, alice: User) -> None:
    done = import_rows(
        place_a,
        dish_row("Щи с ёжиком", category="Супы", category_en="Soups", title_en="Shchi"),
        dish_row("Green", category="Drinks / Tea", price="0", available="no"),
        dish_row("Чёрный", category="Drinks / Tea"),
        by=alice,
    )

    assert done.status == ImportStatus.DONE
    assert (done.done, done.total, done.rows) == (3, 3, [])
    assert menu_of(place_a) == [
        ("Супы", "Щи с ёжиком", "390.00"),
        ("Tea", "Green", "0.00"),
        ("Tea", "Чёрный", "390.00"),
    ]
    shchi, green = DishPage.objects.get(title="Щи с ёжиком"), DishPage.objects.get(title="Green")
    assert shchi.translations == {"en": {"title": "Shchi"}}
    assert shchi.live_revision.user == shchi.owner == alice
    assert shchi.get_parent().specific.translations == {"en": {"title": "Soups"}}
    assert shchi.menu_path == "supy/shchi-s-ezhikom"
    assert green.get_parent().get_parent().title == "Drinks"
    assert list(StopListEntry.objects.values_list("dish", "stopped_by")) == [(green.pk, alice.pk)]


@pytest.mark.parametrize("file_format", FORMATS)
def test_export_then_import_changes_nothing(place_a: PlacePage, alice: User, file_format: str) -> None:
    """Whatever texts the menu holds: formulas, slashes, quotes, line ends, look-alikes of escapes."""
    soups = make_category(place_a, "Soups / stews", translations={"en": {"title": "=Soups"}})
    make_dish(soups, "=1+1", "0.50", description='a\n"b",;c\t| _x0041_ <b>', weight=Decimal("0.5"), unit="ml")
    make_dish(soups, "'=x", allergens=["milk", "gluten"], tags=["vegan"], translations={"en": {"options": {"a": "b"}}})
    inner = make_category(make_category(place_a, r"a\b"), "/ c \\/ d")
    make_dish(inner, "  Same  ", picture=make_picture(place_a), options=[option_group("Size", {"L": "1"}, minimum=1)])
    make_dish(inner, "Same", cost=Decimal(12), calories=Decimal("10.5"))
    stop_dish(dish=make_dish(inner, "👩‍🍳 ﷽ \x0b\u202e Zażółć"), by=alice)
    make_dish(inner, "Hidden", live=False)
    content = export_menu(place_a, file_format)
    revisions = Revision.objects.count()

    done = import_file(place_a, content, name=f"menu.{file_format}", replace=True)

    assert (done.summary["unchanged"], done.counts()) == (5, {"added": 0, "changed": 0, "withdrawn": 0})
    assert done.summary["categories"]["count"] == 0
    assert Revision.objects.count() == revisions
    assert export_menu(place_a, file_format) == content


def test_export_into_an_empty_place_makes_the_same_menu(place_a: PlacePage, place_b: PlacePage, tea: DishPage) -> None:
    tea.translations = {"en": {"title": "Black tea", "options": {"Size": "How large"}}}
    tea.save()
    place_b.record.currency, place_b.record.language = "RUB", "ru"
    place_b.record.save()

    import_file(place_b, export_menu(place_a, "json"), name="menu.json")

    assert json.loads(export_menu(place_b, "json")) == json.loads(export_menu(place_a, "json"))


def test_changes_touch_what_the_file_says_and_nothing_else(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    edit_page(borshch, {"description": "Hot", "cost": Decimal(100)}, None)

    done = import_rows(place_a, dish_row(price="395,5", cost=""), dish_row("Ukha", price="450.50", cost=""))

    assert done.counts() == {"added": 0, "changed": 1, "withdrawn": 0}
    (change,) = done.summary["changed"]["rows"]
    assert change["fields"] == [
        {"column": "price", "before": "390.00", "after": "395.50"},
        {"column": "cost", "before": "100.00", "after": "—"},
    ]
    borshch.refresh_from_db()
    assert (borshch.description, borshch.price, borshch.cost) == ("Hot", Decimal("395.50"), None)
    assert not ukha.revisions.exists()


def test_an_editors_draft_survives_an_import(place_a: PlacePage, borshch: DishPage) -> None:
    borshch.description = "Being written"
    borshch.save_revision()

    import_rows(place_a, dish_row(price="400"))

    borshch.refresh_from_db()
    assert (borshch.description, borshch.has_unpublished_changes) == ("", True)
    draft = borshch.get_latest_revision_as_object()
    assert (draft.description, draft.price) == ("Being written", Decimal("400.00"))


def test_rows_find_their_dish_by_address_then_by_category_and_title(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    import_rows(
        place_a,
        dish_row("Borshch of the house", slug="borshch"),
        dish_row("UKHA ", category="soups", price="450.50", slug="fish-soup"),
    )

    borshch.refresh_from_db()
    ukha.refresh_from_db()
    assert (borshch.title, borshch.slug) == ("Borshch of the house", "borshch")
    assert (ukha.title, ukha.slug) == ("UKHA", "fish-soup")
    assert DishPage.objects.descendant_of(place_a).count() == 2


def test_a_dish_moves_with_its_address(place_a: PlacePage, borshch: DishPage) -> None:
    done = import_rows(place_a, dish_row(category="Mains", slug="borshch"))

    borshch.refresh_from_db()
    assert borshch.menu_path == "mains/borshch"
    assert done.summary["changed"]["rows"][0]["fields"] == [{"column": "category", "before": "Soups", "after": "Mains"}]


def test_replace_withdraws_the_others_and_a_later_file_brings_them_back(
    place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    import_rows(place_a, dish_row("Ukha", price="450.50"))
    assert len(menu_of(place_a)) == 2

    done = import_rows(place_a, dish_row("Ukha", price="450.50"), replace=True)
    assert done.counts() == {"added": 0, "changed": 0, "withdrawn": 1}
    assert menu_of(place_a) == [("Soups", "Ukha", "450.50")]

    done = import_rows(place_a, dish_row())
    assert done.summary["changed"]["rows"][0]["returns"] is True
    borshch.refresh_from_db()
    assert borshch.live


def test_an_unpublished_category_comes_back_with_its_dish(place_a: PlacePage, borshch: DishPage) -> None:
    borshch.get_parent().specific.unpublish()

    import_rows(place_a, dish_row())

    assert CategoryPage.objects.get(title="Soups").live


def test_availability_is_the_stop_list(place_a: PlacePage, borshch: DishPage) -> None:
    import_rows(place_a, dish_row(available="нет"))
    assert StopListEntry.objects.filter(dish=borshch, lifted_at=None).count() == 1
    import_rows(place_a, dish_row(available="0"), dish_row("Other"))
    assert StopListEntry.objects.filter(dish=borshch).count() == 1
    import_rows(place_a, dish_row(available="ДА"))

    assert not StopListEntry.objects.filter(dish=borshch, lifted_at=None).exists()
    assert not borshch.revisions.exists()


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([dish_row(), dish_row(" borshch ")], (3, "title")),
        ([dish_row("A", slug="borshch"), dish_row("B", slug="borshch")], (3, "slug")),
        ([dish_row("A", slug="new"), dish_row("B", slug="new")], (3, "slug")),
        ([dish_row(category_en="Soups"), dish_row("B", category_en="Soop")], (3, "category_en")),
        ([dish_row(category="Soups / Hot", category_en="Soups")], (2, "category_en")),
        ([dish_row("New", slug="stews")], (2, "slug")),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    place_a: PlacePage, borshch: DishPage, soups: CategoryPage, rows: list[dict[str, str]], where: tuple[int, str]
) -> None:
    make_category(soups, "Stews")

    assert problems_of(place_a, *rows) == [where]


def test_same_title_twice_is_told_apart_by_address(place_a: PlacePage) -> None:
    rows = [dish_row("Espresso", slug="espresso-30"), dish_row("Espresso", slug="espresso-60", price="500")]

    import_rows(place_a, *rows)
    done = import_rows(place_a, *rows)

    assert done.summary["unchanged"] == 2
    assert problems_of(place_a, dish_row("Espresso")) == [(2, "title")]


def test_new_addresses_avoid_each_other_and_the_services_words(place_a: PlacePage) -> None:
    import_rows(
        place_a,
        dish_row("A b", category="Menu"),
        dish_row("A-b", category="Menu"),
        dish_row("Other", category="Menu", slug="a-b"),
    )

    paths = sorted(dish.menu_path for dish in DishPage.objects.descendant_of(place_a))
    assert paths == ["menu-2/a-b", "menu-2/a-b-2", "menu-2/a-b-3"]


def test_a_file_without_a_dish_withdraws_nothing(place_a: PlacePage, borshch: DishPage) -> None:
    with pytest.raises(FileRefused, match="no dish"):
        import_file(place_a, b"category,title,price\n", replace=True)

    assert menu_of(place_a) == [("Soups", "Borshch", "390.00")]


def test_wrong_rows_write_nothing_at_all(place_a: PlacePage, borshch: DishPage) -> None:
    assert problems_of(place_a, dish_row(price="1"), dish_row("New", price="x"), dish_row("", unit="kg")) == [
        (3, "price"),
        (4, "title"),
        (4, "unit"),
    ]

    assert menu_of(place_a) == [("Soups", "Borshch", "390.00")]
    assert not MenuImport.objects.exists()


# Pictures


def test_pictures_of_an_archive_are_taken_once(place_a: PlacePage, borshch: DishPage) -> None:
    files = {
        "menu.csv": csv_file([dish_row(photo="борщ.png"), dish_row("Ukha", photo="борщ.png")]),
        "photos/борщ.png": picture_file(),
        "photos/unused.png": picture_file("red"),
    }

    done = import_file(place_a, zip_file(files), name="menu.zip")
    again = import_file(place_a, zip_file(files), name="menu.zip")

    image = MenuImage.objects.get(collection=place_a.record.collection)
    assert set(DishPage.objects.descendant_of(place_a).values_list("picture", flat=True)) == {image.pk}
    assert (image.title, image.width, image.height) == ("борщ", 64, 48)
    assert done.summary["notices"] == ["1 picture of the archive is named by no row and is left out."]
    assert again.summary["unchanged"] == 2
    assert not MenuImportPicture.objects.exists()
    # By its own name, with no archive around it.
    assert import_rows(place_a, dish_row(photo="борщ.png")).summary["unchanged"] == 1


def test_a_wrong_picture_is_a_problem_of_its_row(place_a: PlacePage) -> None:
    rows = [dish_row(photo="a.png"), dish_row("Ukha", photo="a.png"), dish_row("Tea", photo="b.png")]

    with pytest.raises(FileRefused) as refused:
        import_file(place_a, zip_file({"m.csv": csv_file(rows), "a.png": b"<svg/>"}), name="m.zip")

    assert [(problem.row, problem.column) for problem in refused.value.problems] == [(2, "photo"), (4, "photo")]


def test_another_organisations_picture_is_not_found(place_a: PlacePage, place_b: PlacePage) -> None:
    make_picture(place_b, "secret")

    assert problems_of(place_a, dish_row(photo="secret.png")) == [(2, "photo")]


# Stopping half-way


def prepared(place: PlacePage, count: int = 6, *, replace: bool = False) -> MenuImport:
    rows = [dish_row(f"Dish {number}") for number in range(count)]
    found = imports.prepare_import(place=place, name="m.csv", content=csv_file(rows), replace=replace, by=None)
    turns.claim(found)
    return found


def test_an_import_goes_on_where_it_stopped(
    place_a: PlacePage, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    found = prepared(place_a, replace=True)

    def die(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imports.run_import(found.pk, progress=die)
    found.refresh_from_db()
    assert (found.status, found.done, found.total) == (ImportStatus.RUNNING, 2, 7)
    changed_since = DishPage.objects.get(title="Dish 0")
    edit_page(changed_since, {"price": Decimal(1)}, None)

    seen: list[int] = []
    imports.run_import(found.pk, progress=lambda *step: seen.append(step[0]))

    found.refresh_from_db()
    assert (found.status, found.done, seen) == (ImportStatus.DONE, 7, [3, 4, 5, 6, 7])
    assert [title for _category, title, _price in menu_of(place_a)] == [f"Dish {number}" for number in range(6)]
    changed_since.refresh_from_db()
    assert changed_since.price == 1


def test_a_worker_taken_over_writes_no_more(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    found = prepared(place_a)

    def another_takes_over(done: int, total: int) -> None:
        if done == 2:
            assert imports.run_import(found.pk)

    assert imports.run_import(found.pk, progress=another_takes_over)

    found.refresh_from_db()
    assert (found.status, found.done) == (ImportStatus.DONE, 6)
    assert len(menu_of(place_a)) == 6


def test_turns_are_short_and_continue_each_other(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.05)
    found = prepared(place_a)

    imports.run_turn(found.pk)

    found.refresh_from_db()
    assert found.status == ImportStatus.DONE
    assert len(menu_of(place_a)) == 6


def test_a_menu_that_moves_underneath_stops_the_import_with_words(
    place_a: PlacePage, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    rows = [dish_row("New"), dish_row(price="1")]
    found = imports.prepare_import(place=place_a, name="m.csv", content=csv_file(rows), replace=False, by=None)
    turns.claim(found)

    imports.run_import(found.pk, progress=lambda *step: borshch.delete() if step[0] == 1 else None)
    found.refresh_from_db()
    assert found.status == ImportStatus.FAILED
    assert "row 3, “Borshch”" in found.problem

    turns.claim(found)
    imports.run_import(found.pk)
    found.refresh_from_db()
    assert (found.status, found.problem) == (ImportStatus.DONE, "")
    assert [title for _category, title, _price in menu_of(place_a)] == ["New", "Borshch"]


def test_one_import_of_a_place_at_a_time(place_a: PlacePage) -> None:
    prepared(place_a)

    with pytest.raises(turns.AnotherRunsError):
        prepared(place_a)


def test_planning_costs_the_same_for_any_menu(
    place_a: PlacePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    soups = make_category(place_a, "Soups")
    compare(place_a, [])  # what Django looks up once a process
    for count in (1, 3):
        for number in range(count):
            make_dish(soups, f"Dish {count} {number}")
        rows = [RawRow(number, dish_row(f"New {number}")) for number in range(count)]
        with django_assert_num_queries(3):
            compare(place_a, rows)
