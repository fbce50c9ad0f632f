from typing import Any

from allauth.account.fields import PasswordField, SetPasswordField
from allauth.account.forms import PasswordVerificationMixin
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role


class InviteForm(forms.Form):
    """Whom an owner invites, and as what."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.WAITER)


class RoleForm(forms.Form):
    """A member's role on the page of people. A member is named by their e-mail: no number of a row leaves the house."""

    member = forms.EmailField()
    role = forms.ChoiceField(choices=Role.choices)


class NewPersonForm(PasswordVerificationMixin, forms.Form):
    """The account of somebody invited who has none: the address is the letter's."""

    first_name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Surname"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password1 = SetPasswordField(label=_("Password"))
    password2 = PasswordField(label=_("Password once more"), autocomplete="new-password")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A password like the name or the address is refused, as everywhere.
        self.fields["password1"].user = User(  # type: ignore[attr-defined]
            email=email,
            first_name=self.data.get("first_name", "")[:150],
            last_name=self.data.get("last_name", "")[:150],
        )
