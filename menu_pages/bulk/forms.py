"""Input of a bulk change: which dishes, what is done to them, and how."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from menu_pages.bulk.changes import MOST_DISHES
from menu_pages.bulk.looking import PriceRule
from menu_pages.bulk.prices import LEAST_PERCENT, MOST_PERCENT, Rounding
from menu_pages.models import BulkAction, DishPage, PlacePage
from menu_pages.vocabulary import Currency

_PERCENT = re.compile(r"([+-]?)(\d{1,4})(?:[.,](\d{1,2}))?", re.ASCII)
_SPACES = str.maketrans(dict.fromkeys(" \u00a0\u2009\u202f%", None) | {"−": "-", "–": "-"})
# Money in which a menu's prices have a part after the point.
SMALL_STEPS = frozenset({Currency.EUR, Currency.USD, Currency.GBP})


class PercentField(forms.CharField):
    """Per cent as people write it: “7”, “+7,5 %”, “−10”."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).translate(_SPACES)
        if not text:
            return None
        found = _PERCENT.fullmatch(text)
        if not found:
            raise ValidationError(_("Write the per cent as 7, −10 or 2.5."), code="invalid")
        sign, whole, part = found.groups()
        percent = Decimal(f"{sign}{whole}.{part or 0}")
        if not LEAST_PERCENT <= percent <= MOST_PERCENT:
            raise ValidationError(
                _("From −100 to %(most)s per cent.") % {"most": number_format(MOST_PERCENT)}, code="limits"
            )
        return percent


class DishesField(forms.Field):
    """Dishes of one place by their pages' ids, repeated; hidden, since a table of check boxes sends them."""

    widget = forms.MultipleHiddenInput
    place: PlacePage

    def clean(self, value: Any) -> list[DishPage]:
        ids = {int(text) for text in value or () if text.isascii() and text.isdigit() and len(text) < 19}
        if len(value or ()) > MOST_DISHES:
            raise ValidationError(
                _("Choose at most %(most)s dishes at a time.") % {"most": number_format(MOST_DISHES)}, code="many"
            )
        if not value:
            raise ValidationError(_("Choose at least one dish first."), code="required")
        found = list(DishPage.objects.descendant_of(self.place).filter(pk__in=ids).order_by("path"))
        if len(found) != len(set(value)):
            raise ValidationError(
                _("Some of the dishes you chose are no longer in this menu. Go back to the menu and choose again."),
                code="missing",
            )
        return found


class BulkForm(forms.Form):
    """Without data it is the bar of the menu board."""

    dish = DishesField(required=False)
    action = forms.ChoiceField(
        choices=BulkAction.choices, error_messages={"required": _("Choose what to do with the dishes.")}
    )
    percent = PercentField(
        label=_("Change by, %"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "placeholder": "+7", "size": 6}),
    )
    rounding = forms.ChoiceField(label=_("Rounding"), choices=Rounding.choices, required=False)
    options = forms.BooleanField(label=_("Prices of options too"), required=False)

    def __init__(self, data: QueryDict | None = None, *, place: PlacePage) -> None:
        super().__init__(data, auto_id="bulk_%s")
        dishes: Any = self.fields["dish"]
        dishes.place = place
        self.fields["rounding"].initial = Rounding.TENTH if place.record.currency in SMALL_STEPS else Rounding.ONE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("action") == BulkAction.PRICES:
            if data.get("percent") is None and "percent" not in self.errors:
                self.add_error("percent", _("By how many per cent? Write 7, −10 or 2.5."))
            if not data.get("rounding") and "rounding" not in self.errors:
                data["rounding"] = self.fields["rounding"].initial
        return data

    @property
    def kept_dishes(self) -> list[str]:
        """The choice as it was sent, for asking again: nothing of it has been looked up."""
        if not isinstance(self.data, QueryDict) or self.has_error("dish"):
            return []
        return self.data.getlist("dish")

    @property
    def rule(self) -> PriceRule | None:
        data = self.cleaned_data
        if data["action"] != BulkAction.PRICES:
            return None
        return PriceRule(percent=data["percent"], rounding=data["rounding"], options=data["options"])
