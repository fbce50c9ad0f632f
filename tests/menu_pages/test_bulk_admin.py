"""Bulk changes as an owner sees them: the choice, the look, the result; and what strangers get."""

import datetime
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages import turns
from menu_pages.models import BulkChange, BulkStatus, CategoryPage, DishPage, PlacePage
from menu_pages.tasks import apply_bulk_change
from tests.factories.menus import make_dish
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(alice: User, place_a: PlacePage) -> Client:
    return signed_in(alice)


def url(name: str, place: PlacePage, *args: Any) -> str:
    return reverse(f"bulk:{name}", args=[place.slug, *args])


def ask(client: Client, place: PlacePage, dishes: Sequence[Any], action: str = "prices", **data: Any) -> HttpResponse:
    ids = [dish.pk if isinstance(dish, DishPage) else dish for dish in dishes]
    fields = {"percent": "7", "rounding": "5"} if action == "prices" else {}
    return client.post(url("prepare", place), {"dish": ids, "action": action, **fields, **data})


def looked_at(
    client: Client, place: PlacePage, dishes: Sequence[Any], action: str = "prices", **data: Any
) -> BulkChange:
    response = ask(client, place, dishes, action, **data)
    found = BulkChange.objects.filter(place=place).first()
    assert response.status_code == 303, text(response)
    assert response["Location"] == url("detail", place, found.public_id)
    return found


def text(response: HttpResponse) -> str:
    """As read: no markup, thin spaces as spaces."""
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(words.replace("\u202f", " ").split())


def detail(client: Client, change: BulkChange, **kwargs: Any) -> HttpResponse:
    return client.get(url("detail", change.place, change.public_id), **kwargs)


def counted(client: Client, address: str) -> tuple[HttpResponse, int]:
    """The answer and the number of its queries; the menu beside every page has some of its own."""
    with CaptureQueriesContext(connection) as queries:
        return client.get(address), len(queries)


def price_of(dish: DishPage) -> str:
    return str(DishPage.objects.get(pk=dish.pk).price)


def test_prices_are_looked_at_applied_and_undone(
    owner: Client, place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    change = looked_at(owner, place_a, [ukha, borshch], percent="+7,0 %")
    page = text(detail(owner, change))
    assert "Prices +7 %, rounded to 5" in page
    assert "Nothing has been changed yet." in page
    assert "Borshch Soups ₽390 ₽415 Ukha Soups ₽450.50 ₽480" in page
    assert "₽840.50 → ₽895 +6.5 %" in page
    assert price_of(borshch) == "390.00"

    done = owner.post(url("apply", place_a, change.public_id), follow=True)
    assert done.redirect_chain == [(url("detail", place_a, change.public_id), 303)]
    assert "Done: 2 dishes changed." in text(done)
    assert reverse("board:index", args=[place_a.slug]) in done.content.decode()
    assert price_of(borshch) == "415.00"

    undone = owner.post(url("undo", place_a, change.public_id), follow=True)
    assert "Undo: Prices +7 %" in text(undone)
    assert price_of(borshch) == "390.00"
    assert "This change has been undone" in text(detail(owner, change))


def test_the_result_names_what_was_left_as_it_is(
    owner: Client, place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    change = looked_at(owner, place_a, [borshch, ukha])
    DishPage.objects.filter(pk=borshch.pk).update(price=400)

    page = text(owner.post(url("apply", place_a, change.public_id), follow=True))

    assert "Done: 1 dish changed. 1 was left as it is, see below." in page
    assert "changed meanwhile: ₽390 → ₽400, left as it is" in page


def test_the_look_warns_of_prices_for_nothing_and_of_rounding(
    owner: Client, place_a: PlacePage, soups: CategoryPage
) -> None:
    dishes = [make_dish(soups, title, price) for title, price in (("Salt", "2"), ("Bread", "5"), ("Free", "0"))]

    page = text(detail(owner, looked_at(owner, place_a, dishes)))

    assert "1 price becomes 0: guests would get the dish for nothing." in page
    assert "Rounding brings 1 price back to what it is now." in page
    assert "Free ₽0 costs nothing and goes on costing nothing" in page


def test_options_stand_beneath_their_dish(owner: Client, place_a: PlacePage, tea: DishPage) -> None:
    page = text(detail(owner, looked_at(owner, place_a, [tea], options="on")))

    assert "Large +₽120.50 +₽130 Honey +₽60 +₽65" in page


def test_publishing_and_unpublishing(owner: Client, place_a: PlacePage, borshch: DishPage, ukha: DishPage) -> None:
    hidden = looked_at(owner, place_a, [borshch, ukha], "unpublish")
    assert "Borshch Soups off the menu" in text(detail(owner, hidden))
    owner.post(url("apply", place_a, hidden.public_id))
    assert DishPage.objects.live().count() == 0

    shown = looked_at(owner, place_a, [borshch], "publish")
    owner.post(url("apply", place_a, shown.public_id))
    assert DishPage.objects.live().get() == borshch
    assert "is published already" in text(detail(owner, looked_at(owner, place_a, [borshch], "publish")))


def test_giving_up_forgets_the_look(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    change = looked_at(owner, place_a, [borshch])

    response = owner.post(url("give_up", place_a, change.public_id))

    assert response["Location"] == reverse("board:index", args=[place_a.slug])
    assert not BulkChange.objects.exists()
    assert price_of(borshch) == "390.00"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"percent": ""}, "By how many per cent?"),
        ({"percent": "seven"}, "Write the per cent as 7, −10 or 2.5."),
        ({"percent": "٧"}, "Write the per cent as 7, −10 or 2.5."),
        ({"percent": "NaN"}, "Write the per cent as 7, −10 or 2.5."),
        ({"percent": "-100.01"}, "From −100 to 1000 per cent."),
        ({"percent": "1001"}, "From −100 to 1000 per cent."),
        ({"rounding": "3"}, "Select a valid choice."),
        ({"action": ""}, "Choose what to do with the dishes."),
        ({"action": "delete"}, "Select a valid choice."),
    ],
)
def test_wrong_input_is_asked_again_with_the_choice_kept(
    owner: Client, place_a: PlacePage, borshch: DishPage, data: dict[str, str], words: str
) -> None:
    response = ask(owner, place_a, [borshch], **{"action": "prices", **data})

    assert response.status_code == 422
    assert words in text(response)
    assert f'<input type="hidden" name="dish" value="{borshch.pk}">' in response.content.decode()
    assert not BulkChange.objects.exists()


