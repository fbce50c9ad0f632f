"""Everything the service keeps of a person, for that person."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q

from accounts.models import AuditEntry, Invitation, Letter, Membership, Registration, User
from accounts.own_data.words import words_of
from accounts.scope import everyone
from accounts.signals import personal_data_asked

Section = list[dict[str, Any]]


def data_of(user: User) -> dict[str, Any]:
    """The person's data by section; values are what `DjangoJSONEncoder` writes. Each floor adds its own sections.

    Left out is what would hurt rather than inform: the password's hash, the secrets of the second step, the keys of
    sessions. So is what other people wrote about their own work.
    """
    words = words_of(user)
    with everyone():
        data: dict[str, Any] = {
            "person": {
                "email": user.email,
                "first_name": user.first_name,
                "last_name": user.last_name,
                "phone": user.phone,
                "language": user.language,
                "registered_at": user.date_joined,
                "last_signed_in_at": user.last_login,
            },
            "addresses": rows(EmailAddress.objects.filter(user=user), "email", "verified", "primary"),
            "two_step_sign_in": rows(Authenticator.objects.filter(user=user), "type", "created_at", "last_used_at"),
            "registration": rows(
                Registration.objects.filter(user=user),
                *("organisation_name", "kind", "language", "consent_version", "consented_at", "confirmed_at"),
            ),
            "organisations": rows(
                Membership.objects.filter(user=user), "organisation__name", "role", "weekly_letter", "created_at"
            ),
            "invitations": rows(
                Invitation.objects.filter(Q(email__in=words.addresses) | Q(accepted_by=user)),
                *("organisation__name", "email", "role", "created_at", "accepted_at", "withdrawn_at"),
            ),
            "invitations_sent": rows(
                Invitation.objects.filter(invited_by=user), "organisation__name", "email", "role", "created_at"
            ),
            "letters_waiting": rows(Letter.objects.filter(to__in=words.addresses), "to", "subject", "created_at"),
            "audit_log": rows(
                AuditEntry.objects.filter(by=user),
                *("organisation__name", "created_at", "action", "subject", "place_title", "details"),
            ),
        }
        told: list[Any] = personal_data_asked.send(User, user=user)
        for _receiver, sections in told:
            data.update(sections)
    return data


def rows(found: Any, *names: str) -> Section:
    """The rows' fields by name, in the order they came to be; names of other tables' fields read as one word."""
    return [
        {name.replace("__", "_"): value for name, value in row.items()} for row in found.order_by("pk").values(*names)
    ]
