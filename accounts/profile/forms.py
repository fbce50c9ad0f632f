from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.phones import clean_phone

FIELDS = ("first_name", "last_name", "phone", "language")


class ProfileForm(forms.ModelForm[User]):
    """What people say of themselves, moderators and staff alike."""

    class Meta:
        model = User
        fields = FIELDS
        labels: ClassVar[dict[str, Any]] = {"first_name": _("First name"), "last_name": _("Last name")}
        help_texts: ClassVar[dict[str, Any]] = {
            "phone": _("Your colleagues see it. With the code: +7 495 123-45-67."),
            "language": _("Of these screens and of letters to you, on every device. Menus keep their own."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As on the device")), *settings.LANGUAGES]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def save(self, commit: bool = True) -> User:
        """Keep these fields alone: what else changed on the account meanwhile stays."""
        if commit:
            self.instance.save(update_fields=FIELDS)
        return self.instance