def test_a_price_too_large_is_said_with_the_dishs_name(owner: Client, place_a: PlacePage, soups: CategoryPage) -> None:
    response = ask(owner, place_a, [make_dish(soups, "<Gold>", "99999999")])

    assert response.status_code == 422
    assert "The new price of “&lt;Gold&gt;” is too large." in text(response)


@pytest.mark.parametrize("percent", ["-100", "−12,5", "1000", "0,26 %"])
def test_per_cent_is_read_as_people_write_it(
    owner: Client, place_a: PlacePage, borshch: DishPage, percent: str
) -> None:
    assert looked_at(owner, place_a, [borshch], percent=percent, rounding="0.01").total == 1


def test_nothing_chosen_and_too_many_are_said(owner: Client, place_a: PlacePage) -> None:
    assert "Choose at least one dish first." in text(ask(owner, place_a, []))
    response = ask(owner, place_a, range(1, 2002))
    assert response.status_code == 422
    assert "Choose at most 2000 dishes at a time." in text(response)


def test_what_is_no_dish_of_the_place_is_refused_as_if_missing(
    owner: Client, place_a: PlacePage, soups: CategoryPage, borshch: DishPage, pizza: DishPage
) -> None:
    answers = {
        text(ask(owner, place_a, [borshch, stranger]))
        for stranger in (pizza, soups.pk, place_a.pk, 10**9, 10**30, "x", "-1", "1.5", "٣", "")
    }

    (answer,) = answers
    assert "Some of the dishes you chose are no longer in this menu." in answer
    assert not BulkChange.objects.exists()


def test_many_dishes_are_shown_in_pages(owner: Client, place_a: PlacePage, soups: CategoryPage) -> None:
    dishes = [make_dish(soups, f"Dish {number}", "100") for number in range(120)]

    change = looked_at(owner, place_a, dishes)
    page = detail(owner, change)

    assert change.total == 120
    assert page.content.decode().count("<b>Dish ") == 100
    assert "Page 1 of 2" in text(page)
    rest = owner.get(url("detail", place_a, change.public_id), {"p": 2}).content.decode()
    assert rest.count("<b>Dish ") == 20


