"""The owner reads the statistics on the home screen, on a computer and on a phone."""

import re

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from menu_pages.models import PlacePage
from tests.browser.conftest import Shoot, sign_in
from tests.browser_fixtures import PHONE, NewPage
from tests.factories.statistics import make_statistics

pytestmark = pytest.mark.browser

COMPUTER = {"viewport": {"width": 1440, "height": 900}}
DRAWN = "[data-chart][data-drawn]:has(svg.main-svg)"
# How far the page moved by itself after its first paint.
SHIFT = """new Promise((done) => {
    let total = 0;
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) total += shift.value;
    }).observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(total), 300);
})"""


@pytest.fixture
def counted(demo: list[PlacePage]) -> list[PlacePage]:
    """The demo's places with the figures of a year."""
    for place in demo:
        make_statistics(place)
    return demo


def complaints_of(page: Page) -> list[str]:
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", note)
    return found


def test_the_statistics_of_a_place(counted: list[PlacePage], new_page: NewPage, shoot: Shoot) -> None:
    page = new_page(**COMPUTER)
    sign_in(page, "/admin/")
    complaints = complaints_of(page)

    page.goto("/admin/?place=samovar#statistics-section")
    expect(page.locator(DRAWN)).to_have_count(9)
    charts = page.locator("[data-chart]")
    expect(charts).to_have_count(9)
    # At one moment: the page may still be scrolling.
    tops = charts.evaluate_all("all => all.slice(0, 3).map((chart) => Math.round(chart.getBoundingClientRect().top))")
    assert len(set(tops)) == 1
    assert page.evaluate(SHIFT) < 0.05
    shoot(page, "statistics")

    # Pointed at, a bar says its value in the place's currency.
    page.locator("[data-chart=median-check-by-weekday] .nsewdrag").hover()
    expect(page.locator("[data-chart=median-check-by-weekday] .hoverlayer")).to_contain_text("₽")

    # The table behind a chart, and its files.
    chart = page.locator("[data-chart=median-check-by-weekday]")
    chart.get_by_text("Numbers and files").click()
    expect(chart.get_by_role("row")).to_have_count(8)
    expect(chart.get_by_role("rowheader").first).to_have_text("Monday")
    for name in ("CSV", "PNG", "SVG"):
        with page.expect_download() as download:
            chart.get_by_text(name, exact=True).click()
        assert download.value.suggested_filename == f"samovar-median-check-by-weekday-30-days.{name.lower()}"

    # Another period, another place.
    page.get_by_role("link", name="365 days").click()
    page.wait_for_url(re.compile("period=365"))
    expect(page.locator(DRAWN)).to_have_count(9)
    expect(page.locator("[data-chart=checks-by-day] h4")).to_contain_text("By week")
    page.get_by_label("Place", exact=True).select_option("oliva")
    page.wait_for_url(re.compile("place=oliva"))
    expect(page.locator(DRAWN)).to_have_count(9)
    expect(page.locator(".chart__number").first).to_contain_text("£")
    assert complaints == []


def test_the_statistics_on_a_phone(counted: list[PlacePage], new_page: NewPage, shoot: Shoot) -> None:
    page = new_page(**PHONE)
    sign_in(page, "/admin/")
    page.goto("/admin/?place=samovar")
    expect(page.locator(DRAWN)).to_have_count(9)

    charts = page.locator("[data-chart]")
    edges = charts.evaluate_all("all => all.map((chart) => JSON.stringify([chart.offsetLeft, chart.offsetWidth]))")
    assert len(set(edges)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#statistics-section").scroll_into_view_if_needed()
    shoot(page, "statistics-phone")


def test_without_scripts_the_numbers_are_there(counted: list[PlacePage], new_page: NewPage) -> None:
    page = new_page(**COMPUTER, java_script_enabled=False)
    sign_in(page, "/admin/")
    page.goto("/admin/?place=samovar")

    expect(page.locator("[data-canvas]").first).to_be_hidden()
    expect(page.locator(".chart__number b").first).to_contain_text("₽")
    chart = page.locator("[data-chart=checks-by-weekday]")
    chart.locator("summary").click()
    expect(chart.get_by_role("rowheader").first).to_have_text("Monday")
    expect(chart.get_by_text("PNG")).to_be_hidden()
    page.get_by_label("Place", exact=True).select_option("oliva")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".chart__number b").first).to_contain_text("£")
