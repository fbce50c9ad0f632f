"""The pictures of codes: what an independent decoder reads in them, and that its link opens."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import zxingcpp
from PIL import Image

from menu_pages.models import PlacePage, Table
from menu_pages.qr.archive import stream_archive
from menu_pages.qr.codes import Code
from menu_pages.tables import set_table_count
from orders.models import Visit
from tests.factories.guests import Guest
from tests.factories.scanning import decode, picture_of_png, picture_of_svg

LINK = "https://menus.example/teahouse/?table=7&key=0123456789abcdefghijkl"


def path_of(link: str) -> str:
    """The link as the test client asks for it."""
    return link.removeprefix("http://testserver")


@pytest.fixture(autouse=True)
def site(settings: object) -> None:
    settings.SITE_URL = "http://testserver"


def test_every_picture_of_every_table_is_read_back(place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=40)

    for table in Table.objects.filter(place=place_a):
        link = table.link(place_a.slug)
        code = Code(link)
        assert decode(picture_of_png(code.png())) == [link]
        assert decode(picture_of_svg(code.svg())) == [link]


def test_the_decoded_link_seats_a_guest(place_a: PlacePage, table_7: Table) -> None:
    (link,) = decode(picture_of_png(Code(table_7.link(place_a.slug)).png()))
    guest = Guest(place_a)

    response = guest.client.get(path_of(link))

    assert response.status_code == 303
    assert response["Location"] == "/teahouse/"
    assert guest.visit.table == table_7
    assert Visit.objects.count() == 1


def test_a_decoder_that_reads_nothing_would_be_noticed() -> None:
    assert decode(Image.new("L", (400, 400), "white")) == []


def test_white_stands_four_squares_around() -> None:
    code = Code(LINK)
    edge = range(4)

    assert not any(any(code.rows[y]) or any(code.rows[-1 - y]) for y in edge)
    assert not any(row[x] or row[-1 - x] for x in edge for row in code.rows)
    assert code.rows[4][4]


def test_a_seventh_of_a_code_may_be_worn_off() -> None:
    (found,) = zxingcpp.read_barcodes(picture_of_png(Code(LINK).png()))

    assert found.ec_level == "M"


@pytest.mark.parametrize("blot", [(0.45, 0.45, 0.55, 0.55), (0.3, 0.7, 0.4, 0.8)])
def test_a_blot_does_not_spoil_a_code(blot: tuple[float, ...]) -> None:
    picture = picture_of_png(Code(LINK).png())
    left, top, right, bottom = (int(part * picture.width) for part in blot)
    picture.paste(128, (left, top, right, bottom))

    assert decode(picture) == [LINK]


def test_a_code_printed_at_25_mm_is_read_from_a_poor_camera() -> None:
    """An arm away 25 mm fill some 150 pixels of a modest camera's picture; scaled so small, edges blur."""
    picture = picture_of_png(Code(LINK).png()).resize((150, 150), Image.Resampling.BILINEAR)
    photo = Image.new("L", (640, 480), 190)
    photo.paste(picture.point(lambda level: 60 + level // 2), (250, 160))

    assert decode(photo.rotate(7, Image.Resampling.BILINEAR, fillcolor=190)) == [LINK]


def test_the_longest_address_still_makes_a_code() -> None:
    link = f"https://menus.example/{'a' * 255}/?table=500&key=0123456789abcdefghijkl"
    code = Code(link)

    assert decode(picture_of_png(code.png())) == [link]
    assert decode(picture_of_svg(code.svg())) == [link]


def test_a_picture_is_sharp_in_print() -> None:
    picture = Image.open(BytesIO(Code(LINK).png()))

    assert picture.mode == "1"
    assert picture.width == picture.height == 900
    assert round(picture.width / picture.info["dpi"][0] * 25.4) == 60


def test_an_svg_names_nothing_outside_and_runs_nothing() -> None:
    text = Code(LINK).svg().decode()

    assert text.count("http") == 1  # the name of the SVG language
    assert "script" not in text
    assert "style" not in text


def test_the_archive_has_each_table_under_its_number(place_a: PlacePage) -> None:
    tables = list(Table.objects.filter(place=place_a))

    archive = ZipFile(BytesIO(b"".join(stream_archive(tables, place_a.slug))))

    assert archive.testzip() is None
    assert archive.namelist() == [f"table_{number}.png" for number in range(1, 13)]
    for table in tables:
        picture = picture_of_png(archive.read(f"table_{table.number}.png"))
        assert decode(picture) == [table.link(place_a.slug)]


def test_the_archive_is_sent_while_it_is_made(place_a: PlacePage) -> None:
    tables = list(Table.objects.filter(place=place_a))
    drawn = []

    parts = stream_archive((drawn.append(table.number) or table for table in tables), place_a.slug)
    first = next(parts)

    assert drawn == [1]
    assert first.startswith(b"PK\x03\x04")


def test_the_same_codes_make_the_same_archive(place_a: PlacePage) -> None:
    first = b"".join(stream_archive(list(Table.objects.filter(place=place_a)), place_a.slug))
    second = b"".join(stream_archive(list(Table.objects.filter(place=place_a)), place_a.slug))

    assert first == second


def test_an_archive_of_no_tables_opens(place_a: PlacePage) -> None:
    archive = ZipFile(BytesIO(b"".join(stream_archive([], place_a.slug))))

    assert archive.namelist() == []
