from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from menu_pages.models import CategoryPage
from tests.factories.menus import make_dish


def test_a_dish_is_found_by_its_title_and_lost_with_it(soups: CategoryPage) -> None:
    dish = make_dish(soups, "Solyanka with olives")
    make_dish(soups, "Ukha")

    assert [page.title for page in Page.objects.live().search("solyanka")] == ["Solyanka with olives"]

    dish.title = "Rassolnik"
    dish.save_revision().publish()

    assert list(Page.objects.live().search("solyanka")) == []
    assert [page.title for page in Page.objects.live().search("rassolnik")] == ["Rassolnik"]


def test_saving_a_page_reads_no_other_titles(soups: CategoryPage) -> None:
    with CaptureQueriesContext(connection) as queries:
        make_dish(soups, "Ukha")

    assert [query["sql"] for query in queries if "AVG(" in query["sql"]] == []
    assert any("indexentry" in query["sql"] for query in queries)
