"""Rating the place: once a visit, at a table."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage, Table
from orders.models import BasketLine, DishRating, GuestEvent, OutboxEvent, Rating, Session
from orders.rating_summary import summary
from orders.saving import save_visit
from orders.seatings import close_seating
from tests.factories.guests import Guest, guest_at, ordered, served
from tests.factories.menus import table_of
from tests.factories.people import make_member, signed_in

LIST = "/admin/orders/rating/"


def thumbs() -> dict[str, bool]:
    return dict(DishRating.objects.values_list("title", "liked"))


def test_a_rating_has_its_row_and_others_hear_of_it(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    ordered(guest, borshch, ukha)

    response = guest.rate(4, text="Warm and slow", up="soups/borshch", down="soups/ukha")

    rating = Rating.objects.get()
    assert (response.status_code, response["Location"]) == (303, "/teahouse/table/#rating")
    assert (rating.place, rating.visit, rating.table.number) == (guest.place, guest.visit, 7)
    assert (rating.score, rating.text) == (4, "Warm and slow")
    assert thumbs() == {"Borshch": True, "Ukha": False}
    assert OutboxEvent.objects.get(kind="rating.given").payload == {
        "visit": guest.visit.public_id,
        "table": 7,
        "score": 4,
        "text": "Warm and slow",
        "dishes": [{"title": "Borshch", "liked": True}, {"title": "Ukha", "liked": False}],
    }


def test_it_stands_in_the_guests_log(guest: Guest) -> None:
    guest.rate(5)
    save_visit(state=guest.state, visit=guest.visit)

    assert GuestEvent.objects.get(kind="rated").data == {"table": 7, "score": 5}


def test_a_visit_rates_once(guest: Guest) -> None:
    guest.rate(5, text="first")

    response = guest.rate(1, text="second")

    assert (response.status_code, Rating.objects.get().text) == (409, "first")
    assert "You have rated this visit already. Thank you." in response.content.decode()
    assert OutboxEvent.objects.filter(kind="rating.given").count() == 1


def test_each_visit_of_the_table_rates(guest: Guest, table_7: Table) -> None:
    guest.rate(5)
    guest_at(table_7).rate(1)

    assert sorted(Rating.objects.values_list("score", flat=True)) == [1, 5]


@pytest.mark.parametrize("score", ["", "0", "6", "-1", "4.5", "５", "five", "5\0", "10", " 5x"])
def test_a_score_that_is_none(guest: Guest, score: str) -> None:
    response = guest.rate(score, text="kept words")

    assert (response.status_code, Rating.objects.count()) == (400, 0)
    assert "Choose from one to five stars." in response.content.decode() or "\0" in score


@pytest.mark.parametrize("text", ["x" * 1001, "a\0b"])
def test_words_that_do_not_fit(guest: Guest, text: str) -> None:
    assert (guest.rate(5, text=text).status_code, Rating.objects.count()) == (400, 0)


def test_a_thousand_letters_fit(guest: Guest) -> None:
    guest.rate(5, text="ё" * 1000)

    assert len(Rating.objects.get().text) == 1000


def test_what_was_typed_stays_on_the_page_that_refuses(guest: Guest, borshch: DishPage, alice: User) -> None:
    served(ordered(guest, borshch), alice)

    body = guest.rate("", text="the soup was cold").content.decode()

    assert "the soup was cold" in body


def test_without_a_table_there_is_nothing_to_rate(place_a: PlacePage, borshch: DishPage) -> None:
    reader, stranger = Guest(place_a), Guest(place_a)
    reader.add(borshch)

    answers = [reader.rate(5), stranger.rate(5)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "scan the code on your table first" in answers[0].content.decode()
    assert (Rating.objects.count(), Session.objects.count()) == (0, 1)


def test_after_the_table_was_closed(guest: Guest, borshch: DishPage, alice: User) -> None:
    served(ordered(guest, borshch), alice)
    close_seating(seating_id=guest.visit.seating_id, by=alice)

    guest.rate(3, up="soups/borshch")

    assert (Rating.objects.get().score, thumbs()) == (3, {"Borshch": True})


def test_after_finishing_on_the_farewell_page(guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    visit = guest.visit
    farewell = guest.post("leave", {"finish": "1"}).content.decode()

    response = guest.rate(5, up="soups/borshch")

    assert 'action="/teahouse/rate/"' in farewell
    assert (Rating.objects.get().visit, thumbs()) == (visit, {"Borshch": True})
    assert "Thank you for the rating: 5 stars of five." in response.content.decode()
    assert GuestEvent.objects.get(visit=visit, kind="rated").data == {"table": 7, "score": 5}
    assert guest.rate(1).status_code == 409


def test_the_next_visit_rates_anew(guest: Guest, table_7: Table) -> None:
    guest.rate(5)
    guest.post("leave", {"finish": "1"})
    guest.scan(table_7)

    guest.rate(2)

    assert list(Rating.objects.order_by("pk").values_list("score", flat=True)) == [5, 2]


def test_dishes_are_those_of_ones_own_orders(
    guest: Guest, table_7: Table, borshch: DishPage, ukha: DishPage, tea: DishPage
) -> None:
    ordered(guest, borshch)
    friend = guest_at(table_7)
    ordered(friend, ukha)
    guest.add(tea, options=["size-large"])
    other_line = BasketLine.objects.get(title="Ukha").pk

    guest.rate(5, up=["soups/ukha", str(other_line), "drinks/tea", "nothing"], down=["soups/borshch"])

    assert thumbs() == {"Borshch": False}


def test_dishes_by_their_lines_as_the_form_sends_them(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    ordered(guest, borshch, ukha)
    first, second = BasketLine.objects.order_by("position")

    guest.rate(5, **{f"dish-{first.pk}": "up", f"dish-{second.pk}": "sideways"})

    assert thumbs() == {"Borshch": True}


def test_a_dish_ordered_twice_is_asked_about_once(guest: Guest, borshch: DishPage, alice: User) -> None:
    ordered(guest, borshch)
    order = served(ordered(guest, borshch), alice)

    body = guest.status(order).content.decode()
    guest.rate(5, up="soups/borshch")

    assert (body.count("I liked Borshch"), thumbs()) == (1, {"Borshch": True})


def test_up_and_down_at_once_say_nothing(guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)

    guest.rate(5, up="soups/borshch", down="soups/borshch")

    assert (Rating.objects.count(), thumbs()) == (1, {})


def test_the_form_comes_when_something_was_served_and_goes_when_it_is_sent(
    guest: Guest, borshch: DishPage, alice: User
) -> None:
    order = ordered(guest, borshch)
    form = 'action="/teahouse/rate/"'
    pages = [guest.status(order).content.decode()]
    served(order, alice)
    pages.append(guest.status(order).content.decode())
    guest.rate(1)
    pages.append(guest.status(order).content.decode())

    assert [form in page for page in pages] == [False, True, False]
    assert "Thank you for the rating: 1 star of five." in pages[2]


# The owner's list


def rated(table: Table, score: int, text: str = "") -> Rating:
    guest_at(table).rate(score, text=text)
    return Rating.objects.order_by("-pk")[0]


def test_the_summary_counts_and_averages(table_7: Table) -> None:
    for score in (5, 5, 4, 1):
        rated(table_7, score)

    found = summary(Rating.objects.all())

    assert (found.count, found.average) == (4, Decimal("3.8"))
    assert [(share.score, share.count, share.percent) for share in found.shares] == [
        (5, 2, 50),
        (4, 1, 25),
        (3, 0, 0),
        (2, 0, 0),
        (1, 1, 25),
    ]


def test_the_summary_of_nothing(db: None) -> None:
    found = summary(Rating.objects.all())

    assert (found.count, found.average, {share.percent for share in found.shares}) == (0, None, {0})


def test_owners_read_their_own_ratings_with_the_average(
    alice: User, table_7: Table, place_b: PlacePage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rated(table_7, 4, "a lovely samovar")
    rated(table_7, 3)
    rated(table_of(place_b, 1), 1, "a canary of Bob")

    response = signed_in(alice).get(LIST)

    body = response.content.decode()
    assert ("a lovely samovar" in body, "a canary of Bob" in body, "Pizzeria" in body) == (True, False, False)
    assert (response.context["summary"].count, response.context["summary"].average) == (2, Decimal("3.5"))


def test_filters_narrow_the_average_too(alice: User, table_7: Table) -> None:
    rated(table_7, 5)
    rated(table_7, 1)

    response = signed_in(alice).get(LIST, {"score": "1"})

    assert (response.context["result_count"], response.context["summary"].average) == (1, Decimal("1.0"))


def test_searching_by_a_dish_counts_a_rating_once(
    alice: User, guest: Guest, borshch: DishPage, ukha: DishPage, tea: DishPage
) -> None:
    ordered(guest, borshch, ukha)
    guest.rate(4, up=["soups/borshch", "soups/ukha"])

    response = signed_in(alice).get(LIST, {"q": "h"})

    assert response.context["summary"].count == 1


def test_one_rating_shows_its_dishes(alice: User, guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)
    guest.rate(4, text="quiet music", down="soups/borshch")

    body = signed_in(alice).get(f"{LIST}inspect/{Rating.objects.get().pk}/").content.decode()

    assert ("quiet music" in body, "Borshch: not liked" in body) == (True, True)


def test_one_rating_of_anothers_is_not_there(alice: User, table_7: Table, place_b: PlacePage) -> None:
    foreign = rated(table_of(place_b, 1), 1, "a canary of Bob")

    response = signed_in(alice).get(f"{LIST}inspect/{foreign.pk}/")

    assert response.status_code in (302, 403, 404)
    assert "canary" not in response.content.decode()


@pytest.mark.parametrize(
    ("role", "reads"), [(Role.MANAGER, True), (Role.ANALYST, True), (Role.EDITOR, False), (Role.WAITER, False)]
)
def test_roles_that_read_ratings(place_a: PlacePage, table_7: Table, role: Role, reads: bool) -> None:
    rated(table_7, 4, "a lovely samovar")
    browser = signed_in(make_member("dana@example.com", place_a.record.organisation, role))

    response = browser.get(LIST)

    assert ("a lovely samovar" in response.content.decode()) is reads


def test_owners_read_calls(alice: User, guest: Guest, place_b: PlacePage) -> None:
    guest.call("bill", note="with the stamp")
    guest_at(table_of(place_b, 1)).call(note="a canary of Bob")

    response = signed_in(alice).get("/admin/orders/waitercall/")

    assert (response.status_code, response.context["result_count"]) == (200, 1)
    assert "canary" not in response.content.decode()
    assert "bring the bill" in response.content.decode()


@pytest.mark.parametrize("verb", ["create/", "edit/{pk}/", "delete/{pk}/"])
def test_nobody_writes_ratings_in_the_admin(alice: User, table_7: Table, verb: str) -> None:
    rating = rated(table_7, 4)
    browser = signed_in(alice)

    answers = [ask(LIST + verb.format(pk=rating.pk), {"score": "1"}) for ask in (browser.get, browser.post)]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert Rating.objects.get().score == 4
