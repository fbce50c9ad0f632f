"""The letter of an invitation."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts.letters.models import Letter
from accounts.letters.sending import language_of, send_later
from accounts.models import Invitation, User
from accounts.people.roles_in_words import capabilities_of
from accounts.roles import Role


def send_invitation(invitation: Invitation, token: str) -> None:
    """Write the letter with the link of this token; it goes after the commit, in the reader's language if they have an
    account, else in that of the one who invites."""
    reader = User.objects.filter(email__iexact=invitation.email).exclude(language="").first()
    role = Role(invitation.role)
    context = {
        "organisation": invitation.organisation,
        "inviter": invitation.invited_by,
        "role": role,
        "capabilities": capabilities_of(role),
        "until": invitation.expires_at,
        "url": settings.SITE_URL + reverse("accept_invitation", args=[token]),
    }
    send_later(
        template="accounts/people/letter.html",
        to=invitation.email,
        language=language_of(reader or invitation.invited_by),
        context=context,
    )


def still_here(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses whose letter the mail server has not taken yet. One query."""
    return set(Letter.objects.filter(to__in=list(addresses)).values_list("to", flat=True))
