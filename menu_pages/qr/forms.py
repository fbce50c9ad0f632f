import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from menu_pages.models import PlacePage, Table
from menu_pages.models.table import MAX_TABLES
from menu_pages.qr.layouts import CARDS_ON_PAGE

RANGE = re.compile(r"([0-9]{1,3})(?:\s*[-–—]\s*([0-9]{1,3}))?", re.ASCII)
MOST_WRITTEN = 200


class CountForm(forms.Form):
    """How many tables there are."""

    count = forms.IntegerField(
        label=_("Number of tables"),
        widget=forms.NumberInput(attrs={"min": 0, "max": MAX_TABLES, "inputmode": "numeric"}),
    )

    def clean_count(self) -> int:
        count: int = self.cleaned_data["count"]
        if not 0 <= count <= MAX_TABLES:
            raise ValidationError(gettext("Write a number of tables from 0 to %(most)d.") % {"most": MAX_TABLES})
        return count


class LabelForm(forms.ModelForm):
    """What a table is called beside its number, and the part of the place it belongs to."""

    class Meta:
        model = Table
        fields = ("label", "zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One form a table on one page.
        self.auto_id = f"table-{self.instance.number}-%s"
        # The example stands in the field: fifty times the same help would bury the tables.
        for field in self.fields.values():
            field.widget.attrs["placeholder"], field.help_text = field.help_text, ""
        self.fields["zone"].widget.attrs["placeholder"] = _("For example: terrace.")
        # Zones are written alike, or they are different ones.
        self.fields["zone"].widget.attrs["list"] = "qr-zones"


class SheetForm(forms.Form):
    """What is printed: which tables, how many cards on a page, and what a card says."""

    cards = forms.TypedChoiceField(
        label=_("Cards on an A4 page"),
        choices=[(number, number) for number in CARDS_ON_PAGE],
        coerce=int,
    )
    tables = forms.CharField(
        label=_("Tables"),
        required=False,
        max_length=MOST_WRITTEN,
        help_text=_("All of them if left empty. Or, for example: 1–6, 12."),
    )
    line = forms.CharField(label=_("Line of text"), required=False, max_length=90, help_text=_("Stands on every card."))

    def __init__(self, *args: Any, place: PlacePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    @staticmethod
    def offered(place: PlacePage) -> dict[str, Any]:
        """What the form proposes at first, in the language of the place."""
        with translation.override(place.record.language):
            line = gettext("Scan the code to see the menu and order")
        return {"cards": 8, "tables": "", "line": line}

    def clean_tables(self) -> list[int]:
        """The numbers asked for, in order; none stands for all."""
        written: str = self.cleaned_data["tables"]
        numbers: set[int] = set()
        for part in filter(None, (part.strip() for part in written.split(","))):
            match = RANGE.fullmatch(part)
            if match is None:
                raise ValidationError(gettext("Write numbers and ranges with commas between them: 1–6, 12."))
            first, last = int(match[1]), int(match[2] or match[1])
            numbers.update(range(first, last + 1))
        return sorted(numbers)

    def clean(self) -> dict[str, Any]:
        """Adds `chosen`: the tables to print, loaded."""
        cleaned = super().clean() or {}
        if "tables" not in cleaned:
            return cleaned
        tables, numbers = Table.objects.in_use().filter(place=self.place), cleaned["tables"]
        cleaned["chosen"] = list(tables.filter(number__in=numbers) if numbers else tables)
        missing = sorted(set(numbers) - {table.number for table in cleaned["chosen"]})
        if missing:
            self.add_error("tables", gettext("The place has no table %(number)d.") % {"number": missing[0]})
        elif not cleaned["chosen"]:
            self.add_error("tables", gettext("The place has no tables yet."))
        return cleaned
