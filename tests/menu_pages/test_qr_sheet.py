"""The printed sheet: each page rendered, its codes decoded, its words read."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from accounts.pdf.font import bold, regular
from accounts.pdf.lines import fit
from accounts.pdf.measures import MM
from menu_pages.models import PlacePage, Table
from menu_pages.qr.card import Logo, Setting
from menu_pages.qr.layouts import CARDS_ON_PAGE, boxes
from menu_pages.qr.sheet import make_sheet, unprintable
from tests.factories.menus import make_picture, table_of
from tests.factories.scanning import Sheet

LINE = "Наведите камеру на код"


def sheet_of(place: PlacePage, **choices: Any) -> Sheet:
    tables = choices.pop("tables", None) or list(Table.objects.in_use().filter(place=place))
    return Sheet(make_sheet(place=place, tables=tables, **{"cards": 8, "line": LINE, **choices}))


@pytest.mark.parametrize(("cards", "pages"), [(2, 6), (4, 3), (6, 2), (8, 2), (12, 1)])
def test_every_table_has_its_card(place_a: PlacePage, cards: int, pages: int) -> None:
    sheet = sheet_of(place_a, cards=cards)

    codes = sheet.codes()
    links = [table.link(place_a.slug) for table in Table.objects.filter(place=place_a)]
    assert [len(page) for page in codes] == [min(cards, 12 - start) for start in range(0, 12, cards)]
    assert len(sheet) == pages
    assert sorted(link for page in codes for link in page) == sorted(links)


def test_pages_are_upright_a4(place_a: PlacePage) -> None:
    width, height = sheet_of(place_a).pdf[0].get_size()

    assert (round(width / MM), round(height / MM)) == (210, 297)


def test_a_card_says_place_table_label_and_line_in_the_places_language(place_a: PlacePage) -> None:
    place_a.title = "Чайная «Ёлка» № 1"
    table = table_of(place_a, 7)
    table.label = "у окна — налево"

    text = " ".join(sheet_of(place_a, tables=[table], cards=4).text())

    assert text == f"Чайная «Ёлка» № 1 Столик 7 у окна — налево {LINE}"


def test_an_english_place_prints_english(place_b: PlacePage) -> None:
    text = sheet_of(place_b, tables=[table_of(place_b, 7)], line="").text()

    assert text == ["Pizzeria", "Table 7"]


def test_nothing_stands_in_the_printers_white_margin(place_a: PlacePage) -> None:
    picture = sheet_of(place_a, cards=12).picture(0, dots_per_inch=100)
    margin = int(9 / 25.4 * 100)

    edges = [
        picture.crop((0, 0, picture.width, margin)),
        picture.crop((0, picture.height - margin, picture.width, picture.height)),
        picture.crop((0, 0, margin, picture.height)),
        picture.crop((picture.width - margin, 0, picture.width, picture.height)),
    ]
    assert {edge.getextrema() for edge in edges} == {(255, 255)}


@pytest.mark.parametrize("cards", CARDS_ON_PAGE)
@pytest.mark.parametrize("logo", [None, Logo("P1", 1.0), Logo("P1", 0.1), Logo("P1", 12.0)])
def test_the_longest_words_leave_the_code_25_mm_and_stay_on_the_card(
    place_a: PlacePage, cards: int, logo: Logo | None
) -> None:
    table = table_of(place_a, 7)
    table.label = "Щ" * 40
    box = boxes(cards)[0]
    setting = Setting(box, "Самая длинная вывеска в городе " * 8, table, "Щит " * 22, logo)

    texts = setting.at(setting.scale())

    squares_without_margin = 37 / 45
    assert texts.room * squares_without_margin >= 24.6 * MM
    assert texts.height + (0 if box.lies else texts.room) <= box.height
    for block in (*texts.head, *texts.foot):
        assert all(block.font.width(text, block.size) <= box.width for text in block.texts)


def test_the_logo_is_printed(place_a: PlacePage, media: Path) -> None:
    plain = sheet_of(place_a, cards=2).picture(0).getextrema()
    place_a.logo = make_picture(place_a)

    sheet = sheet_of(place_a, cards=2)

    colours = sheet.pdf[0].render(scale=1).to_pil().convert("RGB").getcolors(1_000_000)
    olive = [count for count, (red, green, blue) in colours if abs(red - 128) < 4 and abs(green - 128) < 4 and blue < 4]
    assert plain[0] == 0
    assert sum(olive) > 500
    assert len(sheet.codes()[0]) == 2


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "CMYK", "1"])
def test_a_logo_of_any_kind_is_printed(place_a: PlacePage, media: Path, mode: str) -> None:
    place_a.logo = make_picture(place_a)
    extension, name = ("JPEG", "logo.jpg") if mode == "CMYK" else ("PNG", "logo.png")
    Image.new("RGBA", (900, 300), (0, 90, 0, 200)).convert("RGBA" if mode == "RGBA" else "RGB").convert(mode).save(
        media / name, extension
    )
    place_a.logo.file.name = name

    assert len(sheet_of(place_a, cards=2).codes()[0]) == 2


def test_a_logo_lost_from_the_disk_keeps_nobody_from_printing(
    place_a: PlacePage, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place_a.logo = make_picture(place_a)
    Path(place_a.logo.file.path).unlink()

    sheet = sheet_of(place_a, cards=2)

    assert len(sheet.codes()[0]) == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"The logo {place_a.logo.pk} cannot be read; the sheet is made without it."
    ]


def test_signs_the_font_lacks_are_left_out_and_named(place_a: PlacePage) -> None:
    table = table_of(place_a, 7)
    table.label = "🍕 寿司 у окна"

    text = sheet_of(place_a, tables=[table], line="").text()

    assert text == ["Teahouse", "Столик 7", "у окна"]
    assert unprintable(table.label, "café cafe\u0301 ₽ ё Қ") == "🍕寿司"


@pytest.mark.parametrize("text", ["(скобка", "обратная\\косая)", "конец) Tj ET", "a\nb\tc", "<b>&amp;"])
def test_signs_that_mean_something_in_a_pdf_are_just_printed(place_a: PlacePage, text: str) -> None:
    place_a.title = text

    printed = sheet_of(place_a, tables=[table_of(place_a, 7)], line="").text()

    assert printed[0] == " ".join(text.split())


def test_words_shrink_then_break_then_end_in_an_ellipsis() -> None:
    font = regular()
    width = font.width("Столик у окна", 10)

    assert fit("Столик у окна", font, 10, width).texts == ("Столик у окна",)
    assert fit("Столик у окна!", font, 10, width).size < 10
    assert fit("Столик у окна, за колонной", font, 10, width, most=2).texts == ("Столик у окна,", "за колонной")
    assert fit("Столик у окна за колонной, налево от двери", font, 10, width).texts[0].endswith("…")
    assert fit("", font, 10, width).height == 0


def test_the_font_has_the_letters_of_the_menus_languages() -> None:
    letters = "ABCabc АБВабв Ёё Іі Її Ўў Ққ Ғғ Әә Łł Şş ß é ñ ç «»„“”‘’—–… № ₽ £ € % & @ / 0123456789"

    assert regular().missing(letters) == []
    assert bold().missing(letters) == []
