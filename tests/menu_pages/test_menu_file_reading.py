"""Files of every kind are read; broken, disguised and boundless ones are refused with words that help."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from menu_pages.menu_files.archives import WrongPictureError, open_archive
from menu_pages.menu_files.csv_files import read_csv
from menu_pages.menu_files.excel_files import read_excel
from menu_pages.menu_files.json_files import read_json
from menu_pages.menu_files.problems import FileRefused
from menu_pages.menu_files.tables import RawTable
from menu_pages.menu_files.unpacking import open_zip
from tests.factories.menu_files import csv_file, dish_row, picture_file, xlsx_file, zip_file


def cells(table: RawTable) -> list[tuple[int, dict[str, Any]]]:
    return [(row.number, row.cells) for row in table.rows]


def refusal(read: Callable[[bytes, str], RawTable], content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(FileRefused) as refused:
        read(content, "ru")
    return [(problem.row, problem.column, problem.message) for problem in refused.value.problems]


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_delimiter_is_found(delimiter: str, encoding: str) -> None:
    row = dish_row("Щи, «суточные»; с мясом", price="1 250,50")

    table = read_csv(csv_file([row], delimiter=delimiter, encoding=encoding), "ru")

    assert cells(table) == [(2, row)]


def test_csv_blank_rows_count_and_are_passed_over() -> None:
    table = read_csv(b"category,title,price\n\nSoups,Ukha,450\n , ,\nSoups,Shchi,300\n", "ru")

    assert [number for number, _cells in cells(table)] == [3, 5]


def test_csv_of_another_encoding_is_refused_with_its_row() -> None:
    content = csv_file([dish_row("Ukha"), dish_row("Щи")], encoding="cp1251")

    ((row, _column, message),) = refusal(read_csv, content)

    assert row == 0
    assert message.startswith("Row 3 is not in UTF-8.")
    assert refusal(read_csv, "category".encode("utf-16"))[0][2].startswith("The file is in UTF-16.")


def test_csv_quotation_mark_left_open_is_refused() -> None:
    assert "quotation mark" in refusal(read_csv, b'category,title,price\nSoups,"Ukha,450\nSoups,Shchi,1\n')[0][2]


def test_header_mistakes_are_all_named() -> None:
    found = refusal(read_csv, b"category,title,prise,title_en,title_en,title_ru,\n")

    assert [(row, column) for row, column, _message in found] == [
        (1, "prise"),
        (1, "title_ru"),
        (1, "title_en"),
        (1, "price"),
    ]
    assert "in the column “title”" in found[1][2]


def test_csv_cell_under_no_column_is_a_problem() -> None:
    table = read_csv(b"category,title,price\nSoups,Ukha,450,and more\n", "ru")

    assert [(problem.row, problem.column) for problem in table.findings.problems] == [(2, "4")]


def test_a_million_rows_are_refused() -> None:
    content = b"category,title,price\n" + b"a,b,1\n" * 1_000_000

    assert "more than 20000 rows" in refusal(read_csv, content)[0][2]


# XLSX


def test_xlsx_cells_keep_their_kinds() -> None:
    row = dish_row(price=390.5, weight=250, available=True)

    assert cells(read_excel(xlsx_file([row]), "ru")) == [(2, row)]


def test_xlsx_formulas_are_refused_cell_by_cell() -> None:
    table = read_excel(xlsx_file([dish_row(price="=SUM(1,2)"), dish_row("=A2", price="5")]), "ru")

    problems = [(problem.row, problem.column) for problem in table.findings.problems]
    assert problems == [(2, "price"), (3, "title")]
    assert "formula" in table.findings.problems[0].message


def test_xlsx_error_values_are_problems() -> None:
    table = read_excel(xlsx_file([dish_row(price="#DIV/0!")]), "ru")

    assert [(problem.row, problem.column) for problem in table.findings.problems] == [(2, "price")]


def test_xlsx_merged_header_is_refused_and_merged_cells_are_problems() -> None:
    rows = [dish_row("Ukha"), dish_row("Shchi"), dish_row("Solyanka")]

    assert "A1:C1" in refusal(read_excel, xlsx_file(rows, merge=["A1:C1"]))[0][2]
    table = read_excel(xlsx_file(rows, merge=["A2:A4"]), "ru")
    assert [(problem.row, "A2:A4" in problem.message) for problem in table.findings.problems] == [(2, True)]


def test_xlsx_first_sheet_is_read_and_the_others_told_of() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file([dish_row()])))
    book.active.title = "Menu"
    book.create_sheet("Notes").append(["not a menu"])
    out = io.BytesIO()
    book.save(out)

    table = read_excel(out.getvalue(), "ru")

    assert (len(table.rows), table.notices) == (1, ["Only the first sheet was read: “Menu”."])


def sheet_of(xml: bytes) -> bytes:
    """A workbook whose first sheet is this XML."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_file([dish_row()])))
    return zip_file({name: xml if name.endswith("sheet1.xml") else source.read(name) for name in source.namelist()})


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def test_xlsx_of_a_million_rows_is_refused() -> None:
    words = "".join(
        f'<c r="{c}%d" t="inlineStr"><is><t>{t}</t></is></c>'
        for c, t in zip("ABC", ("category", "title", "price"), strict=True)
    )
    header = b'<row r="1">' + (words % (1, 1, 1)).encode() + b"</row>"
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>7</v></c></row>' % (n, n) for n in range(2, 1_000_001))
    content = sheet_of(SHEET % (header + rows))

    assert "more than 20000 rows" in refusal(read_excel, content)[0][2]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xls"),
        (zip_file({"a.txt": b"no workbook"}), "cannot be read"),
        (sheet_of(b"<worksheet"), "cannot be read"),
        (
            sheet_of(b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'),
            "cannot be read",
        ),
        (sheet_of(SHEET % b""), "is empty"),
    ],
)
def test_xlsx_that_is_none_is_refused(content: bytes, word: str) -> None:
    assert word in refusal(read_excel, content)[0][2]


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    bomb = zip_file({"xl/worksheets/sheet1.xml": b"0" * (60 * 1024 * 1024)})
    assert len(bomb) < 100_000

    assert "grows more than a hundredfold" in refusal(read_excel, bomb)[0][2]
    big = zip_file({f"{n}.xml": bytes(10 * 1024 * 1024) for n in range(7)})
    assert "unpacks to more than 64 MB" in refusal(read_excel, big)[0][2]
    many = zip_file({f"{n}.txt": b"" for n in range(3_001)})
    assert "more than 3000 files" in refusal(read_excel, many)[0][2]


