import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import User
from accounts.own_data.exporting import data_of


class Command(BaseCommand):
    help = "Print everything the service keeps of a person, as JSON: what they may download themselves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"].strip()).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        self.stdout.write(json.dumps(data_of(user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
