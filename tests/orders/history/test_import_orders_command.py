"""`import_orders`, as it is typed."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from menu_pages import turns
from menu_pages.models import DishPage, PlacePage
from orders.history import writing
from orders.models import Order, OrderImport, OrderImportStatus
from tests.factories.tills import many_orders, prepared, till_file, till_row

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*words: str, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    call_command("import_orders", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "till.csv"
    path.write_bytes(till_file([till_row("1"), till_row("1", "Okroshka", quantity="2"), till_row("2", table="")]))
    return path


HOLDS = [
    "Orders: 2, 2024-03-05 13:10 to 2024-03-05 13:10, lines 3, pieces 4, revenue 1560.00 RUB.",
    "Tables: 1. Dishes: on the menu 1, kept by name 1.",
]


def test_a_dry_run_says_what_the_file_holds(place_a: PlacePage, borshch: DishPage, file: Path) -> None:
    said = run("teahouse", str(file), "--dry-run")

    assert said.splitlines() == [*HOLDS, "There already: 0, to be imported: 2."]
    assert (Order.objects.count(), OrderImport.objects.count()) == (0, 0)


def test_twice_is_as_good_as_once(place_a: PlacePage, borshch: DishPage, file: Path) -> None:
    said = run("teahouse", str(file))
    again = run("teahouse", str(file))

    assert said.splitlines() == [*HOLDS, "There already: 0, to be imported: 2.", "Imported: 2 orders."]
    assert again.splitlines() == [*HOLDS, "There already: 2, to be imported: 0."]
    assert (Order.objects.count(), OrderImport.objects.count()) == (2, 1)


def test_a_bar_grows_on_a_terminal(place_a: PlacePage, file: Path) -> None:
    assert f"[{'#' * 40}] 2/2\n" in run("teahouse", str(file), out=Terminal())


def test_every_problem_is_printed_and_nothing_written(place_a: PlacePage, tmp_path: Path) -> None:
    path = tmp_path / "till.csv"
    path.write_bytes(till_file([till_row("1"), till_row("2", quantity="x", dish=""), till_row("", datetime="soon")]))

    with pytest.raises(CommandError) as error:
        run("teahouse", str(path))

    assert error.value.returncode == 1
    assert str(error.value).splitlines() == [
        "Nothing was imported.",
        "row 3, dish: The name of the dish is missing.",
        "row 3, quantity: “x” is no number.",
        "row 4, datetime: “soon” is no date and time. Write it as 2024-12-31 18:05:00.",
        "row 4, order_id: The number of the order is missing.",
    ]
    assert (Order.objects.count(), OrderImport.objects.count()) == (0, 0)


def test_an_interrupted_import_says_how_far_it_came(
    place_a: PlacePage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing.Writer, "write", interrupt)
        with pytest.raises(CommandError, match=r"Interrupted\. 0 of 2 orders are in; run it again to go on\."):
            run("teahouse", str(file))

    assert OrderImport.objects.get().status == OrderImportStatus.FAILED
    assert run("teahouse", str(file)).splitlines()[-1] == "Imported: 2 orders."


def test_not_while_the_admin_imports(place_a: PlacePage, file: Path) -> None:
    turns.claim(prepared(place_a, many_orders(2)))

    with pytest.raises(CommandError, match="being imported into this place already"):
        run("teahouse", str(file))

    assert (Order.objects.count(), OrderImport.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere", "till.csv"), "There is no place “nowhere”."),
        (("teahouse", "/nowhere/till.csv"), "cannot be read"),
        (("teahouse", "/"), "cannot be read"),
    ],
)
def test_wrong_words_are_explained(place_a: PlacePage, words: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*words)
