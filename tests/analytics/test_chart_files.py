"""The numbers of a chart as CSV."""

import pytest
from django.test import Client

from accounts.models import AuditAction, AuditEntry, Organisation, User
from accounts.roles import Role
from analytics.chart_files import as_csv
from menu_pages.models import PlacePage
from menu_pages.provisioning import create_place
from tests.factories.people import make_member, signed_in
from tests.factories.statistics import make_organisation_statistics, make_statistics

FILE = "/admin/places/teahouse/statistics/median-check-by-weekday.csv"


def rows(response: object) -> list[str]:
    content = response.content  # type: ignore[attr-defined]
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig").split("\r\n")


def test_a_charts_numbers_are_a_file_and_taking_it_is_noted(alice: User, place_a: PlacePage) -> None:
    make_statistics(place_a)

    response = signed_in(alice).get(f"{FILE}?period=30")

    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="teahouse-median-check-by-weekday-30-days.csv"'
    assert rows(response)[:3] == [
        'Weekday,"Median check, ₽",Number of checks',
        "Monday,1100.00,42",
        "Tuesday,1150.00,42",
    ]
    entry = AuditEntry.objects.get(action=AuditAction.DATA_EXPORTED)
    assert (entry.subject, entry.place_title, entry.by) == (
        "teahouse-median-check-by-weekday-30-days.csv",
        "Teahouse",
        alice,
    )


def test_a_long_period_has_a_row_a_day(alice: User, place_a: PlacePage) -> None:
    make_statistics(place_a)

    found = rows(signed_in(alice).get("/admin/places/teahouse/statistics/checks-by-day.csv?period=365"))

    assert found[0] == "Day,Number of checks"
    assert (found[1], found[365], found[366:]) == ("2025-11-20,10", "2026-11-19,10", [""])


def test_a_russian_reader_gets_semicolons_and_decimal_commas(alice: User, place_a: PlacePage) -> None:
    make_statistics(place_a)
    browser = Client(headers={"origin": "http://testserver", "accept-language": "ru"})
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")

    found = rows(browser.get("/admin/places/teahouse/statistics/median-check-by-table.csv?period=30"))

    assert found[1].split(";")[1:] == ["900,50", "3"]


def test_the_best_dishes_are_a_file_too(alice: User, place_a: PlacePage) -> None:
    make_statistics(place_a)

    found = rows(signed_in(alice).get("/admin/places/teahouse/statistics/best-dishes.csv"))

    assert found[:2] == ['Dish,Quantity,"Revenue, RUB"', "Dish 0,100,39000.00"]


def test_no_text_is_run_as_a_formula() -> None:
    assert as_csv([["=1+1", 1], ["@a", -2]]) == b"\xef\xbb\xbf'=1+1,1\r\n'@a,-2\r\n"


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.ANALYST, 200), (Role.EDITOR, 404), (Role.WAITER, 404), (Role.KITCHEN, 404)],
)
def test_who_may_take_it(organisation_a: Organisation, place_a: PlacePage, role: Role, status: int) -> None:
    make_statistics(place_a)
    bar = create_place(organisation=organisation_a, title="Bar")
    make_organisation_statistics([place_a, bar])
    browser = signed_in(make_member("dana@example.com", organisation_a, role))

    assert browser.get(FILE).status_code == status
    together = f"/admin/organisations/{organisation_a.slug}/statistics/rub/checks-by-table.csv"
    assert browser.get(together).status_code == status


@pytest.mark.parametrize("chart", ["nothing", "checks-by-nothing"])
def test_a_chart_that_is_none_is_not_found(alice: User, place_a: PlacePage, chart: str) -> None:
    make_statistics(place_a)

    assert signed_in(alice).get(f"/admin/places/teahouse/statistics/{chart}.csv").status_code == 404
    assert AuditEntry.objects.filter(action=AuditAction.DATA_EXPORTED).count() == 0


def test_another_organisations_files_are_not_found(
    alice: User, bob: User, organisation_a: Organisation, place_a: PlacePage, place_b: PlacePage
) -> None:
    make_statistics(place_a)
    make_organisation_statistics([place_a])

    assert signed_in(bob).get(FILE).status_code == 404
    together = f"/admin/organisations/{organisation_a.slug}/statistics/rub/checks-by-day.csv"
    assert signed_in(bob).get(together).status_code == 404
    assert signed_in(alice).get(together).status_code == 200


def test_without_figures_there_is_no_file(alice: User, place_a: PlacePage) -> None:
    assert signed_in(alice).get(FILE).status_code == 404
