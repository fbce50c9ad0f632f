"""`import_menu` and `export_menu`, as they are typed."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditAction, AuditEntry
from menu_pages.models import DishPage, PlacePage
from tests.factories.menu_files import csv_file, dish_row


def run(*words: str, **options: object) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "menu.csv"
    path.write_bytes(csv_file([dish_row(price="400"), dish_row("Shchi")]))
    return path


def test_dry_run_says_what_would_change(place_a: PlacePage, borshch: DishPage, ukha: DishPage, file: Path) -> None:
    said = run("import_menu", "teahouse", str(file), "--dry-run", "--replace", verbosity=2)

    assert said.splitlines() == [
        "+ Soups / Shchi",
        "~ Soups / Borshch",
        "− Soups / Ukha",
        "Dishes: added 1, changed 1, withdrawn 1, unchanged 0.",
    ]
    borshch.refresh_from_db()
    assert borshch.price == 390


def test_import_then_export_then_import(place_a: PlacePage, borshch: DishPage, file: Path, tmp_path: Path) -> None:
    assert run("import_menu", "teahouse", str(file)) == "Dishes: added 1, changed 1, withdrawn 0, unchanged 0.\n"
    target = tmp_path / "out.json"
    run("export_menu", "teahouse", str(target))

    assert [row["title"] for row in json.loads(target.read_text("utf-8"))] == ["Borshch", "Shchi"]
    assert "unchanged 2" in run("import_menu", "teahouse", str(target), "--replace")


def test_an_export_is_in_the_audit_log(place_a: PlacePage, borshch: DishPage, tmp_path: Path) -> None:
    run("export_menu", "teahouse", str(tmp_path / "out.csv"))

    entry = AuditEntry.objects.get(action=AuditAction.DATA_EXPORTED)
    assert (entry.by, entry.organisation, entry.subject) == (None, place_a.record.organisation, "out.csv")
    assert (entry.place_title, entry.details) == (place_a.title, {"what": "menu"})


def test_every_problem_is_printed(place_a: PlacePage, tmp_path: Path) -> None:
    path = tmp_path / "menu.csv"
    path.write_bytes(csv_file([dish_row(price="x"), dish_row("")]))

    with pytest.raises(CommandError) as error:
        run("import_menu", "teahouse", str(path))

    assert str(error.value).splitlines() == [
        "Nothing was imported.",
        "row 2, price: “x” is no number.",
        "row 3, title: This cell must not be empty.",
    ]
    assert not DishPage.objects.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("import_menu", "nowhere", "menu.csv"), "There is no place “nowhere”."),
        (("import_menu", "teahouse", "/nowhere/menu.csv"), "cannot be read"),
        (("export_menu", "nowhere", "menu.csv"), "There is no place “nowhere”."),
        (("export_menu", "teahouse", "menu.pdf"), "exported as .csv, .xlsx, .json"),
        (("export_menu", "teahouse", "/nowhere/menu.csv"), "cannot be written"),
    ],
)
def test_wrong_words_are_explained(place_a: PlacePage, words: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*words)
