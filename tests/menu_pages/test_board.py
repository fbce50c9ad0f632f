"""The menu board, as its owner uses it: reading, editing, undoing, adding, stopping; and who may not."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.board.ordering import mark_of
from menu_pages.board.reading import read_board
from menu_pages.models import CategoryPage, DishPage, PlacePage, StopListEntry
from menu_pages.stopping import stop_dish
from tests.factories.menus import make_category, make_dish
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db

SCRIPT = {"x-fragment": "board"}


@pytest.fixture
def owner(alice: User, place_a: PlacePage) -> Client:
    return signed_in(alice)


@pytest.fixture
def editor(organisation_a: Organisation) -> Client:
    """Anna, a second editor of the same menu."""
    user = make_member("anna@example.com", organisation_a, Role.EDITOR)
    User.objects.filter(pk=user.pk).update(first_name="Anna", last_name="Orlova")
    return signed_in(user)


def url(name: str, place: PlacePage) -> str:
    return reverse(f"board:{name}", args=[place.slug])


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def edit(client: Client, place: PlacePage, page: Any, was: str, value: str, field: str = "price") -> HttpResponse:
    data = {"page": page.pk, field: value, f"was_{field}": was}
    return client.post(url("edit", place), data, headers=SCRIPT)


def stored(dish: DishPage) -> DishPage:
    return DishPage.objects.get(pk=dish.pk)


def test_the_board_shows_the_whole_menu_in_its_order_with_drafts_marked(
    owner: Client, alice: User, place_a: PlacePage, borshch: DishPage, ukha: DishPage, soups: CategoryPage
) -> None:
    hot = make_category(soups, "Hot soups")
    make_dish(hot, "Okroshka", None, live=False)
    ukha.title, ukha.price = "Royal ukha", Decimal("500.50")
    ukha.save_revision(user=alice)

    board = read_board(place_a)
    page = text(owner.get(url("index", place_a)))

    (part,) = board.parts
    assert [(row.title, row.values["price"]) for row in part.dishes] == [("Borshch", "390"), ("Royal ukha", "500.50")]
    assert [(child.row.title, [row.title for row in child.dishes]) for child in part.parts] == [
        ("Hot soups", ["Okroshka"])
    ]
    assert "Unpublished changes" in page
    assert "Draft, waits for its price" in page
    assert f'name="dish" value="{borshch.pk}" form="board-selection"' in page


def test_a_scheduled_draft_says_when(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    borshch.go_live_at = timezone.now() + datetime.timedelta(days=3)
    borshch.save_revision().publish()

    assert "Scheduled: " in text(owner.get(url("index", place_a)))


def test_an_empty_menu_leads_on(owner: Client, place_a: PlacePage) -> None:
    page = text(owner.get(url("index", place_a)))

    assert "The menu is empty" in page
    assert "First category, for example: Soups" in page
    assert reverse("files:index", args=[place_a.slug]) in page


@pytest.mark.parametrize("dishes", [1, 3])
def test_the_board_costs_the_same_for_any_number_of_dishes(
    alice: User, owner: Client, place_a: PlacePage, soups: CategoryPage, dishes: int
) -> None:
    for number in range(dishes):
        dish = make_dish(soups, f"Dish {number}")
        stop_dish(dish=dish, by=alice)
        dish.title = "Draft"
        dish.save_revision(user=alice)
    read_board(place_a)  # content types are looked up once a process

    with CaptureQueriesContext(connection) as reading:
        read_board(PlacePage.objects.select_related("record").get(pk=place_a.pk))
    owner.get(url("index", place_a))
    with CaptureQueriesContext(connection) as whole:
        owner.get(url("index", place_a))

    assert len(reading) == 7
    assert len(whole) == 22


def test_an_edit_is_published_with_a_revision_and_says_so(
    owner: Client, alice: User, place_a: PlacePage, borshch: DishPage
) -> None:
    response = edit(owner, place_a, borshch, "390", "420,5")

    answer = response.json()
    assert answer["message"].startswith("Saved at ")
    assert answer["values"] == {"price": "420.50"}
    dish = stored(borshch)
    assert (dish.price, dish.live_revision.user) == (Decimal("420.50"), alice)


@pytest.mark.parametrize("title", ["Borshch  with beans", "Borshch\u00a0with beans"])
def test_a_title_written_elsewhere_with_other_spaces_can_be_changed(
    owner: Client, place_a: PlacePage, borshch: DishPage, title: str
) -> None:
    borshch.title = title
    borshch.save_revision().publish()

    response = edit(owner, place_a, borshch, title, "Borshch with garlic", "title")

    assert (response.status_code, stored(borshch).title) == (200, "Borshch with garlic")


def test_undo_puts_back_and_only_once(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    token = edit(owner, place_a, borshch, "390", "420").json()["undo"]
    data = {"page": borshch.pk, "token": token}

    response = owner.post(url("undo", place_a), data, headers=SCRIPT)

    assert response.json()["values"] == {"price": "390"}
    assert stored(borshch).price == Decimal(390)
    edit(owner, place_a, borshch, "390", "450")
    assert owner.post(url("undo", place_a), data, headers=SCRIPT).status_code == 409
    assert owner.post(url("undo", place_a), {**data, "token": "x"}, headers=SCRIPT).status_code == 403
    assert stored(borshch).price == Decimal(450)


@pytest.mark.parametrize(
    ("field", "was", "value", "words"),
    [
        ("price", "390", "much", "“much” is no number."),
        ("price", "390", "-5", "A negative number cannot stand here: -5."),
        ("price", "390", "1.234", "“1.234” has more than 2 digits after the point."),
        ("price", "390", "", "A published dish needs a price. To hide the dish, unpublish it."),
        ("title", "Borshch", "  ", "Give it a title."),
        ("title", "Borshch", "\u200b\u00a0", "Give it a title."),
        ("title", "Borshch", "\u202eBorshch", "This sign cannot stand in a title."),
        ("cost", "", "x", "“x” is no number."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    owner: Client, place_a: PlacePage, borshch: DishPage, field: str, was: str, value: str, words: str
) -> None:
    response = edit(owner, place_a, borshch, was, value, field)

    assert (response.status_code, response.json()["errors"]) == (422, {field: words})
    plain = owner.post(url("edit", place_a), {"page": borshch.pk, field: value, f"was_{field}": was})
    assert plain.status_code == 422
    assert words in text(plain)
    assert f'name="{field}" value="{value}"' in plain.content.decode()
    assert (stored(borshch).title, stored(borshch).price) == ("Borshch", Decimal(390))


def test_a_value_someone_else_has_changed_is_not_overwritten(
    owner: Client, editor: Client, place_a: PlacePage, borshch: DishPage
) -> None:
    edit(editor, place_a, borshch, "390", "410")

    response = edit(owner, place_a, borshch, "390", "450")

    assert response.status_code == 409
    assert response.json() == {"message": "Anna Orlova has changed this meanwhile.", "theirs": {"price": "410"}}
    assert stored(borshch).price == Decimal(410)
    plain = owner.post(url("edit", place_a), {"page": borshch.pk, "price": "450", "was_price": "390"})
    assert plain.status_code == 409
    assert "Price: theirs is 410, yours is 450." in text(plain)
    assert edit(owner, place_a, borshch, "410", "450").status_code == 200
    assert stored(borshch).price == Decimal(450)


def test_the_newest_draft_is_what_is_compared_and_it_stays_a_draft(
    owner: Client, alice: User, place_a: PlacePage, borshch: DishPage
) -> None:
    borshch.title, borshch.price = "Borshch with garlic", Decimal(500)
    borshch.save_revision(user=alice)

    assert edit(owner, place_a, borshch, "390", "420").status_code == 409
    assert edit(owner, place_a, borshch, "500", "420").status_code == 200

    dish = stored(borshch)
    assert (dish.title, dish.price, dish.has_unpublished_changes) == ("Borshch", Decimal(420), True)
    assert dish.get_latest_revision_as_object().title == "Borshch with garlic"


def test_a_draft_without_a_price_can_be_renamed_and_priced(
    owner: Client, place_a: PlacePage, soups: CategoryPage
) -> None:
    dish = make_dish(soups, "Okroshka", None, live=False)

    assert edit(owner, place_a, dish, "Okroshka", "Summer soup", "title").status_code == 200
    assert edit(owner, place_a, dish, "", "300").status_code == 200

    draft = stored(dish).get_latest_revision_as_object()
    assert (draft.title, draft.price, stored(dish).live) == ("Summer soup", Decimal(300), False)


def test_a_page_locked_by_another_is_left_alone(
    owner: Client, editor: Client, place_a: PlacePage, borshch: DishPage
) -> None:
    anna = User.objects.get(email="anna@example.com")
    DishPage.objects.filter(pk=borshch.pk).update(locked=True, locked_by=anna, locked_at=timezone.now())

    response = edit(owner, place_a, borshch, "390", "420")

    assert (response.status_code, response.json()["message"]) == (403, "“Borshch” is locked by another editor.")
    assert stored(borshch).price == Decimal(390)


def test_without_a_script_a_row_is_saved_whole_and_undone(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    data = {"page": borshch.pk, "title": "Red borshch", "price": "420", "cost": "90"}
    was = {"was_title": "Borshch", "was_price": "390", "was_cost": ""}

    page = owner.post(url("edit", place_a), {**data, **was}, follow=True)

    dish = stored(borshch)
    assert (dish.title, dish.price, dish.cost) == ("Red borshch", Decimal(420), Decimal(90))
    row = next(row for row in page.context["board"].parts[0].dishes if row.page.pk == borshch.pk)
    owner.post(url("undo", place_a), {"page": borshch.pk, "token": row.said.undo})
    dish = stored(borshch)
    assert (dish.title, dish.price, dish.cost) == ("Borshch", Decimal(390), None)


def test_a_dish_is_added_in_one_line(owner: Client, alice: User, place_a: PlacePage, borshch: DishPage) -> None:
    soups = borshch.get_parent()
    data = {"parent": soups.pk, "title": "Borshch", "price": "410"}

    answer = owner.post(url("add_dish", place_a), data, headers=SCRIPT).json()

    dish = DishPage.objects.get(pk=answer["page"])
    assert (dish.slug, dish.live, dish.price, dish.owner) == ("borshch-2", True, Decimal(410), alice)
    assert answer["message"] == "“Borshch” is added and published."
    assert answer["editor"] == reverse("wagtailadmin_pages:edit", args=[dish.pk])
    assert f'data-row="{dish.pk}"' in answer["list"]
    assert owner.get(dish.href).status_code == 200


def test_a_dish_without_a_price_waits_as_a_draft(owner: Client, place_a: PlacePage, soups: CategoryPage) -> None:
    page = owner.post(url("add_dish", place_a), {"parent": soups.pk, "title": "Okroshka", "price": ""}, follow=True)

    assert "“Okroshka” is added as a draft. It waits for its price." in text(page)
    assert "Open its editor" in text(page)
    assert not DishPage.objects.get().live


def test_a_wrong_line_keeps_what_was_typed(owner: Client, place_a: PlacePage, soups: CategoryPage) -> None:
    page = owner.post(url("add_dish", place_a), {"parent": soups.pk, "title": "Okroshka", "price": "x"})

    assert page.status_code == 422
    assert "“x” is no number." in text(page)
    assert 'value="Okroshka"' in text(page)
    assert not DishPage.objects.exists()


def test_categories_are_added_to_the_menu_and_to_each_other(owner: Client, place_a: PlacePage) -> None:
    owner.post(url("add_category", place_a), {"title": "Menu"})
    drinks = CategoryPage.objects.get()
    answer = owner.post(url("add_category", place_a), {"title": "Чай", "parent": drinks.pk}, headers=SCRIPT).json()

    assert (drinks.slug, drinks.live) == ("menu-2", True)
    tea = CategoryPage.objects.get(pk=answer["page"])
    assert (tea.get_parent().pk, tea.slug, tea.live) == (drinks.pk, "chay", True)
    assert f'data-part="{tea.pk}"' in answer["board"]


@pytest.mark.parametrize(("until", "words"), [("open", "Off sale until put back"), ("day", "Off sale until ")])
def test_a_dish_is_taken_off_sale_and_put_back(
    owner: Client, alice: User, place_a: PlacePage, borshch: DishPage, until: str, words: str
) -> None:
    response = owner.post(url("stop", place_a), {"page": borshch.pk, "until": until}, headers=SCRIPT)

    assert words in response.json()["stop"]
    entry = StopListEntry.objects.get(lifted_at=None)
    assert (entry.dish_id, entry.stopped_by, entry.until is None) == (borshch.pk, alice, until == "open")
    owner.post(url("stop", place_a), {"page": borshch.pk, "until": "return"})
    assert not StopListEntry.objects.filter(lifted_at=None).exists()


def test_the_end_of_the_day_is_that_of_the_business(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    place_a.record.day_starts_at = datetime.time(5)
    place_a.record.save()

    owner.post(url("stop", place_a), {"page": borshch.pk, "until": "day"})

    until = StopListEntry.objects.get().until.astimezone(place_a.record.zone)
    assert (until.hour, until > timezone.now(), until - timezone.now() <= datetime.timedelta(days=1)) == (5, True, True)


@pytest.mark.parametrize("at", ["", "2020-01-01T10:00", "9999-01-01T10:00", "nonsense", "2026-13-40T10:00"])
def test_a_time_that_makes_no_sense_stops_nothing(
    owner: Client, place_a: PlacePage, borshch: DishPage, at: str
) -> None:
    response = owner.post(url("stop", place_a), {"page": borshch.pk, "until": "time", "at": at})

    assert response.status_code == 422
    assert "Take off sale" in text(response)
    assert not StopListEntry.objects.exists()


def test_a_time_is_that_of_the_place(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    tomorrow = (place_a.record.local_now() + datetime.timedelta(days=1)).replace(hour=18, minute=30)
    at = f"{tomorrow:%Y-%m-%dT%H:%M}"

    owner.post(url("stop", place_a), {"page": borshch.pk, "until": "time", "at": at})

    until = StopListEntry.objects.get().until.astimezone(place_a.record.zone)
    assert f"{until:%Y-%m-%dT%H:%M}" == at
    page = text(owner.get(url("page", place_a), {"at": "soups/borshch"}))
    assert "Taken off by alice@example.com" in page


def test_nobody_but_the_places_moderators_comes_in(
    owner: Client, place_a: PlacePage, borshch: DishPage, bob: User, place_b: PlacePage, charlie: User
) -> None:
    doors = [("get", name) for name in ("index", "page")]
    doors += [("post", name) for name in ("edit", "undo", "move", "stop", "add_dish", "add_category")]
    data = {"page": borshch.pk, "at": "soups/borshch", "title": "Stolen", "until": "open", "parent": ""}

    for method, name in doors:
        response = getattr(signed_in(bob), method)(url(name, place_a), data)
        assert response.status_code == 404, name
        assert "Borshch" not in text(response)
        assert getattr(signed_in(charlie), method)(url(name, place_a), data).status_code in (302, 404), name
        assert getattr(Client(), method)(url(name, place_a), data).status_code == 302, name
    assert (stored(borshch).title, CategoryPage.objects.count(), StopListEntry.objects.count()) == ("Borshch", 1, 0)


def test_pages_of_another_place_do_not_exist(
    owner: Client, place_a: PlacePage, place_b: PlacePage, borshch: DishPage, pizza: DishPage
) -> None:
    theirs = pizza.get_parent()
    seen = mark_of([borshch.pk])
    attempts = [
        ("edit", {"page": pizza.pk, "price": "1", "was_price": "9.50"}),
        ("undo", {"page": pizza.pk, "token": "x"}),
        ("move", {"page": pizza.pk, "to": borshch.get_parent().pk, "seen": seen}),
        ("move", {"page": borshch.pk, "to": theirs.pk, "seen": seen}),
        ("move", {"page": borshch.pk, "before": pizza.pk, "seen": seen}),
        ("stop", {"page": pizza.pk, "until": "open"}),
        ("add_dish", {"parent": theirs.pk, "title": "Stolen", "price": "1"}),
        ("add_category", {"parent": theirs.pk, "title": "Stolen"}),
        ("edit", {"page": "1" * 40, "price": "1"}),
        ("edit", {"page": "x", "price": "1"}),
    ]

    for name, data in attempts:
        response = owner.post(url(name, place_a), data, headers=SCRIPT)
        assert response.status_code == 404, (name, data)
        assert "Margherita" not in text(response)
    assert owner.get(url("page", place_a), {"at": "pizza/margherita"}).status_code == 404
    assert DishPage.objects.child_of(theirs).get().price == Decimal("9.50")
    assert not StopListEntry.objects.exists()


def test_an_undo_of_another_place_is_refused(
    owner: Client, bob: User, place_a: PlacePage, place_b: PlacePage, borshch: DishPage, pizza: DishPage
) -> None:
    token = edit(signed_in(bob), place_b, pizza, "9.50", "11").json()["undo"]

    response = owner.post(url("undo", place_a), {"page": borshch.pk, "token": token}, headers=SCRIPT)

    assert response.status_code == 404
    assert stored(pizza).price == Decimal(11)
