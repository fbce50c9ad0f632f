"""Invitations as owners send them, and the link their letters carry."""

import re
from typing import Any

from django.core import mail

from accounts.models import Invitation, Organisation, User
from accounts.people import invitations
from accounts.roles import Role

LINK = re.compile(r"https?://[^\s/]+(/accounts/invitations/[^\s/]+/)")


def invited(organisation: Organisation, by: User, email: str = "dana@example.com", role: Role = Role.WAITER) -> Any:
    """An open invitation. The letter waits for the commit: see `link_in_letter`."""
    return invitations.invite(organisation=organisation, email=email, role=role, by=by)


def link_in_letter(email: str = "dana@example.com") -> str:
    """The path of the link in the newest letter to the address."""
    newest = [letter for letter in mail.outbox if letter.to == [email]][-1]
    found = LINK.findall(str(newest.body))
    assert len(set(found)) == 1
    path: str = found[0]
    return path


def stored(invitation: Invitation) -> Invitation:
    found: Invitation = Invitation.objects.get(pk=invitation.pk)
    return found
