"""The table of roles is the one that the product promises."""

import pytest

from accounts.models import Membership, User
from accounts.permissions import may, organisation_ids
from accounts.roles import CAPABILITIES, Capability, Role, roles_with
from menu_pages.models import PlacePage
from tests.factories.people import make_member

PROMISED = {
    Capability.MENU: {"owner", "editor"},
    Capability.STOP_LIST: {"owner", "editor", "manager", "waiter", "kitchen"},
    Capability.DESK: {"owner", "manager", "waiter"},
    Capability.ORDERS: {"owner", "manager", "waiter", "kitchen"},
    Capability.STATISTICS: {"owner", "manager", "analyst"},
    Capability.PLACE: {"owner", "manager"},
    Capability.ORGANISATION: {"owner"},
}


@pytest.mark.parametrize("capability", list(Capability))
def test_roles_have_the_promised_capabilities(capability: Capability) -> None:
    assert {role.value for role in roles_with(capability)} == PROMISED[capability]


def test_every_role_and_capability_is_in_the_table() -> None:
    assert set(CAPABILITIES) == set(Role)
    assert set(PROMISED) == set(Capability)


@pytest.mark.parametrize("role", list(Role))
def test_may_follows_the_role(place_a: PlacePage, place_b: PlacePage, role: Role) -> None:
    organisation = place_a.record.organisation
    dana = make_member("dana@example.com", organisation, role)

    allowed = {capability for capability in Capability if may(dana, organisation.pk, capability)}
    elsewhere = {capability for capability in Capability if may(dana, place_b.record.organisation_id, capability)}

    assert allowed == {capability for capability, roles in PROMISED.items() if role.value in roles}
    assert elsewhere == set()


def test_a_blocked_account_may_nothing(alice: User, place_a: PlacePage) -> None:
    alice.is_active = False
    alice.save()

    assert not any(may(alice, place_a.record.organisation_id, capability) for capability in Capability)


def test_the_operator_may_everything_everywhere(place_a: PlacePage) -> None:
    operator = User.objects.create_superuser("operator@example.com", "password")

    assert all(may(operator, place_a.record.organisation_id, capability) for capability in Capability)
    assert organisation_ids(operator) == frozenset()


def test_a_member_of_two_organisations_has_each_role_in_its_own(
    alice: User, place_a: PlacePage, place_b: PlacePage
) -> None:
    Membership.objects.create(organisation=place_b.record.organisation, user=alice, role=Role.KITCHEN)

    assert organisation_ids(alice) == {place_a.record.organisation_id, place_b.record.organisation_id}
    assert organisation_ids(alice, Capability.MENU) == {place_a.record.organisation_id}
    assert organisation_ids(alice, Capability.ORDERS) == {
        place_a.record.organisation_id,
        place_b.record.organisation_id,
    }
