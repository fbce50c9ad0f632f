"""The link of a letter pressed in two windows at the same moment, and passwords guessed many at a time."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db.models import Model, QuerySet
from django.test import Client

from accounts.attempts.counting import FREE_TRIES, LockedError, begin
from accounts.models import Membership, Organisation, Registration, SignInAttempts, User
from accounts.registration import registering
from menu_pages.models import PlacePage
from tests.factories.people import PASSWORD
from tests.faults.at_once import Meeting, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

WINDOWS, GUESSES = 4, 20


def take_locks_away(monkeypatch: pytest.MonkeyPatch, model: type[Model], parties: int) -> None:
    """As if nobody made others wait for these rows; all have read theirs before one writes."""
    original, save, meeting = QuerySet.select_for_update, model.save, Meeting(parties)

    def waits_for_nobody(rows: QuerySet[Any], *args: Any, **kwargs: Any) -> QuerySet[Any]:
        return rows.all() if rows.model is model else original(rows, *args, **kwargs)

    def save_together(row: Model, *args: Any, **kwargs: Any) -> None:
        meeting.wait()
        save(row, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", waits_for_nobody)
    monkeypatch.setattr(model, "save", save_together)


def signed_up() -> str:
    user = User.objects.create_user("dana@example.com", PASSWORD)
    registering.keep_request(user=user, organisation_name="Teahouse", kind="cafe", language="en")
    address = EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"


def press(link: str) -> Callable[[], int]:
    return lambda: Client().post(link).status_code


def test_one_place_is_made_however_many_windows_press() -> None:
    link = signed_up()

    statuses = at_once(*[press(link)] * WINDOWS)

    # Those who came after the first had finished read that the link is used.
    assert set(statuses) <= {302, 410}
    assert 302 in statuses
    assert [model.objects.count() for model in (Organisation, PlacePage, Membership)] == [1, 1, 1]


def complete() -> None:
    registering.complete(user=User.objects.get())


def test_a_registration_is_completed_once_however_many_ask() -> None:
    signed_up()

    at_once(*[complete] * WINDOWS)

    assert Organisation.objects.count() == 1


def test_control_without_the_lock_it_is_completed_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_up()
    take_locks_away(monkeypatch, Registration, WINDOWS)

    at_once(*[complete] * WINDOWS)

    assert Organisation.objects.count() > 1


def guess() -> str:
    try:
        begin(account="alice", browser="")
    except LockedError:
        return "locked"
    return "tried"


def test_guesses_made_at_once_are_all_counted() -> None:
    guesses = at_once(*[guess] * GUESSES)

    assert guesses.count("tried") == FREE_TRIES
    assert SignInAttempts.objects.get().failures == FREE_TRIES


def test_control_without_the_lock_guesses_slip_through(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(account="alice", browser="")
    take_locks_away(monkeypatch, SignInAttempts, GUESSES)

    guesses = at_once(*[guess] * GUESSES)

    assert guesses.count("tried") == GUESSES
