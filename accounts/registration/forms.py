from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.forms import SignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import PlaceKind, Registration, User
from accounts.registration import registering

# A domain that is nobody's for ever (RFC 2606).
NOBODYS = "nobody.invalid"


class SignUpForm(SignupForm):
    """What an owner says of themselves and of their organisation."""

    organisation = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("Guests will read it as the name of your first place. You can change it later."),
        max_length=Registration._meta.get_field("organisation_name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("Type of place"), choices=[("", _("Choose…")), *PlaceKind.choices])
    consent = forms.BooleanField(
        label=_(
            "I agree that my e-mail and what I write about my place are kept and used to run this service. "
            "I can have them deleted."
        ),
        error_messages={"required": _("Without your consent we may not open the account.")},
    )
    field_order = ("organisation", "kind", "email", "password1", "password2", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password_hash = ""

    def hash_password(self) -> None:
        """Slow on purpose, and done for every address: neither a transaction nor an answer's time may depend on it."""
        self.password_hash = make_password(self.cleaned_data["password1"])

    def clean_email(self) -> str:
        email: str = super().clean_email()
        # An account that was never confirmed stands in nobody's way.
        self.account_already_exists = registering.has_account(email)
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    registering.forget_unconfirmed(email=self.cleaned_data["email"])
                    user: User = self.save(request)
                return user, None
            except IntegrityError:
                # Somebody signed up with this address at the same moment.
                pass
        self._write_and_take_back(request)
        return None, prevent_enumeration(request, email=self.cleaned_data["email"])

    def _write_and_take_back(self, request: HttpRequest) -> None:
        """What a new address would have had written, for an address nobody has, and undone: an answer that came sooner
        would tell that the address has an account."""
        email, exists = self.cleaned_data["email"], self.account_already_exists
        self.cleaned_data["email"], self.account_already_exists = f"{uuid4().hex}@{NOBODYS}", False
        try:
            with transaction.atomic():
                registering.forget_unconfirmed(email=self.cleaned_data["email"])
                self.save(request)
                transaction.set_rollback(True)
        finally:
            self.cleaned_data["email"], self.account_already_exists = email, exists

    def signup(self, request: HttpRequest, user: User) -> None:
        registering.keep_request(
            user=user,
            organisation_name=self.cleaned_data["organisation"],
            kind=self.cleaned_data["kind"],
            language=get_language() or "",
        )


class SendAgainForm(forms.Form):
    """Where the letter is to go once more."""

    email = EmailField()

    def clean_email(self) -> str:
        email: str = get_adapter().clean_email(self.cleaned_data["email"].lower())
        return email
