from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.sign_ins.listing import end_all


class Command(BaseCommand):
    help = (
        "Sign somebody out of every browser, or everybody: after a stolen phone, or a leak. Guests keep their baskets."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("email", nargs="?", help="whose sign-ins")
        who.add_argument("--everybody", action="store_true", help="those of all accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        user = None
        if not options["everybody"]:
            user = User.objects.filter(email__iexact=options["email"]).first()
            if user is None:
                raise CommandError(f"There is no account with the address {options['email']!r}.")
        self.stdout.write(f"Sign-ins ended: {end_all(user)}")
