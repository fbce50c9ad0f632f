from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.letters.sending import language_of, send_later
from accounts.models import User
from accounts.sign_ins.listing import end_all


class Command(BaseCommand):
    help = (
        "Take two-step sign-in away from somebody who has lost the phone and the recovery codes, sign them out "
        "everywhere and tell them by letter. Be sure of who asks: docs/security.md, “Signing in”."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="whose")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        with transaction.atomic():
            taken = Authenticator.objects.filter(user=user).delete()[0] if user else 0
            if user is None or not taken:
                raise CommandError(f"{options['email']!r} does not sign in in two steps.")
            end_all(user)
            context = {
                "reader": user,
                "site_name": settings.WAGTAIL_SITE_NAME,
                "site_url": settings.SITE_URL,
                "timestamp": timezone.now(),
                "ip": "–",
            }
            send_later(
                template="mfa/email/totp_deactivated.html", to=user.email, language=language_of(user), context=context
            )
        self.stdout.write("Two-step sign-in is off, and a letter says so.")