def test_progress_is_followed_and_a_silent_change_can_be_continued(
    owner: Client, place_a: PlacePage, borshch: DishPage
) -> None:
    change = looked_at(owner, place_a, [borshch])
    turns.claim(change)
    page = detail(owner, change).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert "js/files.js" in page
    part = detail(owner, change, headers={"x-fragment": "progress"})
    assert part.content.decode().startswith('<section class="bulk-state" data-progress="running"')

    BulkChange.objects.filter(pk=change.pk).update(moved_at=timezone.now() - datetime.timedelta(minutes=5))
    assert "silent for a while" in text(detail(owner, change))
    done = owner.post(url("apply", place_a, change.public_id), follow=True)
    assert "Done: 1 dish changed." in text(done)
    # Over: the script loads the whole page.
    assert detail(owner, change, headers={"x-fragment": "progress"}).status_code == 409


def test_broker_away_is_said_and_nothing_is_changed(
    owner: Client, place_a: PlacePage, soups: CategoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(apply_bulk_change, "delay", refuse)
    dishes = [make_dish(soups, f"Dish {number}", "100") for number in range(21)]
    change = looked_at(owner, place_a, dishes)

    page = owner.post(url("apply", place_a, change.public_id), follow=True)

    assert "The background worker cannot be reached. Nothing was changed" in text(page)
    assert BulkChange.objects.get().status == BulkStatus.READY
    assert price_of(dishes[0]) == "100.00"


def test_the_bar_stands_in_the_boards_form(owner: Client, place_a: PlacePage, place_b: PlacePage, bob: User) -> None:
    request = RequestFactory().get("/")
    bar = render_to_string("menu_pages/bulk/_bar.html", {"place": place_a}, request)

    assert "<output data-selected-count>0</output>" in bar
    assert [value for value in ("prices", "publish", "unpublish") if f'name="action" value="{value}"' in bar] == [
        "prices",
        "publish",
        "unpublish",
    ]
    assert '<option value="1" selected>' in bar
    pounds = render_to_string("menu_pages/bulk/_bar.html", {"place": place_b}, request)
    assert '<option value="0.10" selected>' in pounds


def test_latest_changes_are_listed_and_cost_the_same(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    assert "No dishes have been changed together yet." in text(owner.get(url("index", place_a)))
    looked_at(owner, place_a, [borshch])
    one, queries_of_one = counted(owner, url("index", place_a))
    looked_at(owner, place_a, [borshch], "unpublish")
    looked_at(owner, place_a, [borshch], percent="9")
    three, queries_of_three = counted(owner, url("index", place_a))

    assert "Prices +7 %, rounded to 5" in text(one)
    assert "Unpublish dishes" in text(three)
    assert queries_of_one == queries_of_three


def test_the_looks_page_costs_the_same_for_any_choice(owner: Client, place_a: PlacePage, soups: CategoryPage) -> None:
    owner.get(url("index", place_a))
    costs = set()
    for count in (1, 3):
        dishes = [make_dish(soups, f"{count} {number}", "100") for number in range(count)]
        with CaptureQueriesContext(connection) as preparing:
            ask(owner, place_a, dishes)
        change = BulkChange.objects.filter(place=place_a).first()
        _page, looking = counted(owner, url("detail", place_a, change.public_id))
        costs.add((len(preparing), looking))

    assert len(costs) == 1


def test_nobody_but_the_places_moderators_comes_in(
    owner: Client,
    place_a: PlacePage,
    organisation_a: Organisation,
    bob: User,
    place_b: PlacePage,
    charlie: User,
    borshch: DishPage,
) -> None:
    change = looked_at(owner, place_a, [borshch])
    editor = make_member("editor@example.com", organisation_a, Role.EDITOR)
    doors = [
        ("get", url("index", place_a)),
        ("post", url("prepare", place_a)),
        *(
            (method, url(name, place, change.public_id))
            for place in (place_a, place_b)
            for method, name in (("get", "detail"), ("post", "apply"), ("post", "give_up"), ("post", "undo"))
        ),
    ]

    for stranger in (signed_in(bob), signed_in(make_member("analyst@example.com", organisation_a, Role.ANALYST))):
        for method, address in doors:
            response = getattr(stranger, method)(address, {"dish": borshch.pk, "action": "unpublish"})
            assert response.status_code == 404, (method, address)
            assert "Borshch" not in text(response)
    waiter = signed_in(charlie)
    assert {getattr(waiter, method)(address).status_code for method, address in doors} <= {302, 404}
    assert Client().get(doors[0][1]).status_code == 302
    assert detail(signed_in(editor), change).status_code == 200
    assert BulkChange.objects.get().status == BulkStatus.READY
    assert price_of(borshch) == "390.00"
