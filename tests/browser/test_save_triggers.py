"""The five ways a guest's session comes into the tables, in a real browser: each alone, and any two of them at once.

The page is closed; the session is closed (by the guest, by staff, by another place's code, by its age); the page is
left for another one; nothing happens for long; the order is sent. Whatever happens, and in whichever order, the tables
hold each fact once.
"""

import datetime
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.scope import everyone
from menu_pages.models import DishPage, PlacePage
from orders.leaving import end_expired
from orders.models import BasketLine, GuestEvent, Order, Session, Visit
from orders.seatings import close_seating
from orders.tasks import save_idle_visits
from tests.browser_fixtures import PHONE, NewPage
from tests.factories.cast import (  # noqa: F401  (fixtures)
    alice,
    bob,
    borshch,
    english,
    place_a,
    place_b,
    soups,
    ukha,
)
from tests.factories.menus import table_of
from tests.faults.processes import wait_for

pytestmark = pytest.mark.browser

LONG = datetime.timedelta(days=1)
AGE_OF_A_SESSION = datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
SECONDS = 30
OTHERS = "SELECT pg_stat_clear_snapshot(), count(*) FROM pg_stat_activity WHERE datname = current_database() AND "


@dataclass
class Seat:
    """A guest's phone with a basket that only its session knows, and the tables' word about it."""

    phone: Page
    visit: Visit
    other_link: str

    def tab(self, address: str) -> Page:
        """One more tab of the guest's browser, opened."""
        opened = self.phone.context.new_page()
        opened.goto(address)
        return opened

    @property
    def end_reason(self) -> str:
        self.visit.refresh_from_db()
        return self.visit.end_reason

    @property
    def facts(self) -> tuple[list[tuple[str, int, bool]], list[tuple[int, int]], list[str]]:
        """Basket rows (dish, quantity, whether sent), orders (lines, pieces), events."""
        lines = BasketLine.objects.filter(visit=self.visit).order_by("position")
        return (
            [(line.title, line.quantity, line.order_id is not None) for line in lines],
            list(Order.objects.filter(visit=self.visit).values_list("purchases", "items")),
            list(GuestEvent.objects.filter(visit=self.visit).order_by("number").values_list("kind", flat=True)),
        )


def facts_of_a_basket(*, sent: bool) -> object:
    return (
        [("Borshch", 2, sent), ("Ukha", 1, sent)],
        [(2, 3)] if sent else [],
        ["page_opened", "dish_added", "dish_added", "dish_added"],
    )


# A trigger prepares itself and gives what sets it off; that never waits for the outcome.
Trigger = Callable[[Seat], Callable[[], object]]


def page_closed(seat: Seat) -> Callable[[], object]:
    tab = seat.tab("/teahouse/")
    return lambda: tab.close(run_before_unload=True)


def page_left(seat: Seat) -> Callable[[], object]:
    tab = seat.tab("/teahouse/")
    return lambda: tab.evaluate("location.assign('/healthz')")


def idle_time(seat: Seat) -> Callable[[], object]:
    return in_a_thread(save_idle_visits)


def order_sent(seat: Seat) -> Callable[[], object]:
    tab = seat.tab("/teahouse/basket/")
    return lambda: tab.evaluate("document.querySelector('form[data-send]').requestSubmit()")


def finished(seat: Seat) -> Callable[[], object]:
    tab = seat.tab("/teahouse/table/")
    return lambda: tab.evaluate("document.querySelector('form:has([name=finish])').requestSubmit()")


def table_closed(seat: Seat) -> Callable[[], object]:
    seating = seat.visit.seating_id
    return in_a_thread(lambda: close_seating(seating_id=seating, by=None))


def other_place_opened(seat: Seat) -> Callable[[], object]:
    tab = seat.tab("/healthz")
    return lambda: tab.evaluate("link => location.assign(link)", seat.other_link)


def session_expired(seat: Seat) -> Callable[[], object]:
    """By the worker's clock, which is ahead: by the browser's the session is still one."""
    return in_a_thread(lambda: end_expired(now=timezone.now() + AGE_OF_A_SESSION))


TRIGGERS: tuple[Trigger, ...] = (page_closed, finished, page_left, idle_time, order_sent)
OTHER_CLOSINGS: tuple[Trigger, ...] = (table_closed, other_place_opened, session_expired)
REASONS = {
    finished: "finished",
    table_closed: "table_closed",
    other_place_opened: "other_place",
    session_expired: "expired",
}


