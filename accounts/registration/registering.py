"""From a filled form to a confirmed owner. The organisation itself is made above, on the news of the confirmation."""

import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Registration, User
from accounts.signals import registration_confirmed

# Raised when the words of the consent change, so that it is known what each person agreed to.
CONSENT_VERSION = "2026-11"
FORGOTTEN_AT_ONCE = 500


def keep_request(*, user: User, organisation_name: str, kind: str, language: str) -> Registration:
    """Keep what was asked for until the address is confirmed."""
    return Registration.objects.create(
        user=user,
        organisation_name=organisation_name,
        kind=kind,
        language=language,
        consent_version=CONSENT_VERSION,
        consented_at=timezone.now(),
    )


def complete(*, user: User) -> Registration | None:
    """Turn the user's confirmed registration into an organisation, once; later calls and other users change nothing.

    Runs in the caller's transaction or its own, with the row locked: what fails above leaves it unconfirmed.
    """
    with transaction.atomic():
        registration = Registration.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        if registration is None:
            return None
        registration.confirmed_at = timezone.now()
        registration.save(update_fields=["confirmed_at"])
        registration_confirmed.send(Registration, registration=registration)
    return registration


def has_account(email: str) -> bool:
    """Whether the address is somebody's, apart from sign-ups that were never confirmed. One query."""
    return User.objects.filter(_has_address(email)).exclude(pk__in=_never_confirmed().values("pk")).exists()


def forget_unconfirmed(*, email: str, apart_from: User | None = None) -> int:
    """Delete accounts with this address that were never confirmed, so that it is free for whoever asks now.

    Somebody else may have typed the address first: the last to ask gets the letter that counts, and the links before
    it lead nowhere. Returns how many accounts went.
    """
    waiting = _never_confirmed().filter(email__iexact=email)
    if apart_from:
        waiting = waiting.exclude(pk=apart_from.pk)
    return _forget(waiting)


def forget_old() -> int:
    """Delete sign-ups nobody confirmed in time, some hundreds at once; returns how many."""
    # They are other people's data: kept for as long as the link works, and some days for another letter.
    link_lives = datetime.timedelta(hours=settings.EMAIL_CONFIRMATION_HOURS)
    before = timezone.now() - link_lives - datetime.timedelta(days=settings.KEEP_SIGN_UP_DAYS)
    return _forget(_never_confirmed().filter(registration__consented_at__lt=before)[:FORGOTTEN_AT_ONCE])


def send_again(*, request: HttpRequest, email: str) -> bool:
    """Send the letter that fits the address: the link again, or word that it has an account, or that it has none.

    The same for every address, so that the answer tells nothing; False, and nothing sent, when one has just gone.
    """
    if not ratelimit.consume(request, action="letter_again", key=email.lower()):
        return False
    adapter: Any = get_adapter(request)
    addresses = EmailAddress.objects.filter(email=email.lower())
    # Of one who signed up, or of an account made otherwise, such as an operator's; not one somebody wants to change to.
    waiting = addresses.filter(verified=False, user__email__iexact=email).select_related("user__registration").first()
    with transaction.atomic():
        if waiting:
            waiting.send_confirmation(request, signup=hasattr(waiting.user, "registration"))
        elif addresses.filter(verified=True).exists():
            adapter.send_account_already_exists_mail(email)
        else:
            context = {"signup_url": request.build_absolute_uri(reverse("account_signup"))}
            adapter.send_mail("account/email/unknown_account", email, context)
    return True


def _forget(waiting: "models.QuerySet[User]") -> int:
    forgotten = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            user = _unconfirmed_still(pk)
            if user:
                user.delete()
                forgotten += 1
    return forgotten


def _unconfirmed_still(user_id: int) -> User | None:
    """The account, held until the transaction ends, unless its link has been followed at this very moment."""
    User.objects.select_for_update().filter(pk=user_id).first()
    found: User | None = _never_confirmed().filter(pk=user_id).first()
    return found


def _has_address(email: str) -> Q:
    return Q(email__iexact=email) | Q(emailaddress__email=email.lower(), emailaddress__verified=True)


def _never_confirmed() -> Any:
    confirmed = EmailAddress.objects.filter(verified=True)
    return (
        User.objects.filter(registration__isnull=False, registration__confirmed_at=None)
        .filter(last_login=None, memberships__isnull=True)
        .exclude(pk__in=confirmed.values("user_id"))
    )
