"""What an owner or a manager sets for a place."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from menu_pages.models import PlaceRecord
from menu_pages.setup.saving import FIELDS, has_orders, mark_of

# The machine's list holds other names of the same zones too.
REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)


class SettingsForm(forms.ModelForm[PlaceRecord]):
    # What the settings were when this form was drawn.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PlaceRecord
        fields = FIELDS
        help_texts: ClassVar[dict[str, Any]] = {
            "currency": _("Prices keep their figures: 390 ₽ would become 390 €."),
            "language": _("In which the menu is written; other languages stand beside it as translations."),
            "time_zone": _("Opening hours, the stop-list and statistics follow this clock."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "day_starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Before the form's own cleaning, which writes what was typed on this very object.
        self.initial["seen"] = mark_of(self.instance)
        zone = self.instance.time_zone
        zones = {name for name in available_timezones() if name.partition("/")[0] in REGIONS} | {zone}
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            help_text=self.fields["time_zone"].help_text,
            choices=[(name, name.replace("_", " ")) for name in sorted(zones)],
        )
        if has_orders(self.instance.place_id):
            currency = self.fields["currency"]
            currency.disabled = True
            currency.help_text = _(
                "The place has taken orders in this currency. It stays: sums in two currencies cannot be added up."
            )

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}
