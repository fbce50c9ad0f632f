"""The page of QR codes: what it shows, what each of its buttons does."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from accounts.scope import no_scope
from menu_pages.models import PlacePage, Table
from menu_pages.tables import set_table_count
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import table_of
from tests.factories.people import signed_in
from tests.factories.scanning import Sheet, decode, picture_of_png, picture_of_svg

PAGE = "/admin/places/teahouse/qr/"


@pytest.fixture
def owner(alice: User, place_a: PlacePage, settings: object) -> Client:
    settings.SITE_URL = "http://testserver"
    return signed_in(alice)


def in_use(place: PlacePage) -> list[int]:
    return list(Table.objects.in_use().filter(place=place).values_list("number", flat=True))


def words(body: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body.decode()).split())


def mark_on(page: bytes) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page.decode())[1]


# The pictures


def test_the_page_shows_the_pictures_in_order_with_their_downloads(owner: Client) -> None:
    body = owner.get(PAGE).content.decode()

    assert re.findall(r'<img class="qr-table__code" src="([^"?]+)', body) == [
        f"{PAGE}table_{number}.png" for number in range(1, 13)
    ]
    assert re.findall(r"<h3[^>]*>([^<]+)</h3>", body) == [f"Table {number}" for number in range(1, 13)]
    for extension in ("png", "svg"):
        pattern = rf'href="[^"]+table_\d+\.{extension}" download="([^"]+)"'
        assert re.findall(pattern, body) == [f"table_{number}.{extension}" for number in range(1, 13)]
    assert body.index("tables.zip") < body.index("qr-table__code")


@pytest.mark.parametrize(
    ("extension", "content_type", "read"),
    [("png", "image/png", picture_of_png), ("svg", "image/svg+xml", picture_of_svg)],
)
def test_a_downloaded_picture_leads_to_its_table(
    owner: Client, place_a: PlacePage, table_7: Table, extension: str, content_type: str, read: object
) -> None:
    response = owner.get(f"{PAGE}table_7.{extension}")
    (link,) = decode(read(response.content))
    guest = Guest(place_a)
    guest.client.get(link.removeprefix("http://testserver"))

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="table_7.{extension}"'
    assert "no-store" in response["Cache-Control"]
    assert guest.visit.table == table_7


def test_the_archive_is_complete_whoever_reads_it_when(owner: Client) -> None:
    response = owner.get(f"{PAGE}tables.zip")
    with no_scope():
        archive = ZipFile(BytesIO(b"".join(response.streaming_content)))

    assert response["Content-Disposition"] == 'attachment; filename="teahouse-tables.zip"'
    assert archive.namelist() == [f"table_{number}.png" for number in range(1, 13)]
    assert len({decode(picture_of_png(archive.read(name)))[0] for name in archive.namelist()}) == 12


def test_fifty_tables_a_page(owner: Client, place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=120)

    third = owner.get(f"{PAGE}?p=3").content.decode()

    assert re.findall(r"<h3[^>]*>Table (\d+)</h3>", third) == [str(number) for number in range(101, 121)]
    assert len(re.findall("<h3", owner.get(PAGE).content.decode())) == 50
    assert len(re.findall("<h3", owner.get(f"{PAGE}?p=nonsense").content.decode())) == 50


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_costs_the_same_for_any_number_of_tables(owner: Client, place_a: PlacePage, count: int) -> None:
    set_table_count(place=place_a, count=count)
    owner.get(PAGE)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        owner.get(PAGE)

    tables = [query["sql"] for query in queries if "menu_pages_table" in query["sql"]]
    assert len(tables) == 4  # how many, which, those put away, and the zones


@pytest.mark.parametrize(("address", "warned"), [("http://127.0.0.1:8000", True), ("https://menus.example", False)])
def test_codes_that_no_phone_can_open_are_told_of(owner: Client, settings: object, address: str, warned: bool) -> None:
    settings.SITE_URL = address

    text = words(owner.get(PAGE).content)

    assert ("opens on this computer alone" in text) is warned
    assert f"{address}/teahouse/" in text


# The number of tables


def test_a_place_without_tables_leads_to_the_next_step(owner: Client, place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=0)

    body = owner.get(PAGE).content

    assert "Say how many tables there are" in words(body)
    assert b"tables.zip" not in body


def test_generate(owner: Client, place_a: PlacePage) -> None:
    response = owner.post(f"{PAGE}count/", {"count": "30"}, follow=True)

    assert response.redirect_chain == [(PAGE, 302)]
    assert in_use(place_a) == list(range(1, 31))
    assert "The codes are ready." in words(response.content)


def test_fewer_tables_are_said_and_come_back_with_their_codes(owner: Client, place_a: PlacePage) -> None:
    key = table_of(place_a, 11).key

    lowered = words(owner.post(f"{PAGE}count/", {"count": "7"}, follow=True).content)
    raised = words(owner.post(f"{PAGE}count/", {"count": "12"}, follow=True).content)

    assert "Tables 8–12 are put away: their codes stop working" in lowered
    assert "Put away: tables 8–12. Their orders and statistics are kept" in lowered
    assert "Tables 8–12 are back with the codes they had." in raised
    assert "Put away" not in raised
    assert table_of(place_a, 11).key == key


def test_a_guest_of_a_table_put_away_cannot_order(owner: Client, table_7: Table) -> None:
    owner.post(f"{PAGE}count/", {"count": "6"})
    guest = guest_at(table_7)

    assert guest.state is None


@pytest.mark.parametrize("count", ["", "-1", "501", "1.5", "many", "1" * 5000, "7\0"])
def test_a_number_that_makes_no_sense_is_refused_in_words(owner: Client, place_a: PlacePage, count: str) -> None:
    response = owner.post(f"{PAGE}count/", {"count": count})

    assert response.status_code == 422
    assert b"error-message" in response.content
    assert in_use(place_a) == list(range(1, 13))


# Labels


def test_a_label_is_saved_and_the_page_comes_back_to_its_table(owner: Client, place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=60)

    response = owner.post(f"{PAGE}tables/55/label/", {"label": "  by the window "})

    assert response["Location"] == f"{PAGE}?p=2#table-55"
    assert table_of(place_a, 55).label == "by the window"
    assert 'value="by the window"' in owner.get(f"{PAGE}?p=2").content.decode()


def test_the_script_saves_a_label_without_leaving(owner: Client, place_a: PlacePage) -> None:
    response = owner.post(f"{PAGE}tables/7/label/", {"label": "bar"}, headers={"x-fragment": "label"})

    assert (response.status_code, response.content) == (204, b"")
    assert table_of(place_a, 7).label == "bar"


@pytest.mark.parametrize("label", ["x" * 41, "a\0b"])
def test_a_label_that_does_not_fit_is_kept_in_its_field_and_explained(
    owner: Client, place_a: PlacePage, label: str
) -> None:
    set_table_count(place=place_a, count=60)

    response = owner.post(f"{PAGE}tables/55/label/", {"label": label})

    assert response.status_code == 422
    assert response.content.count(b"error-message") == 1
    assert b"Table 55" in response.content
    assert table_of(place_a, 55).label == ""


def test_a_zone_is_saved_with_the_label_and_offered_to_other_tables(owner: Client, place_a: PlacePage) -> None:
    owner.post(f"{PAGE}tables/7/label/", {"label": "bar", "zone": " terrace"})

    body = owner.get(PAGE).content.decode()
    table = table_of(place_a, 7)
    assert (table.label, table.zone) == ("bar", "terrace")
    assert body.count('<option value="terrace"></option>') == 1
    assert 'name="zone" value="terrace"' in body


@pytest.mark.parametrize("zone", ["x" * 41, "a\0b"])
def test_a_zone_that_does_not_fit_is_explained(owner: Client, place_a: PlacePage, zone: str) -> None:
    response = owner.post(f"{PAGE}tables/7/label/", {"label": "bar", "zone": zone})

    assert response.status_code == 422
    assert response.content.count(b"error-message") == 1
    assert (table_of(place_a, 7).label, table_of(place_a, 7).zone) == ("", "")


def test_a_label_is_shown_as_written(owner: Client) -> None:
    owner.post(f"{PAGE}tables/7/label/", {"label": '"><script>'})

    assert b"<script>&" not in owner.get(PAGE).content
    assert b'value="&quot;&gt;&lt;script&gt;"' in owner.get(PAGE).content


# Replacing a code


def test_replacing_asks_first_and_says_what_stops(owner: Client, table_7: Table) -> None:
    text = words(owner.get(f"{PAGE}tables/7/replace/").content)

    table = Table.objects.get(pk=table_7.pk)
    assert "stop ordering and calling at once" in text
    assert table.key == table_7.key


def test_the_old_code_stops_and_the_new_one_works(
    owner: Client, place_a: PlacePage, table_7: Table, borshch: object
) -> None:
    seated = guest_at(table_7)
    seated.add(borshch)
    old = picture_of_png(owner.get(f"{PAGE}table_7.png").content)

    response = owner.post(
        f"{PAGE}tables/7/replace/", {"seen": mark_on(owner.get(f"{PAGE}tables/7/replace/").content)}, follow=True
    )

    new = picture_of_png(owner.get(f"{PAGE}table_7.png").content)
    late, early = Guest(place_a), Guest(place_a)
    late.client.get(decode(old)[0].removeprefix("http://testserver"))
    early.client.get(decode(new)[0].removeprefix("http://testserver"))
    assert "Table 7 has a new code." in words(response.content)
    assert late.state is None
    assert early.visit.table == table_7
    assert seated.send().status_code == 403
    assert seated.quantities != {}


def test_pressing_twice_replaces_once(owner: Client, table_7: Table) -> None:
    seen = mark_on(owner.get(f"{PAGE}tables/7/replace/").content)
    owner.post(f"{PAGE}tables/7/replace/", {"seen": seen})
    printed = Table.objects.get(pk=table_7.pk).key

    response = owner.post(f"{PAGE}tables/7/replace/", {"seen": seen}, follow=True)

    assert Table.objects.get(pk=table_7.pk).key == printed != table_7.key
    assert "has been replaced already" in words(response.content)


@pytest.mark.parametrize("data", [{}, {"seen": ""}, {"seen": "2020-01-01"}])
def test_nothing_is_replaced_that_nobody_has_seen(owner: Client, table_7: Table, data: dict[str, str]) -> None:
    owner.post(f"{PAGE}tables/7/replace/", data)

    assert Table.objects.get(pk=table_7.pk).key == table_7.key


# The sheet


def test_the_sheet_of_chosen_tables(owner: Client, place_a: PlacePage) -> None:
    response = owner.get(f"{PAGE}sheet.pdf", {"cards": "2", "tables": "2–3, 12", "line": "Welcome"})
    sheet = Sheet(response.content)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="teahouse-tables.pdf"'
    assert [link for page in sheet.codes() for link in page] == [
        table_of(place_a, number).link("teahouse") for number in (2, 3, 12)
    ]
    assert "Welcome" in sheet.text()


def test_the_sheet_as_first_offered(owner: Client) -> None:
    sheet = Sheet(owner.get(f"{PAGE}sheet.pdf").content)

    with translation.override("ru"):
        line = translation.gettext("Scan the code to see the menu and order")
    assert [len(page) for page in sheet.codes()] == [8, 4]
    assert line.split()[0] in " ".join(sheet.text())


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"cards": "3"}, "not one of the available choices"),
        ({"tables": "1-"}, "Write numbers and ranges"),
        ({"tables": "13"}, "The place has no table 13."),
        ({"tables": "0-2"}, "The place has no table 0."),
        ({"line": "x" * 91}, "at most 90 characters"),
        ({"line": "a\0"}, "Null characters are not allowed"),
    ],
)
def test_a_sheet_that_cannot_be_is_explained_and_what_was_typed_kept(
    owner: Client, query: dict[str, str], says: str
) -> None:
    response = owner.get(f"{PAGE}sheet.pdf", {"line": "Kept", **query})

    assert response.status_code == 422
    assert says in words(response.content)
    assert "line" in query or 'value="Kept"' in response.content.decode()


def test_there_is_no_sheet_of_no_tables(owner: Client, place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=0)

    assert owner.get(f"{PAGE}sheet.pdf").status_code == 422