def in_a_thread(job: Callable[[], object]) -> Callable[[], threading.Thread]:
    """What sets the job off in a thread with a connection of its own."""

    def run() -> None:
        try:
            with everyone():
                job()
        finally:
            connections.close_all()

    def start() -> threading.Thread:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    return start


def others(condition: str) -> int:
    """How many of the test database's connections are in the state."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS + condition)
        return int(cursor.fetchone()[1])


def happen_at_once(seat: Seat, *triggers: Trigger) -> None:
    """Set the triggers off, each while those before it stand in the middle of their transaction."""
    fires = [trigger(seat) for trigger in triggers]
    # Nobody has touched the phone for so long that the worker may save it, too.
    Session.objects.update(active_at=timezone.now() - LONG)
    threads = []
    with transaction.atomic():
        # Whoever writes a row of the visit waits for this one before it can commit; the others wait for that.
        Visit.objects.select_for_update().get(pk=seat.visit.pk)
        for fire in fires:
            standing = at_a_lock()
            thread = fire()
            if isinstance(thread, threading.Thread):
                threads.append(thread)
            # A session that somebody holds is left to them by the worker: it goes on and is through.
            assert wait_for(partial(stands_or_is_through, standing, thread), SECONDS), fire
        assert at_a_lock() > 0
    for thread in threads:
        thread.join(SECONDS)
    assert wait_for(quiet, SECONDS)


def at_a_lock() -> int:
    return others("wait_event_type = 'Lock'")


def stands_or_is_through(standing: int, thread: object) -> bool:
    """Whether one more than `standing` waits at a lock, or the thread, if it is one, waits for nothing."""
    return at_a_lock() > standing or (isinstance(thread, threading.Thread) and not thread.is_alive())


def quiet() -> bool:
    return others("state <> 'idle' AND pid <> pg_backend_pid()") == 0


@pytest.fixture
def seat(
    site: LiveServer,
    place_a: PlacePage,  # noqa: F811
    place_b: PlacePage,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    ukha: DishPage,  # noqa: F811
    new_page: NewPage,
) -> Callable[[int], Seat]:
    """Seat a guest at the table of that number, with two portions of borshch and one of ukha in the basket."""
    other_link = table_of(place_b, 1).link("pizzeria")

    def sit(number: int) -> Seat:
        table = table_of(place_a, number)
        phone = new_page(**PHONE)
        phone.goto(table.link("teahouse"))
        for count, dish in enumerate((borshch, borshch, ukha), start=1):
            phone.locator(f"[data-dish='{dish.menu_path}'] form .add").click()
            expect(phone.locator("[data-basket-bar]")).to_have_attribute("data-count", str(count))
        seated = Seat(phone, Visit.objects.get(table=table), other_link)
        assert seated.facts == ([], [], [])
        return seated

    return sit


def test_each_alone(seat: Callable[[int], Seat]) -> None:
    for table, trigger in enumerate((*TRIGGERS, *OTHER_CLOSINGS), start=1):
        guest = seat(table)

        happen_at_once(guest, trigger)

        assert guest.facts == facts_of_a_basket(sent=trigger is order_sent), trigger
        assert guest.end_reason == REASONS.get(trigger, ""), trigger


def partners(first: Trigger) -> tuple[Trigger, ...]:
    """What happens together with it: all others of the five; for the further ways to close a session, a closed page."""
    if first in OTHER_CLOSINGS:
        return (page_closed,)
    others_of_five = tuple(trigger for trigger in TRIGGERS if trigger is not first)
    return (*others_of_five, *(OTHER_CLOSINGS if first is page_closed else ()))


@pytest.mark.parametrize("first", [*TRIGGERS, *OTHER_CLOSINGS], ids=lambda trigger: trigger.__name__)
def test_two_at_once(seat: Callable[[int], Seat], first: Trigger) -> None:
    for table, second in enumerate(partners(first), start=1):
        guest = seat(table)

        happen_at_once(guest, first, second)

        # Who is done before pressing “send” sends nothing: what they had chosen is there as not sent.
        facts = facts_of_a_basket(sent=order_sent in (first, second) and first is not finished)
        assert guest.facts == facts, second
        # Whatever comes later finds nothing more to write.
        save_idle_visits()
        end_expired(now=timezone.now() + AGE_OF_A_SESSION)
        assert guest.facts == facts, second
        assert guest.end_reason == REASONS.get(first, REASONS.get(second, "expired")), second
