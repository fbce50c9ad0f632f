from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.own_data.erasing import OnlyOwnerError, erase_address, erase_person


class Command(BaseCommand):
    help = (
        "Erase a person for good: their account, their name in the records of organisations, invitations and letters "
        "to them. Menus, orders and figures stay. Refuses for the only owner of an organisation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip()
        user = User.objects.filter(email__iexact=email).first()
        if not options["yes"] and input(f"Erase {email}, which cannot be undone? Type yes: ").strip() != "yes":
            raise CommandError("Nothing was erased.")
        if user is None:
            found = erase_address(email)
            if not found:
                raise CommandError(f"Nothing is kept of {email}.")
            self.stdout.write(f"Erased an address without an account: {found} rows.")
            return
        try:
            erase_person(user=user)
        except OnlyOwnerError as needed:
            raise CommandError(
                f"Nothing was erased: the only owner of {needed}. Make somebody else an owner."
            ) from needed
        self.stdout.write("Erased.")