def test_an_entry_longer_than_it_says_is_not_read_on() -> None:
    content = bytearray(zip_file({"menu.json": b"[" + b" " * 2_000_000 + b"]"}))
    lie = (10).to_bytes(4, "little")
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(signature) + offset
        content[start : start + 4] = lie

    archive = open_zip(bytes(content), most_unpacked=1024)

    with pytest.raises(zipfile.BadZipFile):
        archive.read("menu.json")


# JSON


def test_json_rows_are_numbered_from_one() -> None:
    rows = [dish_row(price=390.1, tags=["new"]), dish_row("Ukha", options=[{"title": "Size"}])]

    table = read_json(json.dumps(rows).encode(), "ru")

    assert [number for number, _cells in cells(table)] == [1, 2]
    assert str(table.rows[0].cells["price"]) == "390.1"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"{}", "list of rows"),
        (b"[{]", "line 1, character 3"),
        (b"\xff", "UTF-8"),
        (b'[{"price": NaN}]', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'[{"category": 1, "prise": 2}]', "no such column"),
    ],
)
def test_json_that_is_none_is_refused(content: bytes, word: str) -> None:
    assert word in refusal(read_json, content)[0][2]


# Archives


def test_archive_has_one_menu_and_pictures_in_any_folder() -> None:
    files = {"menu/Menu.CSV": b"x", "photos/borshch.png": b"p", "__MACOSX/._Menu.csv": b"", "photos/.DS_Store": b""}

    archive = open_archive(zip_file(files))

    assert (archive.menu_name, archive.menu, sorted(archive.pictures)) == ("Menu.CSV", b"x", ["borshch.png"])


def test_archive_names_from_windows_are_read() -> None:
    content = zip_file({"menu.csv": b"", "qqqq.png": b"p"}).replace(b"qqqq", "борщ".encode("cp866"))

    assert list(open_archive(content).pictures) == ["борщ.png"]


@pytest.mark.parametrize(
    "files", [{"a.png": b""}, {"a.csv": b"", "b.json": b""}, {"m.csv": b"", "1/a.png": b"", "2/a.png": b""}]
)
def test_archive_without_exactly_one_menu_or_with_ambiguous_pictures_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(FileRefused):
        open_archive(zip_file(files))


def test_pictures_are_judged_by_their_content() -> None:
    def taken(content: bytes) -> str:
        return open_archive(zip_file({"menu.csv": b"", "p.png": content})).picture("p.png").drawn.kind

    assert taken(picture_file()) == "PNG"
    assert taken(picture_file(kind="WEBP")) == "WEBP"
    with pytest.raises(WrongPictureError, match="megapixels"):
        taken(picture_file(size=(8000, 6500)))
    for content in (b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"", picture_file(kind="GIF"), picture_file()[:60]):
        with pytest.raises(WrongPictureError, match="no JPEG"):
            taken(content)
