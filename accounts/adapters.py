from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import security_log
from accounts.attempts import browsers, counting
from accounts.attempts.words import too_many
from accounts.letters.sending import language_of, send_later
from accounts.models import User
from accounts.permissions import organisation_ids
from accounts.registration import registering
from accounts.two_step import demands_two_step


class AccountAdapter(DefaultAccountAdapter):
    """Where people go after signing in, how wrong passwords are counted, how letters go out, what confirming does."""

    # Where to

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The admin for those who work there, the service desk for staff, else the front page."""
        user = request.user
        if user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return reverse("desk:index") if organisation_ids(user) else "/"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def is_safe_url(self, url: str | None) -> bool:
        """Whether an address given from outside leads to a page of ours; one that cannot be read does not."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        # Behind a socket file a request has no address; limits then hold for all such requests together.
        return super().get_client_ip(request) if request.META.get("REMOTE_ADDR") else "unknown"

    # Signing in

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password; wrong ones are counted, see `accounts.attempts`. Raises `ValidationError` when locked."""
        user = super().authenticate(request, **credentials)
        if user:
            counting.forgive(self._try)
        else:
            security_log.wrong_password(counting.account_key(credentials.get("email") or ""))
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email") or ""
        try:
            self._try = counting.begin(account=counting.account_key(email), browser=browsers.browser_of(request, email))
        except counting.LockedError as locked:
            security_log.locked(counting.account_key(email))
            raise too_many(locked) from locked

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        browsers.remember(request, response, user.email)
        return response

    # Signing up

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.email = form.cleaned_data["email"]
        user.password = form.password_hash
        user.language = language_of(None)
        if commit:
            user.save()
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Mark the address as confirmed and open what was registered with it: all or nothing, and once.

        Two presses at the same moment wait for each other; the second finds it done. False when the address is another
        account's by now, or the account has given way to a newer sign-up.
        """
        with transaction.atomic():
            user = User.objects.select_for_update().filter(pk=email_address.user_id).first()
            stored = EmailAddress.objects.filter(pk=email_address.pk).first()
            if user is None or stored is None or stored.verified:
                return stored is not None
            registering.forget_unconfirmed(email=stored.email, apart_from=user)
            if User.objects.filter(email__iexact=stored.email).exclude(pk=user.pk).exists():
                return False
            confirmed: bool = super().confirm_email(request, stored)
            if confirmed:
                registering.complete(user=user)
        return confirmed

    # Letters

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        words = {
            **context,
            "email": email,
            "reader": user,
            "site_name": settings.WAGTAIL_SITE_NAME,
            "site_url": settings.SITE_URL,
            "hours": settings.EMAIL_CONFIRMATION_HOURS,
        }
        send_later(template=f"{template_prefix}.html", to=email, language=language_of(user), context=words)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        # The letter to an old address is for the same reader, whose account no longer has that address.
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)


class TwoStepAdapter(DefaultMFAAdapter):
    """Two-step sign-in by codes of an app."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Nobody switches off what an organisation of theirs asks for."""
        return not demands_two_step(authenticator.user)

    def build_totp_svg(self, url: str) -> str:
        """The code as a part of the page, which a strict policy shows without a picture address."""
        drawing: str = super().build_totp_svg(url)
        return drawing[drawing.index("<svg") :]
