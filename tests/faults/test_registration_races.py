"""A sign-up's link followed at the moment when something else happens to the sign-up; each with its control."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.test import Client

from accounts.billing.models import Subscription
from accounts.models import Membership, Organisation, Registration, User
from accounts.registration import registering
from accounts.signals import registration_confirmed
from tests.factories.people import PASSWORD
from tests.faults.at_once import WAIT_SECONDS, at_once
from tests.faults.without_locks import take_locks_away

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

EMAIL = "dana@example.com"


@pytest.fixture
def signed_up(db: None) -> User:
    user = User.objects.create_user(EMAIL, PASSWORD)
    EmailAddress.objects.create(user=user, email=EMAIL, primary=True)
    registering.keep_request(user=user, organisation_name="Teahouse Ltd", kind="cafe", language="en")
    return user


def follow(user: User) -> int:
    key = EmailConfirmationHMAC(user.emailaddress_set.get()).key
    return Client().post(f"/accounts/confirm-email/{key}/").status_code


def made() -> tuple[int, int, int]:
    return Organisation.objects.count(), Membership.objects.count(), Subscription.objects.count()


def test_a_link_followed_four_times_at_once_opens_one_place_with_one_trial(signed_up: User) -> None:
    answers = at_once(*([lambda: follow(signed_up)] * 4))

    assert set(answers) <= {302, 410}
    assert 302 in answers
    assert made() == (1, 1, 1)


def test_control_without_locks_one_sign_up_gets_two_trials(signed_up: User, monkeypatch: pytest.MonkeyPatch) -> None:
    take_locks_away(monkeypatch)
    both, save = threading.Barrier(2), Registration.save

    def save_together(self: Registration, **options: Any) -> None:
        both.wait(WAIT_SECONDS)
        save(self, **options)

    monkeypatch.setattr(Registration, "save", save_together)

    at_once(*([lambda: registering.complete(user=signed_up)] * 2))

    assert made() == (2, 2, 2)


def forget_while_following(
    user: User, monkeypatch: pytest.MonkeyPatch, look: Callable[[int, threading.Event], User | None]
) -> list[int]:
    """Somebody signs up with the address, and finds an unconfirmed account, while its link is being followed."""
    following, found, followed = threading.Event(), threading.Event(), threading.Event()

    def hold(sender: Any, **news: Any) -> None:
        following.set()
        assert found.wait(WAIT_SECONDS)

    def find(user_id: int) -> User | None:
        found.set()
        return look(user_id, followed)

    def confirm() -> int:
        try:
            return follow(user)
        finally:
            followed.set()

    def forget() -> int:
        assert following.wait(WAIT_SECONDS)
        return registering.forget_unconfirmed(email=EMAIL)

    monkeypatch.setattr(registering, "_unconfirmed_still", find)
    registration_confirmed.connect(hold)
    try:
        return at_once(confirm, forget)
    finally:
        registration_confirmed.disconnect(hold)


def test_an_account_confirmed_at_this_moment_is_not_forgotten(signed_up: User, monkeypatch: pytest.MonkeyPatch) -> None:
    look = registering._unconfirmed_still

    answers = forget_while_following(signed_up, monkeypatch, lambda user_id, _followed: look(user_id))

    assert answers == [302, 0]
    assert made() == (1, 1, 1)
    assert Membership.objects.get().user == signed_up


def test_control_without_the_second_look_the_place_loses_its_owner(
    signed_up: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_once(user_id: int, followed: threading.Event) -> User:
        assert followed.wait(WAIT_SECONDS)
        return User.objects.get(pk=user_id)

    answers = forget_while_following(signed_up, monkeypatch, look_once)

    assert answers == [302, 1]
    assert made() == (1, 0, 1)


def test_a_link_whose_account_has_just_given_way_says_so(signed_up: User, monkeypatch: pytest.MonkeyPatch) -> None:
    key = EmailConfirmationHMAC(signed_up.emailaddress_set.get()).key
    from accounts.registration import views

    read = views.read_link

    def read_and_lose(*arguments: Any) -> Any:
        link = read(*arguments)
        registering.forget_unconfirmed(email=EMAIL)
        return link

    monkeypatch.setattr(views, "read_link", read_and_lose)

    response = Client(headers={"accept-language": "en"}).post(f"/accounts/confirm-email/{key}/")

    assert response.status_code == 410
    assert "A newer letter has taken its place" in response.content.decode()
    assert made() == (0, 0, 0)
