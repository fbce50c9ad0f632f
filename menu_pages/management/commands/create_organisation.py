from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.scope import everyone
from menu_pages.provisioning import create_organisation


class Command(BaseCommand):
    help = "Make an organisation with its owner and first place, and print the link to set the owner's password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the organisation's name")
        parser.add_argument("email", metavar="EMAIL", help="the owner's e-mail")
        parser.add_argument("--place", default="", metavar="TITLE", help="the place's title (default: NAME)")
        parser.add_argument("--slug", default="", help="the place's address (default: made from its title)")
        parser.add_argument("--currency", default="RUB")
        parser.add_argument("--time-zone", default="Europe/Moscow")
        parser.add_argument("--language", default="ru")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
            with everyone(), transaction.atomic():
                owner = self._owner(email, options["language"])
                place = create_organisation(
                    name=options["name"],
                    owner=owner,
                    place_title=options["place"],
                    place_slug=options["slug"],
                    currency=options["currency"],
                    time_zone=options["time_zone"],
                    language=options["language"],
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Place: {settings.SITE_URL}{place.href}")
        self.stdout.write(f"Set password: {settings.SITE_URL}{self._password_link(owner)}")

    def _owner(self, email: str, language: str) -> User:
        owner = User.objects.filter(email=email).first()
        if owner is None:
            owner = User(email=email, language=language)
            owner.set_unusable_password()
            owner.full_clean(exclude=("password",))
            owner.save()
        EmailAddress.objects.get_or_create(user=owner, email=email, defaults={"verified": True, "primary": True})
        return owner

    def _password_link(self, owner: User) -> str:
        key = default_token_generator.make_token(owner)
        return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(owner), "key": key})
