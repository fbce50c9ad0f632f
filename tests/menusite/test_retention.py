"""The clock moved on: what is over goes in its time, and what is not stays."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Invitation, SignInAttempts, User
from accounts.people import invitations
from accounts.roles import Role
from menu_pages.models import BulkAction, BulkChange, DishPage, MenuImport, MenuImportPicture, PlacePage
from menusite.keeping_environment import PERIODS, read_keeping_environment
from menusite.schedule import SCHEDULE
from orders.models import Order, OrderImport, Session, Visit
from orders.seatings import close_seating
from tests.factories.cast import alice, borshch, english, guest, place_a, soups, table_7  # noqa: F401  (fixtures)
from tests.factories.guests import Guest, guest_at, ordered, served
from tests.factories.menus import table_of
from tests.factories.people import signed_in
from tests.factories.sales import sold

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@contextmanager
def clock_moved(by: datetime.timedelta) -> Iterator[None]:
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + by):
        yield


def run(*names: str) -> None:
    """The scheduled tasks whose name in the schedule begins with one of these."""
    chosen = [entry["task"] for name, entry in SCHEDULE.items() if name.startswith(names)]
    assert chosen
    for task in chosen:
        import_string(task)()


def left(*models: type[Model]) -> list[int]:
    return [model._default_manager.count() for model in models]


def test_a_guests_session_goes_a_day_after_its_visit_ended(
    guest: Guest,  # noqa: F811
    place_a: PlacePage,  # noqa: F811
    alice: User,  # noqa: F811
    borshch: DishPage,  # noqa: F811
) -> None:
    """Whether the guest finished or the staff closed the table; who still sits, reads or works here stays."""
    served(ordered(guest, borshch), alice)
    close_seating(seating_id=guest.visit.seating_id, by=alice)
    done = guest_at(table_of(place_a, 8))
    done.post("leave", {"finish": "1"})
    sitting = guest_at(table_of(place_a, 9))
    reading = Guest(place_a)
    reading.add(borshch)
    signed_in(alice)
    assert Session.objects.count() == 5

    with clock_moved(23 * HOUR):
        run("clear expired")
    assert Session.objects.count() == 5

    with clock_moved(25 * HOUR):
        run("clear expired")
        run("clear expired")
    stay = {client.client.session.session_key for client in (sitting, reading)}
    assert set(Session.objects.filter(user=None).values_list("pk", flat=True)) == stay
    assert Session.objects.filter(user=alice).count() == 1
    # The books stay: the order, and the visits, which nobody's phone leads to any more.
    assert left(Order, Visit) == [1, 4]

    with clock_moved(15 * DAY):
        run("clear expired")
    assert left(Session, Order, Visit) == [0, 1, 4]
    assert Visit.objects.filter(ended_at=None).count() == 0


def test_what_was_left_lying_goes_in_its_time(
    place_a: PlacePage,  # noqa: F811
    alice: User,  # noqa: F811
) -> None:
    organisation = place_a.record.organisation
    for name in ("open", "taken", "withdrawn"):
        invitations.invite(organisation=organisation, email=f"{name}@example.com", role=Role.WAITER, by=alice)
    Invitation.objects.filter(email__startswith="taken").update(accepted_at=timezone.now())
    Invitation.objects.filter(email__startswith="withdrawn").update(withdrawn_at=timezone.now())
    SignInAttempts.objects.create(account="a" * 64, failures=3, last_at=timezone.now())
    for status in ("ready", "failed", "done", "running"):
        MenuImport.objects.create(place=place_a, file_name=status, status=status, rows=[[1, {}]])
        BulkChange.objects.create(place=place_a, action=BulkAction.PRICES, status=status)
        OrderImport.objects.create(place=place_a, file_name=status, status=status, content=b"Olga")
    picture = MenuImport.objects.get(status="ready")
    MenuImportPicture.objects.create(menu_import=picture, name="soup.jpg", sha1="0" * 40, content=b"jpg")
    half = OrderImport.objects.create(
        place=place_a, file_name="half", status="failed", content=b"Olga", total=9, done=1
    )
    Order.objects.filter(pk=sold(place_a, "2026-03-02 12:00").pk).update(history_import=half, visit=None)
    kinds = (Invitation, SignInAttempts, MenuImport, MenuImportPicture, BulkChange, OrderImport)

    run("forget")
    assert left(*kinds) == [3, 1, 4, 1, 4, 5]

    with clock_moved(25 * HOUR):
        run("forget")
    assert left(*kinds) == [3, 0, 3, 0, 3, 4]

    with clock_moved(31 * DAY):
        run("forget")
    # The open one had a week to be taken up, and then its month.
    assert list(Invitation.objects.values_list("email", flat=True)) == ["open@example.com"]
    assert left(MenuImport, BulkChange, OrderImport) == [2, 2, 3]
    half.refresh_from_db()
    assert (half.status, half.content, half.total, half.orders.count()) == ("done", b"", 1, 1)

    with clock_moved(38 * DAY):
        run("forget")
        run("forget")
    assert left(*kinds) == [0, 0, 2, 0, 2, 3]
    assert set(MenuImport.objects.values_list("status", flat=True)) == {"done", "running"}


def test_periods_are_read_from_the_environment_and_have_their_limits(settings: LazySettings) -> None:
    assert read_keeping_environment({}).guest_event_days == settings.KEEP_GUEST_EVENT_DAYS == 90
    assert read_keeping_environment({"KEEP_GUEST_EVENT_DAYS": " 30 "}).guest_event_days == 30
    for name, (_default, _lowest, highest) in PERIODS.items():
        for wrong in (str(highest + 1), "-1", "long", "²"):
            with pytest.raises(ImproperlyConfigured, match=name):
                read_keeping_environment({name: wrong})
