"""Joining, changing role and leaving: the rows, and the groups of the admin that follow them."""

import pytest
from django.db import IntegrityError, transaction

from accounts.memberships import remove_member, set_role
from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from menu_pages.models import HomePage, PlacePage
from menu_pages.provisioning import admin_group, menu_group
from tests.factories.people import make_member, make_user, signed_in


def groups_of(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


@pytest.mark.parametrize("role", list(Role))
def test_the_role_decides_the_groups(organisation_a: Organisation, role: Role) -> None:
    dana = make_member("dana@example.com", organisation_a, role)

    edits_menu = role in (Role.OWNER, Role.EDITOR)
    enters_admin = role not in (Role.WAITER, Role.KITCHEN)
    expected = {menu_group(organisation_a).name} if edits_menu else set()
    expected |= {admin_group().name} if enters_admin else set()
    assert groups_of(dana) == expected
    assert User.objects.get(pk=dana.pk).has_perm("wagtailadmin.access_admin") is enters_admin


def test_an_editor_who_becomes_a_waiter_leaves_the_admin(organisation_a: Organisation) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.EDITOR)

    set_role(organisation=organisation_a, user=dana, role=Role.WAITER)

    assert groups_of(dana) == set()
    assert [(m.organisation, m.role) for m in Membership.objects.filter(user=dana)] == [(organisation_a, "waiter")]


def test_leaving_takes_the_groups_and_keeps_the_account(organisation_a: Organisation) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.EDITOR)

    remove_member(organisation=organisation_a, user=dana)

    assert groups_of(dana) == set()
    assert Membership.objects.filter(user=dana).count() == 0
    assert User.objects.filter(pk=dana.pk, is_active=True).count() == 1


def test_leaving_one_organisation_keeps_the_groups_of_the_other(
    bob: User, place_a: PlacePage, place_b: PlacePage
) -> None:
    set_role(organisation=place_a.record.organisation, user=bob, role=Role.EDITOR)

    remove_member(organisation=place_a.record.organisation, user=bob)

    assert groups_of(bob) == {menu_group(place_b.record.organisation).name, admin_group().name}


def test_the_one_who_left_is_out_at_the_next_request(organisation_a: Organisation) -> None:
    dana = make_member("dana@example.com", organisation_a, Role.EDITOR)
    browser = signed_in(dana)
    home = f"/admin/pages/{HomePage.objects.get().pk}/"
    before = browser.get(home, follow=True).content.decode()

    remove_member(organisation=organisation_a, user=dana)
    after = browser.get(home)

    assert "Teahouse" in before
    assert after.status_code in (302, 404)
    assert "Teahouse" not in after.content.decode()


def test_setting_a_role_twice_is_one_membership(charlie: User, organisation_a: Organisation) -> None:
    set_role(organisation=organisation_a, user=charlie, role=Role.MANAGER)
    set_role(organisation=organisation_a, user=charlie, role=Role.MANAGER)

    assert [m.role for m in Membership.objects.filter(user=charlie)] == ["manager"]


def test_the_database_refuses_a_second_membership(charlie: User, organisation_a: Organisation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation=organisation_a, user=charlie, role=Role.OWNER)

    assert Membership.objects.get(user=charlie).role == "waiter"


def test_the_database_refuses_an_unknown_role(organisation_a: Organisation) -> None:
    dana = make_user("dana@example.com")

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation=organisation_a, user=dana, role="emperor")

    assert Membership.objects.filter(user=dana).count() == 0
