"""People, letters and accounts: who is asked about, who is written to."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.billing import reminders, renewals
from accounts.billing.models import ReminderKind, Subscription
from accounts.models import Letter, User
from accounts.people.invitations import invite
from accounts.roles import Role
from tests.factories.people import make_user
from tests.isolation.bodies import attacked
from tests.isolation.canaries import leaks_in
from tests.isolation.probing import answer, ask
from tests.isolation.world import Side, World

pytestmark = pytest.mark.isolation
NOBODY = "nobody@nowhere.example"
# Each invitation has an address of its own.
INVITATION = re.compile(r"/invitations/[-\w]+/")


def people(world: World, name: str = "index") -> str:
    return reverse(f"organisation_people:{name}", args=[world.a.organisation.slug])


def said(world: World, name: str, email: str, **data: Any) -> tuple[int, str, str]:
    """What the form answers, and the page it leads to says, without the address that was asked about."""
    browser = world.browser("owner")
    response = ask(browser, "post", people(world, name), {"member": email, "email": email, **data}, follow=True)
    status, location, body = answer(response, people(world, name))
    return status, location, INVITATION.sub("", body.decode().replace(email, ""))


@pytest.mark.parametrize("name", ["role", "remove"])
def test_anothers_member_is_a_stranger(world: World, name: str) -> None:
    theirs, nobody = (said(world, name, email, role="editor") for email in (world.b.staff["waiter"].email, NOBODY))

    assert theirs == nobody


@pytest.mark.parametrize("what", ["a member of another organisation", "a person without one"])
def test_inviting_tells_nothing_of_who_has_an_account(world: World, what: str) -> None:
    known = (
        world.b.staff["waiter"]
        if what.startswith("a member")
        else make_user("alone@quokka.example", last_name="Quokka")
    )

    invited, nobody = (said(world, "invite", email, role="waiter") for email in (known.email, NOBODY))

    assert invited == nobody
    assert world.b.word not in invited[2].lower()


def test_an_open_invitation_names_nobody(world: World) -> None:
    """Until it is taken up the one who invited knows the address alone, not whose it is."""
    email = world.b.owner.email
    invite(organisation=world.a.organisation, email=email, role=Role.EDITOR, by=world.a.owner)

    for url in (people(world), reverse("organisation_log:index", args=[world.a.organisation.slug])):
        response = ask(world.browser("owner"), "get", url)

        assert email in response.content.decode()
        assert leaks_in(response, world.b.canaries, asked=[email]) == []


def test_taking_up_an_invitation_by_hand_is_refused(world: World) -> None:
    """A's owner has found a letter to somebody of B, or guesses."""
    problems = [
        *attacked(world.browser("owner"), reverse("accept_invitation", args=["guess"]), world.b, {}),
        *attacked(world.browser("owner"), reverse("accept_invitation", args=[str(world.b.owner.pk)]), world.b, {}),
    ]

    assert problems == []


def test_whoever_is_put_out_of_service_is_a_stranger(world: World) -> None:
    """A session that is open stays open, and nobody is in it."""
    browser = world.browser("owner")
    User.objects.filter(pk=world.a.owner.pk).update(is_active=False)

    for url in ("/admin/", people(world), f"/staff/{world.a.place.slug}/"):
        response = ask(browser, "get", url)

        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def letters_to(side: Side) -> list[Letter]:
    return list(Letter.objects.filter(to__endswith=f"@{side.word}.example"))


def test_letters_speak_of_their_readers_organisation_alone(world: World) -> None:
    """Every letter there is about money, to the owners of both, and one to the owner of both."""
    now = timezone.now()
    for side in (world.a, world.b):
        subscription = Subscription.objects.select_related("organisation", "plan").get(organisation=side.organisation)
        for kind in ReminderKind:
            reminders.write_letter(subscription, kind, about=now)
        invite(organisation=side.organisation, email=f"fresh@{side.word}.example", role=Role.EDITOR, by=side.owner)
    renewals.follow_the_clock()

    found = {side.word: letters_to(side) for side in (world.a, world.b)}

    assert min(len(letters) for letters in found.values()) > len(ReminderKind)
    for side, other in ((world.a, world.b), (world.b, world.a)):
        for letter in found[side.word]:
            text = f"{letter.subject} {letter.text} {letter.html}".lower()
            assert [canary for canary in other.canaries if canary in text] == [], letter.to


def test_a_letter_to_the_owner_of_one_speaks_of_that_one(world: World) -> None:
    """Who owns A and works in B's kitchen gets A's letters about money, and none of B's."""
    for side in (world.a, world.b):
        subscription = Subscription.objects.select_related("organisation", "plan").get(organisation=side.organisation)
        reminders.write_letter(subscription, ReminderKind(ReminderKind.values[0]), about=timezone.now())

    letters = Letter.objects.filter(to=world.double.email)

    assert [world.a.word in letter.html.lower() for letter in letters] == [True]
    assert [world.b.word in letter.html.lower() for letter in letters] == [False]
