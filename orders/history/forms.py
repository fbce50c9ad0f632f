from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from menu_pages.menu_files.problems import FileRefused
from orders.history.reading import check_size


class UploadForm(forms.Form):
    """A till's file of orders to look into."""

    file = forms.FileField(
        label=_("File of orders"),
        help_text=_("A .csv file, 50 MB and 500,000 rows at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
        max_length=200,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except FileRefused as refusal:
            raise ValidationError(refusal.problems[0].message) from refusal
        return file
