"""What a signed-in user may do, by their memberships."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts.models import Membership, Organisation, User
from accounts.roles import CAPABILITIES, Capability, Role, roles_with
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


def capabilities_by_organisation(user: User | AnonymousUser | Any) -> dict[int, frozenset[Capability]]:
    """What the user may do in each organisation they belong to, by its id. One query."""
    if not user.is_authenticated:
        return {}
    with everyone():
        roles = Membership.objects.filter(user_id=user.pk).values_list("organisation_id", "role")
        return {organisation_id: CAPABILITIES[Role(role)] for organisation_id, role in roles}


def may(user: User | AnonymousUser | Any, organisation_id: int, capability: Capability) -> bool:
    """Whether the user's role in the organisation has the capability; the service's operator always may. One query."""
    if not (user.is_authenticated and user.is_active):
        return False
    return user.is_superuser or organisation_id in organisation_ids(user, capability)


def capabilities_in(user: User | AnonymousUser | Any, organisation_id: int) -> frozenset[Capability]:
    """All that the user may do in the organisation. One query; none for the service's operator."""
    if not (user.is_authenticated and user.is_active):
        return frozenset()
    if user.is_superuser:
        return frozenset(Capability)
    with everyone():
        membership = Membership.objects.filter(user_id=user.pk, organisation_id=organisation_id).first()
    return membership.capabilities if membership else frozenset()


def organisation_or_404(user: User, slug: str, capability: Capability = Capability.ORGANISATION) -> Organisation:
    """The one door to an organisation's own pages: it, if the user has `capability` there; otherwise 404, whether or
    not it exists. Two queries."""
    organisation: Organisation | None = Organisation.objects.filter(slug=slug).first()
    if organisation is None or not may(user, organisation.pk, capability):
        raise Http404
    return organisation
