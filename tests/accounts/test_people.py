"""The owner's page of people: who is shown, who may change whom, and what an organisation never loses."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.memberships import LastOwnerError, remove_member, set_role
from accounts.models import AuditEntry, Invitation, Membership, Organisation, User
from accounts.people.roles_in_words import capabilities_of
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage
from tests.factories.invitations import invited
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(alice: User, organisation_a: Organisation) -> Client:
    return signed_in(alice)


def url(name: str, organisation: Organisation, *args: Any) -> str:
    return reverse(f"organisation_people:{name}", args=[organisation.slug, *args])


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def role_of(user: User, organisation: Organisation) -> str | None:
    return Membership.objects.filter(user=user, organisation=organisation).values_list("role", flat=True).first()


def log() -> list[tuple[str, str, dict[str, Any]]]:
    """Who, what and the details, the oldest first."""
    return [(entry.by_name, entry.action, entry.details) for entry in AuditEntry.objects.order_by("pk")]


def test_members_are_listed_with_their_roles(owner: Client, organisation_a: Organisation, charlie: User) -> None:
    Authenticator.objects.create(user=charlie, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(
        user=User.objects.get(email="alice@example.com"), type=Authenticator.Type.RECOVERY_CODES, data={}
    )

    page = text(owner.get(url("index", organisation_a)))

    assert "alice@example.com <i>you</i>" in page
    assert '<option value="waiter" selected>waiter</option>' in page
    assert (page.count("Two-step sign-in: on"), page.count("Two-step sign-in: off")) == (1, 1)
    assert "stop-list; desk: orders, calls, tables</dd>" in page


@pytest.mark.parametrize("members", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_people(
    owner: Client, alice: User, organisation_a: Organisation, members: int, django_assert_num_queries: Any
) -> None:
    for number in range(members):
        make_member(f"cook{number}@example.com", organisation_a, Role.KITCHEN)
        invited(organisation_a, alice, f"new{number}@example.com")
    owner.get(url("index", organisation_a))

    with django_assert_num_queries(QUERIES):
        page = text(owner.get(url("index", organisation_a)))

    assert f"Members <span>{members + 1}</span>" in page


QUERIES = 22


def test_many_people_are_paged(owner: Client, organisation_a: Organisation) -> None:
    for number in range(25):
        make_member(f"cook{number}@example.com", organisation_a, Role.KITCHEN)

    first, second = (text(owner.get(url("index", organisation_a), {"p": page})) for page in (1, 2))

    assert "<b>cook24@example.com</b>" not in first
    assert "<b>cook24@example.com</b>" in second


def test_each_role_is_said_in_words() -> None:
    assert [str(words) for words in capabilities_of(Role.KITCHEN)] == ["stop-list", "desk: orders only"]
    assert [str(words) for words in capabilities_of(Role.WAITER)] == ["stop-list", "desk: orders, calls, tables"]
    assert len(capabilities_of(Role.OWNER)) == 6


def test_a_role_is_changed_and_written_down(
    owner: Client, alice: User, charlie: User, organisation_a: Organisation
) -> None:
    data = {"member": charlie.email, "role": "manager"}

    page = text(owner.post(url("role", organisation_a), data, follow=True))

    assert "charlie@example.com: manager. It counts from their next click." in page
    assert role_of(charlie, organisation_a) == "manager"
    assert log() == [("alice@example.com", "role_changed", {"before": "waiter", "after": "manager"})]


def test_the_same_role_again_is_no_change(owner: Client, charlie: User, organisation_a: Organisation) -> None:
    owner.post(url("role", organisation_a), {"member": charlie.email, "role": "waiter"})

    assert role_of(charlie, organisation_a) == "waiter"
    assert log() == []


@pytest.mark.parametrize(
    "data", [{}, {"member": "nobody@example.com", "role": "owner"}, {"member": "x\0", "role": "x"}]
)
def test_somebody_who_is_no_member_gets_no_role(owner: Client, organisation_a: Organisation, data: Any) -> None:
    page = text(owner.post(url("role", organisation_a), data, follow=True))

    assert "This person is not among the members any more." in page
    assert Membership.objects.count() == 1


def test_removing_asks_first(owner: Client, charlie: User, organisation_a: Organisation) -> None:
    page = text(owner.post(url("remove", organisation_a), {"member": charlie.email}))
    assert "charlie@example.com leaves “Teahouse Ltd” at once" in page
    assert role_of(charlie, organisation_a) == "waiter"

    owner.post(url("remove", organisation_a), {"member": charlie.email, "sure": "1"})

    assert role_of(charlie, organisation_a) is None
    assert User.objects.filter(pk=charlie.pk, is_active=True).count() == 1
    assert log() == [("alice@example.com", "member_removed", {"before": "waiter"})]


def test_the_last_owner_can_neither_leave_nor_step_down(
    owner: Client, alice: User, charlie: User, organisation_a: Organisation
) -> None:
    leave = owner.post(url("remove", organisation_a), {"member": alice.email, "sure": "1"}, follow=True)
    step_down = owner.post(
        url("role", organisation_a), {"member": alice.email, "role": "editor", "sure": "1"}, follow=True
    )

    refusal = "An organisation needs an owner. Make somebody else an owner first."
    assert refusal in text(leave)
    assert refusal in text(step_down)
    assert role_of(alice, organisation_a) == "owner"
    assert log() == []


def test_an_owner_who_cannot_sign_in_is_no_second_owner(alice: User, organisation_a: Organisation) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.OWNER)
    User.objects.filter(pk=dana.pk).update(is_active=False)

    with pytest.raises(LastOwnerError):
        remove_member(organisation=organisation_a, user=alice)

    assert role_of(alice, organisation_a) == "owner"


def test_one_of_two_owners_steps_down_after_being_asked(
    owner: Client, alice: User, organisation_a: Organisation
) -> None:
    make_member("dana@example.com", organisation_a, Role.OWNER)
    data = {"member": alice.email, "role": "waiter"}

    asked = text(owner.post(url("role", organisation_a), data))
    assert "You give up being an owner of “Teahouse Ltd” and become: waiter." in asked
    assert role_of(alice, organisation_a) == "owner"
    response = owner.post(url("role", organisation_a), {**data, "sure": "1"}, follow=True)

    assert role_of(alice, organisation_a) == "waiter"
    # Through the front door to where a waiter works.
    assert response.redirect_chain[-1][0] == "/staff/teahouse/"


def test_two_step_is_demanded_by_those_who_have_it(owner: Client, alice: User, organisation_a: Organisation) -> None:
    refused = text(owner.post(url("two_step", organisation_a), {"required": "on"}, follow=True))
    assert "Set up two-step sign-in for yourself first" in refused
    assert not Organisation.objects.get().two_step_required
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})

    owner.post(url("two_step", organisation_a), {"required": "on"})
    owner.post(url("two_step", organisation_a), {"required": "on"})
    assert Organisation.objects.get().two_step_required
    owner.post(url("two_step", organisation_a))

    assert not Organisation.objects.get().two_step_required
    assert log() == [
        ("alice@example.com", "security_changed", {"before": False, "after": True}),
        ("alice@example.com", "security_changed", {"before": True, "after": False}),
    ]


ROUTES = [
    ("get", "index", ()),
    ("post", "invite", ()),
    ("post", "role", ()),
    ("post", "remove", ()),
    ("post", "two_step", ()),
    ("post", "send_again", ("x",)),
    ("post", "withdraw", ("x",)),
]


@pytest.mark.parametrize(("method", "name", "args"), ROUTES)
def test_only_owners_find_the_page(
    organisation_a: Organisation, place_b: PlacePage, bob: User, charlie: User, method: str, name: str, args: Any
) -> None:
    """A foreign owner, a waiter, an editor: 404; a stranger signs in."""
    editor = make_member("eve@example.com", organisation_a, Role.EDITOR)
    data = {"member": charlie.email, "role": "owner", "email": "mallory@example.com", "sure": "1", "required": "on"}
    people = set(Membership.objects.values_list("user__email", "role"))

    answers = [
        getattr(signed_in(user), method)(url(name, organisation_a, *args), data).status_code
        for user in (bob, charlie, editor)
    ]
    stranger = getattr(Client(), method)(url(name, organisation_a, *args), data)

    assert answers == [404, 404, 404]
    assert stranger["Location"].startswith("/accounts/login/")
    assert set(Membership.objects.values_list("user__email", "role")) == people
    assert Invitation.objects.count() == 0


def test_an_invitation_of_another_organisation_is_not_found(
    alice: User, organisation_a: Organisation, bob: User, place_b: PlacePage
) -> None:
    invitation = invited(organisation_a, alice)

    for name in ("send_again", "withdraw"):
        response = signed_in(bob).post(url(name, place_b.record.organisation, invitation.public_id))
        assert response.status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


def editor_of(dish: DishPage) -> str:
    return f"/admin/pages/{dish.pk}/edit/"


@pytest.mark.parametrize("change", ["demoted", "removed"])
def test_an_open_editor_page_is_refused_at_the_next_request(
    organisation_a: Organisation, borshch: DishPage, change: str
) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.EDITOR)
    browser = signed_in(dana)
    assert browser.get(editor_of(borshch)).status_code == 200

    if change == "removed":
        remove_member(organisation=organisation_a, user=dana)
    else:
        set_role(organisation=organisation_a, user=dana, role=Role.ANALYST)
    response = browser.post(editor_of(borshch), {"title": "Mine now", "price": "1", "action-publish": "1"})

    assert response.status_code in (302, 404)
    assert DishPage.objects.get(pk=borshch.pk).title == "Borshch"


@pytest.mark.parametrize("change", ["demoted", "removed"])
def test_an_open_desk_is_refused_at_the_next_request(organisation_a: Organisation, charlie: User, change: str) -> None:
    browser = signed_in(charlie)
    assert browser.get("/staff/teahouse/").status_code == 200

    if change == "removed":
        remove_member(organisation=organisation_a, user=charlie)
    else:
        set_role(organisation=organisation_a, user=charlie, role=Role.ANALYST)

    assert browser.get("/staff/teahouse/").status_code == 404
    assert browser.get("/staff/teahouse/pulse/").status_code == 404
    assert browser.post("/staff/teahouse/tables/7/close/").status_code == 404


def test_an_owner_who_was_demoted_invites_nobody_from_an_open_page(alice: User, organisation_a: Organisation) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.OWNER)
    browser = signed_in(dana)
    assert browser.get(url("index", organisation_a)).status_code == 200

    set_role(organisation=organisation_a, user=dana, role=Role.EDITOR, by=alice)
    response = browser.post(url("invite", organisation_a), {"email": "mallory@example.com", "role": "owner"})

    assert response.status_code == 404
    assert Invitation.objects.count() == 0


def test_the_one_who_left_goes_on_working_elsewhere(
    charlie: User, organisation_a: Organisation, place_b: PlacePage
) -> None:
    set_role(organisation=place_b.record.organisation, user=charlie, role=Role.WAITER)
    browser = signed_in(charlie)
    browser.get("/staff/teahouse/")

    remove_member(organisation=organisation_a, user=charlie)

    assert browser.get("/staff/teahouse/").status_code == 404
    assert browser.get("/staff/pizzeria/").status_code == 200
