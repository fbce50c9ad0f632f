"""Joining, changing role and leaving an organisation."""

from django.db import transaction

from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from accounts.signals import membership_changed, membership_removed


def set_role(*, organisation: Organisation, user: User, role: Role) -> Membership:
    """Give the user this role, member or not; what follows from it happens in the same transaction."""
    with transaction.atomic():
        membership, _created = Membership.objects.update_or_create(
            organisation=organisation, user=user, defaults={"role": role}
        )
        membership_changed.send(Membership, membership=membership)
    return membership


def remove_member(*, organisation: Organisation, user: User) -> None:
    """End the membership; the person's account and what they did stay."""
    with transaction.atomic():
        Membership.objects.filter(organisation=organisation, user=user).delete()
        membership_removed.send(Membership, organisation=organisation, user=user)
