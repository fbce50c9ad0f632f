"""The page of the reports and its files: what they show, to whom, and at what cost."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pypdfium2
import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditAction, AuditEntry, Organisation, User
from accounts.roles import Role
from analytics.statistics import compute
from menu_pages.models import DishPage, PlacePage
from menu_pages.provisioning import create_place
from orders.models import EventKind
from tests.factories.people import make_member, signed_in
from tests.factories.sales import came, rated, seated, sold

MORNING = datetime.date(2026, 3, 9)
PAGE = "/admin/places/teahouse/statistics/"
SECTIONS = ["revenue", "hours", "checks", "funnel", "lost", "turnover", "ratings"]


def a_week(place: PlacePage, dish: DishPage, *, times: int = 1) -> None:
    """What happens in two weeks, counted as the night would have."""
    for number in range(times):
        for day in (24, 25, 26, 27):
            sold(place, f"2026-02-{day} 12:0{number}", "400.00", dish=dish, acknowledged=30, served=12)
        for day in (3, 4, 5, 6):
            sold(place, f"2026-03-0{day} 12:0{number}", "500.00", dish=dish, acknowledged=20, served=10)
        tap = (EventKind.SOLD_OUT_OPENED, dish)
        came(place, f"2026-03-03 13:0{number}", tap, searched=["=cmd|' /C calc'!A0"], left=[(dish, 2)])
        seated(place, f"2026-03-03 14:0{number}", minutes=45)
        rated(place, f"2026-03-04 20:0{number}", 4)
    count(place)


def count(place: PlacePage) -> None:
    compute([place.record], morning=MORNING)


def pdf_text(content: bytes) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(content)
    return len(document), "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_page_says_what_was_counted(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    a_week(place_a, borshch)

    body = signed_in(alice).get(f"{PAGE}?period=7").content.decode()

    assert [key for key in SECTIONS if f'id="report-{key}"' in body] == SECTIONS
    assert body.count("How it is counted") == 7
    assert "₽2,000" in body
    assert "25\u202f% more" in body
    assert "780" in body.split('id="report-lost"')[1]
    assert "style=" not in body.split('class="nice-padding reports"')[1].split("</main>")[0]


def test_an_analyst_reads_it_and_an_editor_does_not(
    organisation_a: Organisation, place_a: PlacePage, borshch: DishPage
) -> None:
    a_week(place_a, borshch)
    analyst = signed_in(make_member("dana@example.com", organisation_a, Role.ANALYST))
    editor = signed_in(make_member("ed@example.com", organisation_a, Role.EDITOR))

    assert [analyst.get(address).status_code for address in (PAGE, f"{PAGE}report.xlsx")] == [200, 200]
    assert [editor.get(address).status_code for address in (PAGE, f"{PAGE}report.xlsx")] == [404, 404]
    assert "Reports" in analyst.get("/admin/").content.decode()


def test_another_owner_finds_nothing(bob: User, place_a: PlacePage, place_b: PlacePage) -> None:
    browser = signed_in(bob)

    addresses = (PAGE, f"{PAGE}report.pdf", "/admin/places/pizzeria/statistics/?place=teahouse")
    assert [browser.get(address).status_code for address in addresses] == [404, 404, 404]
    assert "teahouse" not in browser.get("/admin/places/pizzeria/statistics/").content.decode().lower()


@pytest.mark.parametrize("address", [f"{PAGE}?period=8", f"{PAGE}report.csv", f"{PAGE}report.xlsx?period=month"])
def test_what_is_no_period_or_format_is_not_there(alice: User, place_a: PlacePage, address: str) -> None:
    assert signed_in(alice).get(address).status_code == 404


def test_the_switch_leads_to_the_other_place(alice: User, place_a: PlacePage) -> None:
    create_place(organisation=place_a.record.organisation, title="Bar", slug="bar")

    response = signed_in(alice).get(f"{PAGE}?place=bar&period=90")

    assert (response.status_code, response["Location"]) == (302, "/admin/places/bar/statistics/?period=90")


def test_an_empty_place_leads_on(alice: User, place_a: PlacePage) -> None:
    body = signed_in(alice).get(PAGE).content.decode()

    assert body.count("Nothing was sold in these days.") == 3
    assert 'href="/admin/places/teahouse/qr/"' in body
    assert 'href="/staff/teahouse/"' in body


def test_it_speaks_russian(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    a_week(place_a, borshch)
    browser = Client(headers={"origin": "http://testserver", "accept-language": "ru"})
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")

    body = browser.get(f"{PAGE}?period=7").content.decode()

    assert "2\u202f000\u202f₽" in body
    assert "2 марта – 8 марта 2026" in body


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(("period", "queries"), [("30", 13), ("365", 13), ("all", 14)])
def test_it_costs_the_same_however_much_was_sold(
    alice: User,
    place_a: PlacePage,
    borshch: DishPage,
    times: int,
    period: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    from analytics.reports.gathering import gather, latest_statistics

    a_week(place_a, borshch, times=times)
    statistics = latest_statistics(place_a)
    place_a.record  # noqa: B018  (loaded by the view)

    with django_assert_num_queries(queries - 1):
        gather(place_a, period, statistics)


def test_the_spreadsheet_has_numbers_and_no_formula(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    borshch.title = "=1+1"
    borshch.save_revision().publish()
    a_week(place_a, borshch)

    response = signed_in(alice).get(f"{PAGE}report.xlsx?period=7")

    assert response["Content-Disposition"] == ('attachment; filename="teahouse-report-2026-03-02-2026-03-08.xlsx"')
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == [
        "Report",
        "Revenue",
        "Weekdays and hours",
        "Sizes of checks",
        "From the scan to the order",
        "Wanted and not got",
        "Tables and waiting",
        "Ratings",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert {"=1+1", "=cmd|' /c calc'!a0"} <= {cell.value for cell in cells if cell.data_type == "s"}
    about = {row[0].value: row[1].value for row in book["Report"].iter_rows(min_row=3)}
    assert (about["First day"].date(), about["Currency"]) == (datetime.date(2026, 3, 2), "RUB")
    revenue = next(row for row in book["Revenue"].iter_rows() if row[0].value == "Revenue" and row[1].value)
    assert (revenue[1].value, revenue[1].number_format) == (2000, '#,##0.00\\ "₽"')


def test_each_chart_is_a_file_of_its_own(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    a_week(place_a, borshch)
    browser = signed_in(alice)

    page = browser.get(f"{PAGE}?period=7").content.decode()
    files = re.findall(r'href="(/admin/places/teahouse/statistics/tables/[^"]+)"', page)
    taken = [browser.get(file) for file in files]

    assert page.count('data-picture="svg"') == page.count('data-picture="png"') == len(files) >= 6
    assert {response["Content-Type"] for response in taken} == {"text/csv; charset=utf-8"}
    assert taken[0]["Content-Disposition"] == ('attachment; filename="teahouse-revenue-1-2026-03-02-2026-03-08.csv"')
    rows = list(csv.reader(io.StringIO(taken[0].content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 7
    assert sum(Decimal(row[1]) for row in rows[1:] if row[1]) == 2000
    assert [
        browser.get(f"{PAGE}tables/{wrong}.csv").status_code for wrong in ("revenue/0", "revenue/99", "dishes/1")
    ] == [404] * 3


def test_the_paper_has_every_section_and_numbered_pages(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    a_week(place_a, borshch)

    response = signed_in(alice).get(f"{PAGE}report.pdf?period=7")

    assert response["Content-Type"] == "application/pdf"
    pages, text = pdf_text(response.content)
    assert all(title in text for title in ("Teahouse", "Revenue", "Wanted and not got", "Tables and waiting"))
    assert "2 March – 8 March 2026" in text
    assert f"Page {pages} of {pages}" in text
    assert "Borshch" in text


def test_taking_a_file_is_noted(alice: User, place_a: PlacePage) -> None:
    signed_in(alice).get(f"{PAGE}report.pdf?period=7")

    entry = AuditEntry.objects.get(action=AuditAction.DATA_EXPORTED)
    assert entry.by == alice
    assert entry.subject.startswith("teahouse-report-")
    assert entry.subject.endswith(".pdf")


def test_money_stays_decimal(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    from analytics.reports.gathering import gather, latest_statistics

    sold(place_a, "2026-03-03 12:00", "0.10", dish=borshch)
    sold(place_a, "2026-03-03 12:00", "0.20", dish=borshch)
    count(place_a)

    report = gather(place_a, "7", latest_statistics(place_a))

    assert report.sections[0].figures[0].value.value == Decimal("0.30")
