"""What a confirmation link in a letter is worth by now."""

from enum import Enum
from typing import NamedTuple

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.http import HttpRequest


class State(Enum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    # Signed by us, but a newer letter or a newer address has taken its place.
    REPLACED = "replaced"
    ALTERED = "altered"
    # Somebody else is signed in here.
    FOREIGN = "foreign"
    # The address belongs to another account by now.
    TAKEN = "taken"


class Link(NamedTuple):
    state: State
    address: EmailAddress | None = None


def read_link(key: str, request: HttpRequest) -> Link:
    """Judge the link for the browser that opened it; at most three queries, and nothing changes."""
    try:
        pk = signing.loads(key, salt=app_settings.SALT)
    except signing.BadSignature:
        return Link(State.ALTERED)
    address = EmailAddress.objects.select_related("user").filter(pk=pk).first()
    if address is None:
        return Link(State.REPLACED)
    if address.verified:
        return Link(State.USED, address)
    try:
        signing.loads(key, salt=app_settings.SALT, max_age=settings.EMAIL_CONFIRMATION_HOURS * 3600)
    except signing.SignatureExpired:
        return Link(State.EXPIRED, address)
    if request.user.is_authenticated and request.user.pk != address.user_id:
        return Link(State.FOREIGN, address)
    if not address.can_set_verified():
        return Link(State.TAKEN, address)
    return Link(State.OPEN, address)
