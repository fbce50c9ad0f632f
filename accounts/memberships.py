"""Joining, changing role and leaving an organisation."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import AuditAction, Membership, Organisation, User
from accounts.roles import Role
from accounts.signals import membership_changed, membership_removed


class LastOwnerError(Exception):
    """It would leave the organisation without an owner; the text is for the reader."""

    def __init__(self) -> None:
        super().__init__(_("An organisation needs an owner. Make somebody else an owner first."))


def set_role(*, organisation: Organisation, user: User, role: Role, by: User | None = None) -> Membership:
    """Give the user this role, member or not; what follows from it happens in the same transaction.

    A changed role is written to the audit log, and so is joining when `by` says who did it. Raises `LastOwnerError`
    for the only owner who would step down.
    """
    with transaction.atomic():
        lock_people(organisation)
        membership = Membership.objects.filter(organisation=organisation, user=user).select_related("user").first()
        if membership is None:
            membership = Membership.objects.create(organisation=organisation, user=user, role=role)
            if by:
                _record(AuditAction.MEMBER_JOINED, organisation, user, by, after=role)
        elif membership.role != role:
            before = membership.role
            _keep_an_owner(membership)
            membership.role = role
            membership.save(update_fields=["role"])
            _record(AuditAction.ROLE_CHANGED, organisation, user, by, before=before, after=role)
        membership_changed.send(Membership, membership=membership)
    return membership


def remove_member(*, organisation: Organisation, user: User, by: User | None = None) -> None:
    """End the membership; the person's account and what they did stay. One who is no member any more changes nothing.

    Raises `LastOwnerError`.
    """
    with transaction.atomic():
        lock_people(organisation)
        membership = Membership.objects.filter(organisation=organisation, user=user).first()
        if membership is None:
            return
        _keep_an_owner(membership)
        membership.delete()
        _record(AuditAction.MEMBER_REMOVED, organisation, user, by, before=membership.role)
        membership_removed.send(Membership, organisation=organisation, user=user)


def lock_people(organisation: Organisation) -> None:
    """Let one change of an organisation's people happen at a time, until the transaction ends: two owners who demote
    each other at once would otherwise both succeed."""
    # Rows that merely point at the organisation (records, entries of the log) need not wait.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def in_words(user: User) -> str:
    """The person as the audit log remembers them: two may share a name."""
    name = user.get_full_name()
    return f"{name} ({user.email})" if name else user.email


def is_only_owner(membership: Membership) -> bool:
    """Whether the member is the only owner of the organisation who can still sign in. One query."""
    if membership.role != Role.OWNER:
        return False
    owners = Membership.objects.filter(
        organisation_id=membership.organisation_id, role=Role.OWNER, user__is_active=True
    )
    return not owners.exclude(pk=membership.pk).exists()


def _keep_an_owner(membership: Membership) -> None:
    if is_only_owner(membership):
        raise LastOwnerError


def _record(action: AuditAction, organisation: Organisation, user: User, by: User | None, **details: str) -> None:
    record(action, organisation_id=organisation.pk, by=by, subject=in_words(user), **details)
