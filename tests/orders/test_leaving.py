"""The ways a guest goes, each leading to the save function: the rows once, and no order."""

import datetime

from django.utils import timezone

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders import leaving
from orders.models import BasketLine, EventKind, GuestEvent, Order, Session, Visit
from orders.seatings import close_seating
from orders.tasks import clear_expired_sessions, save_idle_visits
from tests.factories.guests import Guest, guest_at, ordered
from tests.factories.menus import table_of

LONG_AGO = datetime.timedelta(days=1)


def rows() -> list[tuple[str, int, bool]]:
    return [(line.title, line.quantity, line.order_id is None) for line in BasketLine.objects.order_by("pk")]


def kinds() -> list[str]:
    return list(GuestEvent.objects.order_by("number").values_list("kind", flat=True))


def session() -> Session:
    return Session.objects.get()


def quiet_for(minutes: int) -> None:
    Session.objects.update(active_at=timezone.now() - datetime.timedelta(minutes=minutes))


def test_a_page_that_goes_away_saves_the_basket_and_the_events(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch, 2)
    assert (rows(), session().unsaved) == ([], True)

    answer = guest.post("leave")

    assert (answer.status_code, answer.content) == (204, b"")
    assert rows() == [("Borshch", 2, True)]
    assert kinds() == [EventKind.PAGE_OPENED, EventKind.DISH_ADDED]
    assert (session().unsaved, Order.objects.count()) == (False, 0)
    assert guest.visit.ended_at is None


def test_leaving_again_and_again_writes_nothing_twice(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    for _ in range(3):
        guest.post("leave")
    before = BasketLine.objects.get()

    guest.add(borshch)
    guest.post("leave")

    assert BasketLine.objects.get().pk == before.pk
    assert rows() == [("Borshch", 2, True)]
    assert kinds() == [EventKind.PAGE_OPENED, EventKind.DISH_ADDED, EventKind.DISH_ADDED]


def test_a_line_taken_out_goes_and_a_sent_one_stays(guest: Guest, borshch: DishPage, ukha: DishPage) -> None:
    ordered(guest, borshch)
    guest.add(ukha)
    guest.post("leave")

    guest.change(guest.only_line(), quantity="0")
    guest.post("leave")

    assert rows() == [("Borshch", 1, False)]


def test_leaving_with_nothing_unsaved_asks_one_thing_of_the_database(
    guest: Guest, django_assert_num_queries: object
) -> None:
    guest.post("leave")

    # The session, the place with its record; no lock and no write.
    with django_assert_num_queries(2):  # type: ignore[operator]
        guest.post("leave")


def test_a_reader_without_a_session_leaves_none_behind(place_a: PlacePage) -> None:
    reader = Guest(place_a)

    assert reader.post("leave").status_code == 204
    assert (Session.objects.count(), Visit.objects.count()) == (0, 0)


def test_what_was_searched_for_in_vain_is_kept(guest: Guest) -> None:
    guest.post("leave", {"searched": "sushi"})

    event = GuestEvent.objects.get(kind=EventKind.NOTHING_FOUND)
    assert event.data == {"table": 7, "words": "sushi"}


def test_finishing_saves_ends_the_visit_and_thanks(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    visit = guest.visit

    answer = guest.post("leave", {"finish": "1"})

    visit.refresh_from_db()
    assert "Thank you for coming" in answer.content.decode()
    assert (visit.end_reason, visit.ended_at is None) == ("finished", False)
    assert rows() == [("Borshch", 1, True)]
    assert guest.state is None
    assert guest.send("a-key-of-the-guest").status_code == 403


def test_finishing_twice_is_finishing_once(guest: Guest) -> None:
    visit = guest.visit
    guest.post("leave", {"finish": "1"})
    visit.refresh_from_db()
    ended = visit.ended_at

    assert guest.post("leave", {"finish": "1"}).status_code == 200
    visit.refresh_from_db()
    assert visit.ended_at == ended


def test_closing_the_table_saves_every_guest_at_it_and_nobody_else(
    guest: Guest, place_a: PlacePage, borshch: DishPage, alice: User, django_capture_on_commit_callbacks: object
) -> None:
    friend, stranger = guest_at(table_of(place_a, 7)), guest_at(table_of(place_a, 3))
    for someone in (guest, friend, stranger):
        someone.add(borshch)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        close_seating(seating_id=guest.visit.seating_id, by=alice)

    assert rows() == [("Borshch", 1, True)] * 2
    assert set(BasketLine.objects.values_list("visit_id", flat=True)) == {
        guest.visit.public_id,
        friend.visit.public_id,
    }
    assert Session.objects.filter(unsaved=True).count() == 1


def test_a_guest_who_does_nothing_for_long_is_saved_by_the_worker(
    guest: Guest, borshch: DishPage, settings: object
) -> None:
    settings.VISIT_IDLE_MINUTES = 20  # type: ignore[attr-defined]
    guest.add(borshch)
    quiet_for(19)
    save_idle_visits()
    assert rows() == []

    quiet_for(20)
    save_idle_visits()
    save_idle_visits()

    assert rows() == [("Borshch", 1, True)]
    assert (guest.visit.ended_at, guest.quantities) == (None, {"soups/borshch": 1})
    assert session().active_at < timezone.now() - datetime.timedelta(minutes=19)


def test_the_worker_asks_the_same_of_few_sessions_and_many(
    place_a: PlacePage, borshch: DishPage, django_assert_num_queries: object
) -> None:
    def idle_guests(count: int) -> None:
        for number in range(1, count + 1):
            guest_at(table_of(place_a, number)).add(borshch)
        quiet_for(60)

    per_session = 9  # a savepoint, the row locked, the visit, dishes, events, lines before, written, the row
    for count in (1, 3):
        idle_guests(count)
        with django_assert_num_queries(2 + per_session * count):  # type: ignore[operator]
            assert leaving.save_idle() == count


def test_an_expired_session_is_saved_ended_and_gone(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    visit = guest.visit
    Session.objects.update(expire_date=timezone.now() - LONG_AGO)

    clear_expired_sessions()
    clear_expired_sessions()

    visit.refresh_from_db()
    assert rows() == [("Borshch", 1, True)]
    assert (visit.end_reason, Session.objects.count()) == ("expired", 0)


def test_a_session_in_use_is_not_taken_for_an_expired_one(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)

    clear_expired_sessions()

    assert guest.quantities == {"soups/borshch": 1}


def test_an_order_sent_leaves_nothing_to_save(guest: Guest, borshch: DishPage) -> None:
    ordered(guest, borshch)

    assert session().unsaved is False
    assert leaving.save_idle(now=timezone.now() + LONG_AGO) == 0
    assert rows() == [("Borshch", 1, False)]


def test_opening_another_places_code_saves_the_basket_left_behind(
    guest: Guest, borshch: DishPage, place_b: PlacePage
) -> None:
    guest.add(borshch)
    visit = guest.visit

    guest.client.get(place_b.href, {"table": "1", "key": table_of(place_b, 1).key})

    visit.refresh_from_db()
    assert rows() == [("Borshch", 1, True)]
    assert visit.end_reason == "other_place"


def test_a_post_from_another_site_saves_and_ends_nothing(guest: Guest, borshch: DishPage, table_7: Table) -> None:
    guest.add(borshch)

    answer = guest.post("leave", {"finish": "1"}, headers={"origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    assert (rows(), guest.visit.ended_at) == ([], None)
