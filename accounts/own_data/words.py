"""The words by which a person can be recognised, and taking them out of what others keep."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.utils.html import escape

from accounts.models import User


class Words(NamedTuple):
    """A person's addresses, in small letters, and their full name, which may be empty."""

    addresses: frozenset[str]
    name: str

    def taken_out(self, value: Any, stand_in: str) -> Any:
        """The text, or all the texts of a JSON value, with `stand_in` where the person was named."""
        if isinstance(value, str):
            return self._pattern.sub(lambda _found: stand_in, value)
        if isinstance(value, list):
            return [self.taken_out(part, stand_in) for part in value]
        if isinstance(value, dict):
            return {key: self.taken_out(part, stand_in) for key, part in value.items()}
        return value

    @property
    def in_html(self) -> "Words":
        """The same as templates write them."""
        return Words(self.addresses, escape(self.name))

    @property
    def _pattern(self) -> re.Pattern[str]:
        """“Name (address)”, as the audit log writes people, is one person, whichever address they had then."""
        addresses = "|".join(re.escape(address) for address in sorted(self.addresses, key=len, reverse=True))
        parts = [rf"(?<![\w.+-])(?:{addresses})(?![\w-]|\.\w)"]
        if self.name:
            parts.insert(0, rf"(?<!\w){re.escape(self.name)}(?!\w)(?: \([^()\s]+@[^()\s]+\))?")
        return re.compile("|".join(parts), re.IGNORECASE)


def words_of(user: User) -> Words:
    """One query."""
    addresses = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
    return Words(_lower([user.email, *addresses]), user.get_full_name())


def words_of_address(email: str) -> Words:
    """Of somebody who has no account."""
    return Words(_lower([email]), "")


def _lower(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(address.strip().lower() for address in addresses if address.strip())
