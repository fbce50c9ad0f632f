"""Invited by letter: the link joins once, the address it was sent to, in time; every other link says what to do."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.memberships import remove_member, set_role
from accounts.models import AuditEntry, Invitation, Membership, Organisation, User
from accounts.people import invitations
from accounts.roles import Role
from tests.factories.invitations import invited, link_in_letter, stored
from tests.factories.people import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

Committing = Callable[..., AbstractContextManager[Any]]
NEW_PERSON = {"first_name": "Dana", "last_name": "Scully", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def invitation(alice: User, organisation_a: Organisation, django_capture_on_commit_callbacks: Committing) -> Invitation:
    """Dana is asked to wait tables at A, and her letter has come."""
    with django_capture_on_commit_callbacks(execute=True):
        return invited(organisation_a, alice)


@pytest.fixture
def link(invitation: Invitation) -> str:
    return link_in_letter()


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def reader() -> Client:
    return Client(headers={"accept-language": "en"})


def memberships(email: str = "dana@example.com") -> list[str]:
    return list(Membership.objects.filter(user__email=email).values_list("role", flat=True))


def people_url(name: str, organisation: Organisation, *args: Any) -> str:
    return reverse(f"organisation_people:{name}", args=[organisation.slug, *args])


def test_the_owner_invites_and_the_letter_says_who_where_as_what(
    alice: User, organisation_a: Organisation, django_capture_on_commit_callbacks: Committing
) -> None:
    User.objects.filter(pk=alice.pk).update(first_name="Alice", last_name="Liddell")
    with django_capture_on_commit_callbacks(execute=True):
        page = signed_in(alice).post(
            people_url("invite", organisation_a), {"email": "Dana@Example.com", "role": "kitchen"}, follow=True
        )

    assert "The letter to dana@example.com is on its way." in text(page)
    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == (["dana@example.com"], "Invitation to Teahouse Ltd")
    assert "Alice Liddell invites you to “Teahouse Ltd” on menusite." in letter.body
    assert "Your role: kitchen" in letter.body
    assert link_in_letter() in letter.alternatives[0].content
    invitation = Invitation.objects.get()
    assert link_in_letter().split("/")[-2] not in {invitation.token_hash, invitation.public_id}
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.action, entry.subject, entry.details) == (
        alice,
        "member_invited",
        "dana@example.com",
        {"after": "kitchen"},
    )


def test_the_letter_is_in_the_language_of_its_reader(
    alice: User, organisation_a: Organisation, django_capture_on_commit_callbacks: Committing
) -> None:
    User.objects.filter(pk=alice.pk).update(language="ru")
    alice.refresh_from_db()
    make_user("dana@example.com", language="en")
    with django_capture_on_commit_callbacks(execute=True):
        invited(organisation_a, alice)
        invited(organisation_a, alice, "new@example.com")

    assert ['lang="en"' in letter.alternatives[0].content for letter in mail.outbox] == [True, False]
    assert 'lang="ru"' in mail.outbox[1].alternatives[0].content


def test_a_mail_server_that_is_away_loses_no_invitation(
    alice: User,
    organisation_a: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    def refuse(*args: Any) -> int:
        raise SMTPException("451 try later")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        page = signed_in(alice).post(
            people_url("invite", organisation_a), {"email": "dana@example.com", "role": "waiter"}
        )
    assert page.status_code == 302
    assert "The letter waits for the mail server" in text(signed_in(alice).get(people_url("index", organisation_a)))
    monkeypatch.undo()
    Invitation.objects.update(letter_at=timezone.now() - datetime.timedelta(minutes=2))

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(alice).post(people_url("send_again", organisation_a, Invitation.objects.get().public_id))

    assert reader().get(link_in_letter()).status_code == 200


@pytest.mark.parametrize(
    ("email", "refusal"),
    [
        ("charlie@example.com", "This person is a member already."),
        ("DANA@example.com", "This address is invited already."),
        ("dana", "Enter a valid email address."),
        ("", "This field is required."),
    ],
)
def test_an_address_that_cannot_be_invited_is_said(
    alice: User, charlie: User, organisation_a: Organisation, invitation: Invitation, email: str, refusal: str
) -> None:
    response = signed_in(alice).post(people_url("invite", organisation_a), {"email": email, "role": "waiter"})

    assert response.status_code == 422
    assert refusal in text(response)
    assert Invitation.objects.count() == 1


def test_there_is_an_end_to_open_invitations(
    alice: User, organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    invited(organisation_a, alice, "one@example.com")
    invited(organisation_a, alice, "two@example.com")

    with pytest.raises(ValidationError, match="2 invitations are waiting"):
        invited(organisation_a, alice, "three@example.com")

    assert Invitation.objects.count() == 2


def test_looking_accepts_nothing(invitation: Invitation, link: str) -> None:
    page = text(reader().get(link))

    assert "<h1>Teahouse Ltd</h1>" in page
    assert "alice@example.com invites you to work here." in page
    assert "stop-list; desk: orders, calls, tables" in page
    assert stored(invitation).accepted_at is None
    assert not User.objects.filter(email="dana@example.com").exists()


def test_a_new_person_joins_with_a_name_and_a_password(invitation: Invitation, link: str) -> None:
    browser = reader()

    response = browser.post(link, NEW_PERSON, follow=True)

    assert response.redirect_chain[-1][0] == "/staff/teahouse/"
    dana = User.objects.get(email="dana@example.com")
    assert (dana.get_full_name(), dana.check_password(PASSWORD)) == ("Dana Scully", True)
    address = dana.emailaddress_set.get()
    assert (address.email, address.verified, address.primary) == (dana.email, True, True)
    assert memberships() == ["waiter"]
    assert stored(invitation).accepted_by == dana
    assert list(AuditEntry.objects.order_by("pk").values_list("by_name", "action", "subject")) == [
        ("alice@example.com", "member_invited", "dana@example.com"),
        ("Dana Scully", "member_joined", "Dana Scully (dana@example.com)"),
    ]


def test_a_sign_up_that_was_never_confirmed_stands_in_nobodys_way(
    invitation: Invitation, link: str, sign_up: Callable[..., str]
) -> None:
    squatters = sign_up(reader(), email="dana@example.com")
    assert 'name="password1"' in text(reader().get(link))

    response = reader().post(link, NEW_PERSON, follow=True)

    assert response.redirect_chain[-1][0] == "/staff/teahouse/"
    assert memberships() == ["waiter"]
    assert User.objects.get(email="dana@example.com").first_name == "Dana"
    assert reader().post(squatters).status_code == 410


def test_who_has_left_again_has_not_joined(invitation: Invitation, link: str, organisation_a: Organisation) -> None:
    browser = reader()
    browser.post(link, NEW_PERSON)
    assert "You have joined already." in text(browser.get(link))
    remove_member(organisation=organisation_a, user=User.objects.get(email="dana@example.com"))

    answers = [browser.get(link), browser.post(link)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "This invitation has been used" in text(answers[0])
    assert memberships() == []


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"password2": "another-password"}, "You must type the same password each time."),
        ({"password1": "12345678", "password2": "12345678"}, "This password is too common."),
        ({"password1": "dana@example", "password2": "dana@example"}, "too similar to the e-mail"),
        ({"first_name": ""}, "This field is required."),
        ({"first_name": "Da\0na"}, "Null characters are not allowed."),
    ],
)
def test_what_does_not_fit_is_said_and_nobody_joins(link: str, wrong: dict[str, str], refusal: str) -> None:
    response = reader().post(link, {**NEW_PERSON, **wrong})

    assert response.status_code == 422
    assert refusal in text(response)
    assert not User.objects.filter(email="dana@example.com").exists()


@pytest.mark.parametrize(("role", "address"), [(Role.EDITOR, "/admin/"), (Role.WAITER, "/staff/")])
def test_who_has_an_account_signs_in_comes_back_and_joins(
    alice: User,
    organisation_a: Organisation,
    django_capture_on_commit_callbacks: Committing,
    role: Role,
    address: str,
) -> None:
    make_user("dana@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        invited(organisation_a, alice, role=role)
    link, browser = link_in_letter(), reader()
    assert f'href="/accounts/login/?next={link}"' in text(browser.get(link))
    browser.post(link, NEW_PERSON)
    assert memberships() == []

    back = browser.post("/accounts/login/", {"login": "dana@example.com", "password": PASSWORD, "next": link})
    joined = browser.post(link)

    assert (back["Location"], joined["Location"]) == (link, address)
    assert memberships() == [role]


def test_an_invitation_is_for_its_address_alone(charlie: User, invitation: Invitation, link: str) -> None:
    browser = signed_in(charlie)

    page = text(browser.post(link, NEW_PERSON))

    assert "You are signed in as charlie@example.com, and the invitation is for dana@example.com." in page
    assert stored(invitation).accepted_at is None
    out = browser.post("/accounts/logout/", {"next": link})
    assert out["Location"] == link


def test_accepting_twice_and_in_two_tabs_joins_once(organisation_a: Organisation, link: str) -> None:
    first, second = reader(), reader()
    second.get(link)
    first.post(link, NEW_PERSON)

    again = first.post(link)
    other_tab = second.post(link, NEW_PERSON)

    assert again["Location"] == "/staff/"
    assert other_tab.status_code == 410
    assert "This invitation has been used" in text(other_tab)
    assert memberships() == ["waiter"]
    assert AuditEntry.objects.filter(action="member_joined").count() == 1


def test_a_member_who_accepts_keeps_the_role_there_is(
    organisation_a: Organisation, invitation: Invitation, link: str
) -> None:
    dana = make_user("dana@example.com")
    set_role(organisation=organisation_a, user=dana, role=Role.OWNER)

    signed_in(dana).post(link)

    assert memberships() == ["owner"]
    assert stored(invitation).accepted_by == dana


def test_one_who_was_removed_does_not_come_back_by_the_old_link(
    organisation_a: Organisation, invitation: Invitation, link: str
) -> None:
    browser = reader()
    browser.post(link, NEW_PERSON)
    Membership.objects.filter(user__email="dana@example.com").delete()

    browser.post(link)

    assert memberships() == []


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"expires_at": timezone.now() - datetime.timedelta(minutes=1)}, 410, "The invitation has run out"),
        ({"withdrawn_at": timezone.now()}, 410, "The invitation was withdrawn"),
        ({"token_hash": "0" * 64}, 404, "There is no such invitation"),
    ],
)
def test_a_link_that_works_no_more_says_what_to_do(
    invitation: Invitation, link: str, change: dict[str, Any], status: int, words: str
) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(**change)

    for response in (reader().get(link), reader().post(link, NEW_PERSON)):
        assert response.status_code == status
        assert words in text(response)
    assert not User.objects.filter(email="dana@example.com").exists()


def test_an_altered_link_opens_nothing(link: str) -> None:
    response = reader().get(link[:-2] + ("A/" if link[-2] != "A" else "B/"))

    assert response.status_code == 404
    assert "copy it whole from the letter" in text(response)
    assert "Teahouse" not in text(response)


def test_sent_again_the_newest_link_works_alone(
    alice: User,
    organisation_a: Organisation,
    invitation: Invitation,
    link: str,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    url = people_url("send_again", organisation_a, invitation.public_id)
    early = text(signed_in(alice).post(url, follow=True))
    assert "The letter has just been sent." in early
    assert len(mail.outbox) == 1
    gone_by = timezone.now() - datetime.timedelta(days=8)
    Invitation.objects.update(letter_at=gone_by, expires_at=gone_by)

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(alice).post(url)

    assert (reader().get(link).status_code, reader().get(link_in_letter()).status_code) == (404, 200)


def test_withdrawn_the_address_can_be_invited_again(
    alice: User, organisation_a: Organisation, invitation: Invitation, link: str
) -> None:
    url = people_url("withdraw", organisation_a, invitation.public_id)

    page = text(signed_in(alice).post(url, follow=True))
    again = text(signed_in(alice).post(url, follow=True))
    invited(organisation_a, alice)

    assert "The invitation of dana@example.com is withdrawn" in page
    assert "This invitation is not waiting any more." in again
    assert reader().get(link).status_code == 410
    assert Invitation.objects.open().count() == 1


def test_an_invitation_whose_time_is_over_is_made_anew(
    alice: User, organisation_a: Organisation, invitation: Invitation
) -> None:
    Invitation.objects.update(expires_at=timezone.now())

    renewed = invited(organisation_a, alice, role=Role.ANALYST)

    assert renewed.pk == invitation.pk
    assert (stored(renewed).role, stored(renewed).expired) == ("analyst", False)
