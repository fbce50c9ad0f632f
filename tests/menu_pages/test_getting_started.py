"""The home screen that leads: what is missing before opening, what is out of stock."""

import datetime
import json

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.getting_started import Facts, read_facts, starts, steps
from menu_pages.home_panels import MOST_PLACES, MOST_STOPPED, StartPanel, StoppedPanel
from menu_pages.models import CategoryPage, DishPage, PlacePage, StopListEntry
from menu_pages.places_admin import ModeratorRequest
from menu_pages.provisioning import create_place
from menu_pages.stopping import stop_dish
from menu_pages.tables import set_table_count
from menu_pages.themes.installing import install_theme
from tests.factories.menus import make_category, make_dish
from tests.factories.people import make_member, signed_in

HOURS = json.dumps([{"type": "hours", "value": {"weekdays": ["1"], "opens": "09:00", "closes": "22:00"}}])


def facts(place: PlacePage) -> Facts:
    (found,) = read_facts([place])
    return found


def open_for_guests(place: PlacePage, by: User) -> None:
    """Do all that is left to do but the menu."""
    place.hours = HOURS
    place.save_revision().publish()
    install_theme(place=place, theme="bar", by=by)


def home(user: User) -> str:
    return signed_in(user).get("/admin/").content.decode()


def test_a_new_place_lacks_everything_but_tables(place_a: PlacePage) -> None:
    found = steps(facts(place_a))

    assert [(step.title, step.done) for step in found] == [
        ("Menu", False),
        ("Theme", False),
        ("Tables", True),
        ("Opening hours", False),
    ]


def test_each_step_leads_to_where_it_is_done(alice: User, place_a: PlacePage) -> None:
    client = signed_in(alice)

    urls = [step.url for step in steps(facts(place_a))]

    assert [client.get(url).status_code for url in urls] == [200] * 4
    assert urls[1:3] == ["/admin/places/teahouse/themes/", "/admin/places/teahouse/qr/"]
    assert 'id="panel-child-content-hours-section"' in client.get(urls[3]).content.decode()


