from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from menu_pages.menu_files.files import MOST_BYTES, check_size
from menu_pages.menu_files.problems import FileRefused


class UploadForm(forms.Form):
    """A menu file to look into."""

    file = forms.FileField(
        label=_("Menu file"),
        help_text=_("An .xlsx, .csv or .json file, or a .zip archive with one of these and the pictures it names."),
        widget=forms.FileInput(attrs={"accept": ",".join(MOST_BYTES)}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
        max_length=200,
    )
    replace = forms.BooleanField(
        label=_("The file is the whole menu"),
        help_text=_("Dishes that are not in it are withdrawn: hidden from guests, kept with their history."),
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            check_size(file.name, file.size)
        except FileRefused as refusal:
            raise ValidationError(refusal.problems[0].message) from refusal
        return file
