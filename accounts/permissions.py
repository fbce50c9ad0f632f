"""What a signed-in user may do, by their memberships."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import Membership, User
from accounts.roles import Capability, roles_with
from accounts.scope import everyone


def organisation_ids(user: User | AnonymousUser | Any, capability: Capability | None = None) -> frozenset[int]:
    """Organisations in which the user is a member, or may use `capability`. One query."""
    if not user.is_authenticated:
        return frozenset()
    with everyone():
        memberships = Membership.objects.filter(user_id=user.pk)
        if capability is not None:
            memberships = memberships.filter(role__in=roles_with(capability))
        return frozenset(memberships.values_list("organisation_id", flat=True))


def may(user: User | AnonymousUser | Any, organisation_id: int, capability: Capability) -> bool:
    """Whether the user's role in the organisation has the capability; the service's operator always may. One query."""
    if not (user.is_authenticated and user.is_active):
        return False
    return user.is_superuser or organisation_id in organisation_ids(user, capability)
