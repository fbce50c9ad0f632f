"""Inviting somebody by letter, sending the letter again, taking the invitation back, taking it up.

The link's token is in the letter alone; the database keeps its hash, so sending again makes a new link and ends the
one before.
"""

import datetime
import hashlib
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.memberships import lock_people, set_role
from accounts.models import AuditAction, Invitation, Membership, Organisation, User
from accounts.people.letters import send_invitation
from accounts.people.models import LIVES_FOR
from accounts.registration import registering
from accounts.roles import Role

MOST_OPEN = 100
FORGOTTEN_AT_ONCE = 500
# A letter that has just gone is on its way; a second one only clutters the reader's box.
SECONDS_BETWEEN_LETTERS = 60


class InvitationGoneError(Exception):
    """It was taken up, withdrawn or ran out meanwhile."""


class AccountExistsError(Exception):
    """The address has an account already: it signs in instead of making one."""


def invite(*, organisation: Organisation, email: str, role: Role, by: User) -> Invitation:
    """Invite the address to join in this role; the letter goes once the transaction has committed, and again while the
    mail server is away.

    An invitation of the address whose time was over is made anew. Raises `ValidationError` for a member, for an
    address that is invited already, and for too many open invitations.
    """
    email = email.strip().lower()
    with transaction.atomic():
        lock_people(organisation)
        if Membership.objects.filter(organisation=organisation, user__email__iexact=email).exists():
            raise ValidationError({"email": _("This person is a member already.")})
        open_ones = Invitation.objects.open().filter(organisation=organisation)
        invitation: Invitation = open_ones.filter(email=email).first() or Invitation(
            organisation=organisation, email=email
        )
        if invitation.pk and not invitation.expired:
            raise ValidationError({"email": _("This address is invited already. You can send the letter again below.")})
        if not invitation.pk and open_ones.count() >= MOST_OPEN:
            raise ValidationError(
                _("%(most)d invitations are waiting. Withdraw those you no longer need.") % {"most": MOST_OPEN}
            )
        invitation.role = role
        invitation.invited_by = by
        _write_letter(invitation)
        record(AuditAction.MEMBER_INVITED, organisation_id=organisation.pk, by=by, subject=email, after=role)
    return invitation


def send_again(*, invitation: Invitation, by: User) -> Invitation:
    """A fresh letter with a fresh link, good for the full time again; the link before works no more.

    Raises `InvitationGoneError`, and `ValidationError` when the last letter has only just gone.
    """
    with transaction.atomic():
        current = _locked(invitation)
        if (timezone.now() - current.letter_at).total_seconds() < SECONDS_BETWEEN_LETTERS:
            raise ValidationError(_("The letter has just been sent. Wait a minute before sending another."))
        current.invited_by = by
        _write_letter(current)
    return current


def withdraw(*, invitation: Invitation) -> None:
    """The letter's link works no more; raises `InvitationGoneError`."""
    with transaction.atomic():
        current = _locked(invitation)
        current.withdrawn_at = timezone.now()
        current.save(update_fields=["withdrawn_at"])


def find(token: str) -> Invitation | None:
    """The invitation a letter's link stands for, whatever has become of it. One query."""
    found: Invitation | None = (
        Invitation.objects.filter(token_hash=_hash(token))
        .select_related("organisation", "invited_by", "accepted_by")
        .first()
    )
    return found


def accept(*, invitation: Invitation, user: User) -> Membership:
    """Make the user a member and close the invitation; one who is a member already keeps their role.

    Accepted before by the same user it gives the membership there is; raises `InvitationGoneError` otherwise.
    """
    with transaction.atomic():
        organisation: Organisation = invitation.organisation
        lock_people(organisation)
        current = Invitation.objects.select_for_update().get(pk=invitation.pk)
        membership: Membership | None = Membership.objects.filter(organisation=organisation, user=user).first()
        if current.accepted_at and current.accepted_by_id == user.pk and membership:
            return membership
        _refuse_closed(current)
        current.accepted_at = timezone.now()
        current.accepted_by = user
        current.save(update_fields=["accepted_at", "accepted_by"])
        return membership or set_role(organisation=organisation, user=user, role=Role(current.role), by=user)


def accept_as_new(*, invitation: Invitation, password: str, **fields: Any) -> User:
    """Make an account with the invited address, which the letter has confirmed, and join with it.

    Raises `AccountExistsError` or `InvitationGoneError`; then nothing is made.
    """
    try:
        with transaction.atomic():
            lock_people(invitation.organisation)
            _refuse_closed(Invitation.objects.select_for_update().get(pk=invitation.pk))
            # The letter proves whose the address is; a sign-up with it that was never confirmed proves nothing.
            registering.forget_unconfirmed(email=invitation.email)
            user: User = User.objects.create_user(invitation.email, password, **fields)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            accept(invitation=invitation, user=user)
    except IntegrityError as error:
        raise AccountExistsError from error
    return user


def forget_old(*, now: datetime.datetime | None = None) -> int:
    """Delete invitations that were over `KEEP_INVITATION_DAYS` ago: taken up, withdrawn or run out. The address in them
    is a person's, who may never have answered. Returns how many went; some hundreds at once."""
    before = (now or timezone.now()) - datetime.timedelta(days=settings.KEEP_INVITATION_DAYS)
    over = Invitation.objects.filter(
        Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(accepted_at=None, expires_at__lt=before)
    )
    pks = list(over.order_by("pk").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    return Invitation.objects.filter(pk__in=pks).delete()[0]


def _write_letter(invitation: Invitation) -> None:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = _hash(token)
    invitation.letter_at = timezone.now()
    invitation.expires_at = invitation.letter_at + LIVES_FOR
    invitation.save()
    send_invitation(invitation, token)


def _locked(invitation: Invitation) -> Invitation:
    lock_people(invitation.organisation)
    current: Invitation | None = Invitation.objects.open().select_for_update().filter(pk=invitation.pk).first()
    if current is None:
        raise InvitationGoneError
    return current


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expired:
        raise InvitationGoneError


def _hash(token: str) -> str:
    # 256 random bits need no salt and no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
