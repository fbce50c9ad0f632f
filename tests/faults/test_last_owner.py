"""Two owners demote each other at the same moment: one of them stays an owner."""

import threading

import pytest

from accounts import memberships
from accounts.memberships import LastOwnerError, set_role
from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from tests.factories.people import make_member
from tests.faults.at_once import WAIT_SECONDS, at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def demote_each_other(organisation: Organisation, one: User, other: User) -> list[str]:
    def demote(user: User, by: User) -> str:
        try:
            set_role(organisation=organisation, user=user, role=Role.EDITOR, by=by)
        except LastOwnerError:
            return "refused"
        return "done"

    return sorted(at_once(lambda: demote(one, other), lambda: demote(other, one)))


def owners(organisation: Organisation) -> int:
    return Membership.objects.filter(organisation=organisation, role=Role.OWNER).count()


def test_one_owner_stays(organisation_a: Organisation, alice: User) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.OWNER)

    outcome = demote_each_other(organisation_a, alice, dana)

    assert outcome == ["done", "refused"]
    assert owners(organisation_a) == 1


def test_control_without_the_lock_nobody_is_left(
    organisation_a: Organisation, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.OWNER)
    both_looked = threading.Barrier(2)
    look = memberships._keep_an_owner

    def look_and_wait(membership: Membership) -> None:
        look(membership)
        both_looked.wait(WAIT_SECONDS)

    monkeypatch.setattr(memberships, "lock_people", lambda _organisation: None)
    monkeypatch.setattr(memberships, "_keep_an_owner", look_and_wait)

    outcome = demote_each_other(organisation_a, alice, dana)

    assert outcome == ["done", "done"]
    assert owners(organisation_a) == 0
