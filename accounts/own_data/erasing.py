"""A person leaves for good: their account is emptied, and their name goes out of what others keep.

The account's row stays, without anything of the person: what was done in an organisation was done by one and the same
somebody, and the books of payments and the audit log refer to it.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.timezone import now
from django.utils.translation import gettext, override
from wagtail.models import ModelLogEntry

from accounts.attempts.counting import account_key
from accounts.attempts.models import SignInAttempts
from accounts.memberships import is_only_owner, lock_people, remove_member
from accounts.models import AuditEntry, Invitation, Letter, Membership, Organisation, Registration, User
from accounts.models.user import ERASED_DOMAIN
from accounts.own_data.words import Words, words_of, words_of_address
from accounts.scope import everyone
from accounts.signals import person_erased


class OnlyOwnerError(Exception):
    """The person is the only owner of these organisations, which would be nobody's then."""

    def __init__(self, organisations: list[Organisation]) -> None:
        super().__init__(", ".join(organisation.name for organisation in organisations))
        self.organisations = organisations


def only_owner_of(user: User) -> list[Organisation]:
    """The organisations that need another owner before this person can go."""
    with everyone():
        own = Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name", "pk")
        return [membership.organisation for membership in own if is_only_owner(membership)]


def erase_person(*, user: User) -> None:
    """Take the person out of every organisation and out of the database; raises `OnlyOwnerError`, and then nothing has
    changed. Done again it changes nothing.

    Orders, menus and figures stay; what was done stays told, without a name. One transaction.
    """
    if user.is_erased:
        return
    with everyone(), transaction.atomic():
        own = Membership.objects.filter(user=user).order_by("organisation_id").select_related("organisation")
        organisations = [membership.organisation for membership in own]
        for organisation in organisations:
            lock_people(organisation)
        if needed := only_owner_of(user):
            raise OnlyOwnerError(needed)
        words = words_of(user)
        for organisation in organisations:
            remove_member(organisation=organisation, user=user, by=user)
        _forget_rows(user)
        person_erased.send(User, user=user, words=words)
        _empty(user)
        _forget_words(words, user)


def erase_address(email: str) -> int:
    """Forget an address that has no account: somebody was invited, or named, and never came. Returns how many rows
    spoke of it."""
    words = words_of_address(email)
    with everyone(), transaction.atomic():
        return _forget_words(words, None)


def _forget_rows(user: User) -> None:
    """What is the person's alone."""
    for model in (EmailAddress, Authenticator, Registration):
        model._default_manager.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()


def _empty(user: User) -> None:
    user.email = f"{secrets.token_hex(8)}@{ERASED_DOMAIN}"
    user.first_name = user.last_name = user.phone = user.language = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.date_joined = now()
    user.set_unusable_password()
    user.save()


def _forget_words(words: Words, user: User | None) -> int:
    """Rows that are about the address go; rows of others keep what they tell, without the name."""
    accounts = [account_key(address) for address in words.addresses]
    accounts += [account_key(f"second step of {user.pk}")] if user else []
    gone = 0
    for rows in (
        SignInAttempts.objects.filter(account__in=accounts),
        Invitation.objects.filter(email__in=words.addresses),
        Letter.objects.filter(to__in=words.addresses),
    ):
        gone += rows.delete()[0]
    with override(settings.LANGUAGE_CODE):
        stand_in = gettext("erased person")
    return gone + _in_letters(words, stand_in) + _in_audit_log(words, stand_in, user) + _in_wagtails_log(user, stand_in)


def _named(words: Words, *fields: str) -> Q:
    """Rows in which one of the fields may name the person; looked at closely afterwards."""
    found = Q(pk__in=[])
    for field in fields:
        for word in (*words.addresses, words.name):
            found |= Q(**{f"{field}__icontains": word}) if word else Q()
    return found


def _in_letters(words: Words, stand_in: str) -> int:
    """Letters to others that wait for a mail server."""
    fields = ("subject", "text", "html")
    letters = list(Letter.objects.filter(_named(words, *fields)))
    for letter in letters:
        letter.subject = words.taken_out(letter.subject, stand_in)
        letter.text = words.taken_out(letter.text, stand_in)
        letter.html = words.in_html.taken_out(words.taken_out(letter.html, stand_in), stand_in)
        letter.save(update_fields=fields)
    return len(letters)


def _in_audit_log(words: Words, stand_in: str, user: User | None) -> int:
    """The one change of the audit log that there is: words, in a transaction that says so to the database."""
    # Neither the model's manager nor its rows can be changed: this goes round both, and nothing else does.
    entries = models.QuerySet(AuditEntry).annotate(told=Cast("details", TextField()))
    named = _named(words, "by_name", "subject", "told")
    if user is not None:
        named |= Q(by=user)
    changed = 0
    with _erasing():
        for entry in list(entries.filter(named)):
            changed += entries.filter(pk=entry.pk).update(
                by_name=stand_in if user and entry.by_id == user.pk else words.taken_out(entry.by_name, stand_in),
                subject=words.taken_out(entry.subject, stand_in)[:255],
                details=words.taken_out(entry.details, stand_in),
            )
    return changed


def _in_wagtails_log(user: User | None, stand_in: str) -> int:
    """Wagtail's log of things that are no pages names people when it is about them."""
    if user is None:
        return 0
    about = ModelLogEntry.objects.for_instance(user)
    return int(about.update(label=stand_in, data={}))


@contextmanager
def _erasing() -> Iterator[None]:
    """Let the audit log's words change inside; the database allows it to a transaction that says so."""
    _say("on")
    yield
    # After an error there is nothing to take back: the transaction is undone, and its word with it.
    _say("off")


def _say(word: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('menusite.erasing_a_person', %s, true)", [word])
