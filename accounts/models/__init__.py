from accounts.attempts.models import SignInAttempts
from accounts.billing import models as billing_models  # noqa: F401  (so that Django finds them)
from accounts.letters.models import Letter
from accounts.models.audit import AuditAction, AuditEntry
from accounts.models.organisation import Membership, Organisation, PlaceKind, organisation_slug
from accounts.models.user import User, UserManager, default_language
from accounts.people.models import Invitation
from accounts.registration.models import Registration

__all__ = [
    "AuditAction",
    "AuditEntry",
    "Invitation",
    "Letter",
    "Membership",
    "Organisation",
    "PlaceKind",
    "Registration",
    "SignInAttempts",
    "User",
    "UserManager",
    "default_language",
    "organisation_slug",
]
