"""Two-step sign-in among an organisation's people: who has it, and whether everybody must."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.audit import record
from accounts.memberships import lock_people
from accounts.models import AuditAction, Organisation, User
from accounts.two_step import has_two_step


class NotSetUpError(Exception):
    """Who demands it of others has not set it up."""


def who_has(user_ids: Iterable[int]) -> set[int]:
    """Those of the users who sign in in two steps. One query."""
    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    return set(apps.filter(user_id__in=list(user_ids)).values_list("user_id", flat=True))


def demand(*, organisation: Organisation, required: bool, by: User) -> None:
    """Demand two-step sign-in of everybody in the organisation, or no longer.

    Raises `NotSetUpError` for somebody who would be the first to be locked out.
    """
    if required and not has_two_step(by):
        raise NotSetUpError
    with transaction.atomic():
        lock_people(organisation)
        before = Organisation.objects.get(pk=organisation.pk).two_step_required
        if before == required:
            return
        organisation.two_step_required = required
        organisation.save(update_fields=["two_step_required"])
        record(AuditAction.SECURITY_CHANGED, organisation_id=organisation.pk, by=by, before=before, after=required)