def test_everything_done_is_ready(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    open_for_guests(place_a, alice)

    (start,) = starts([PlacePage.objects.select_related("record").get(pk=place_a.pk)])

    assert (start.ready, start.done) == (True, 4)


def test_tables_put_away_do_not_count(place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=0)

    assert facts(place_a).tables == 0
    assert not steps(facts(place_a))[2].done


def test_what_guests_do_not_see_is_not_on_sale(place_a: PlacePage, soups: CategoryPage, borshch: DishPage) -> None:
    DishPage.objects.filter(pk=make_dish(soups, "Solyanka").pk).update(price=None)
    make_dish(soups, "Shchi", live=False)
    hidden = make_category(place_a, "Secret", live=False)
    make_dish(make_category(hidden, "Below"), "Truffle")

    found = facts(place_a)

    assert (found.on_sale, found.unpriced, found.unpublished) == (1, 1, 1)
    assert steps(found)[0].note == (
        "1 dish on sale. 1 dish has no price, so guests do not see it. 1 dish waits to be published."
    )
    assert not steps(found)[0].done


def test_a_draft_of_a_published_dish_waits(place_a: PlacePage, borshch: DishPage) -> None:
    borshch.title = "Borshch with pampushki"
    borshch.save_revision()

    assert (facts(place_a).on_sale, facts(place_a).unpublished) == (1, 1)


def test_a_place_taken_off_says_so_first(place_a: PlacePage) -> None:
    place_a.unpublish()

    first = steps(facts(place_a))[0]

    assert (first.title, first.done) == ("Publishing", False)


def test_places_are_not_mixed_up(place_a: PlacePage, borshch: DishPage, place_b: PlacePage) -> None:
    install_theme(place=place_b, theme="bar", by=None)

    found = read_facts([place_a, place_b])

    assert [(fact.place.pk, fact.on_sale, fact.theme_chosen) for fact in found] == [
        (place_a.pk, 1, False),
        (place_b.pk, 0, True),
    ]


@pytest.mark.parametrize("places", [1, 3])
def test_it_costs_three_queries(
    organisation_a: Organisation, borshch: DishPage, places: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for title in ("Bar", "Veranda"):
        place = create_place(organisation=organisation_a, title=title)
        make_dish(make_category(place, "Drinks"), "Water")
    pages = list(PlacePage.objects.select_related("record").order_by("pk")[:places])

    with django_assert_num_queries(3):
        found = starts(pages)

    assert [start.steps[0].note for start in found] == ["1 dish on sale."] * places


@pytest.mark.parametrize("places", [1, 3])
def test_the_panels_cost_the_same_for_any_number_of_places(
    alice: User,
    organisation_a: Organisation,
    borshch: DishPage,
    places: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for title in ("Bar", "Veranda")[: places - 1]:
        place = create_place(organisation=organisation_a, title=title)
        stop_dish(dish=make_dish(make_category(place, "Drinks"), "Water"), by=alice)
    stop_dish(dish=borshch, by=alice)
    request = request_of(alice)

    # Whose menus they edit (2), how far these have come (3), who opens the desk (1).
    with django_assert_num_queries(6):
        start = StartPanel(request).render_html({})
    # Whose stop-list (1), its entries (1), how many there are (1).
    with django_assert_num_queries(3):
        stopped = StoppedPanel(request).render_html({})

    assert start.count("<article") == places
    assert stopped.count("<form") == places


def test_a_place_that_is_ready_takes_one_line(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    assert "Before you open" in home(alice)

    open_for_guests(place_a, alice)
    body = home(alice)

    assert "Before you open" not in body
    assert "Everything is ready for guests." in body
    assert "home-step" not in body.partition('id="today-section"')[0].partition('id="getting-started-section"')[2]
    assert 'href="/staff/teahouse/"' in body


def test_the_panels_come_in_the_order_of_need(alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    body = home(alice)

    places = [body.index(f'id="{name}-section"') for name in ("getting-started", "today", "out-of-stock")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("role", "panels"),
    [
        (Role.EDITOR, ["getting-started", "out-of-stock"]),
        (Role.MANAGER, ["today", "out-of-stock"]),
        (Role.ANALYST, ["today"]),
    ],
)
def test_each_role_reads_its_own_panels(
    organisation_a: Organisation, borshch: DishPage, role: Role, panels: list[str]
) -> None:
    body = home(make_member("dana@example.com", organisation_a, role))

    named = ("getting-started", "today", "out-of-stock")
    assert [name for name in named if f'id="{name}-section"' in body] == panels


def test_an_editor_is_not_led_to_the_desk(organisation_a: Organisation, place_a: PlacePage, alice: User) -> None:
    open_for_guests(place_a, alice)

    assert "/staff/" not in home(make_member("dana@example.com", organisation_a, Role.EDITOR))


def test_more_places_than_fit_are_counted(alice: User, organisation_a: Organisation) -> None:
    for number in range(MOST_PLACES):
        create_place(organisation=organisation_a, title=f"Place {number}")

    assert "and 1 more place" in home(alice)


def test_what_is_out_of_stock_says_until_when(
    alice: User, place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    tomorrow = place_a.record.local_now().replace(hour=18, minute=30) + datetime.timedelta(days=1)
    stop_dish(dish=borshch, by=alice, until=tomorrow, reason="no beetroot")
    stop_dish(dish=ukha, by=alice)
    panel = StoppedPanel(request_of(alice))

    rows = panel.get_context_data()["rows"]

    assert [(entry.dish.title, until and until.strftime("%H:%M"), today) for entry, until, today in rows] == [
        ("Ukha", None, False),
        ("Borshch", "18:30", False),
    ]
    assert "no beetroot" in home(alice)


def request_of(user: User) -> ModeratorRequest:
    request = ModeratorRequest()
    request.user = user
    return request


def test_only_what_is_out_now_and_ones_own_is_listed(
    alice: User, borshch: DishPage, ukha: DishPage, pizza: DishPage
) -> None:
    entry = stop_dish(dish=ukha, by=alice)
    StopListEntry.objects.filter(pk=entry.pk).update(until=timezone.now() - datetime.timedelta(minutes=1))
    stop_dish(dish=borshch, by=alice)
    stop_dish(dish=pizza, by=None)

    body = home(alice)

    assert "Borshch" in body
    assert "Ukha" not in body
    assert "Margherita" not in body


def test_more_than_fit_are_counted(alice: User, soups: CategoryPage) -> None:
    for number in range(MOST_STOPPED + 2):
        stop_dish(dish=make_dish(soups, f"Soup {number}"), by=alice)

    assert "and 2 more dishes" in home(alice)


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR, Role.MANAGER])
def test_one_press_puts_a_dish_back(organisation_a: Organisation, borshch: DishPage, role: Role) -> None:
    stop_dish(dish=borshch, by=None)
    client = signed_in(make_member("dana@example.com", organisation_a, role))

    response = client.post("/admin/places/teahouse/stop-list/return/", {"dish": "soups/borshch"}, follow=True)

    assert response.redirect_chain == [("/admin/", 302)]
    assert "“Borshch” is on sale again." in response.content.decode()
    assert not StopListEntry.objects.current(timezone.now()).exists()


def test_nobody_else_puts_it_back(
    organisation_a: Organisation, borshch: DishPage, bob: User, place_b: PlacePage, pizza: DishPage
) -> None:
    stop_dish(dish=borshch, by=None)
    stop_dish(dish=pizza, by=None)
    analyst = make_member("dana@example.com", organisation_a, Role.ANALYST)

    answers = [
        signed_in(analyst).post("/admin/places/teahouse/stop-list/return/", {"dish": "soups/borshch"}),
        signed_in(bob).post("/admin/places/teahouse/stop-list/return/", {"dish": "soups/borshch"}),
        signed_in(bob).post("/admin/places/pizzeria/stop-list/return/", {"dish": "../teahouse/soups/borshch"}),
        signed_in(bob).post("/admin/places/pizzeria/stop-list/return/", {"dish": "no\0dish"}),
        signed_in(bob).get("/admin/places/pizzeria/stop-list/return/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 405]
    assert StopListEntry.objects.current(timezone.now()).count() == 2
