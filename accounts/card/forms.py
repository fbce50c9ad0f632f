from typing import Any, ClassVar

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from accounts.card.logos import redraw
from accounts.card.saving import TEXTS, mark_of
from accounts.card.tax_number import clean_tax_number
from accounts.models import Organisation
from accounts.phones import clean_phone
from accounts.room_for_files import refuse_without_room


class CardForm(forms.ModelForm[Organisation]):
    """An organisation's data as its owner gives it. Keeping them is `save_card`'s work."""

    # A file chosen is never in the page that comes back: a browser takes it from its user alone.
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("JPEG, PNG or WebP, up to 2 MB; drawn no larger than 800 pixels."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": _("The file is empty.")},
        max_length=200,
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    # What the card was when this form was drawn.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Organisation
        fields = TEXTS
        labels: ClassVar[dict[str, Any]] = {"tax_number": _("Tax number (ИНН)")}
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("As your people know it; guests read the names of places."),
            "legal_name": _("As in the registration papers: it stands on invoices."),
            "tax_number": _(
                "10 digits of a company or 12 of a sole trader; the check digits are verified. From another country: "
                "5 to 20 letters and digits; if that makes 10 or 12 digits, begin with the "
                "country’s letters: PL5260250274."
            ),
            "phone": _("With the code, as you would say it: +7 495 123-45-67."),
            "email": _("Where invoices and letters about the service go."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "tax_number": forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Before the form's own cleaning, which writes what was typed on this very object.
        self.initial["seen"] = mark_of(self.instance)
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_tax_number(self) -> str:
        return clean_tax_number(self.cleaned_data["tax_number"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_logo(self) -> ContentFile[bytes] | None:
        file = self.cleaned_data["logo"]
        if not file:
            return None
        redrawn = redraw(file)
        refuse_without_room(self.instance.logo.storage, redrawn.size)
        return redrawn

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in TEXTS}
