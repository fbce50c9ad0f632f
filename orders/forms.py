"""The shape of what guests send. Prices, places and tables are never among it."""

from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from orders.models import CallKind, Payment

# More than any dish offers.
MOST_OPTIONS = 100


class QuantityField(forms.CharField):
    """A whole number in ASCII digits: `int()` alone would also take `１` or ` 1_0`."""

    def __init__(self, **kwargs: Any) -> None:
        message = _("Write the quantity as a whole number.")
        super().__init__(
            validators=[RegexValidator(r"\A[0-9]{1,4}\Z", message)],
            error_messages={"required": message},
            strip=False,
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return int(text) if text else None


class AddForm(forms.Form):
    dish = forms.CharField(max_length=600)
    quantity = QuantityField(required=False)
    note = forms.CharField(max_length=140, required=False)

    def clean_quantity(self) -> int:
        quantity = self.cleaned_data["quantity"]
        if quantity == 0:
            raise forms.ValidationError(_("Add at least one."))
        return 1 if quantity is None else quantity

    def options(self) -> list[str]:
        """Every chosen option: radio buttons need a name of their own a group, so `option-…` counts as well."""
        data = cast("QueryDict", self.data)
        names = [name for name in data if name == "option" or name.startswith("option-")]
        return [value for name in names for value in data.getlist(name) if value][:MOST_OPTIONS]


class LeaveForm(forms.Form):
    """The beacon of a page that goes away, and the button "finish"."""

    finish = forms.BooleanField(required=False)
    searched = forms.CharField(required=False, max_length=60)


class UpdateForm(forms.Form):
    line = forms.CharField(max_length=16, required=False)
    dish = forms.CharField(max_length=600, required=False)
    quantity = QuantityField(required=False)
    note = forms.CharField(max_length=140, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("line") or cleaned.get("dish")):
            raise forms.ValidationError(_("This dish is not in your order any more."))
        if not self.errors and not cleaned.get("line") and cleaned.get("quantity") is None:
            self.add_error("quantity", _("Write the quantity as a whole number."))
        return cleaned

    @property
    def new_note(self) -> str | None:
        """The note, where the form had the field at all."""
        return self.cleaned_data["note"] if "note" in self.data else None


class OrderForm(forms.Form):
    idempotency_key = forms.CharField(max_length=64, required=False)
    comment = forms.CharField(max_length=280, required=False)


class CallForm(forms.Form):
    kind = forms.ChoiceField(
        choices=CallKind.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say what you need."))
    )
    payment = forms.ChoiceField(
        choices=Payment.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose how you pay: in cash or by card.")},
    )
    note = forms.CharField(max_length=140, required=False)

    @property
    def wish(self) -> tuple[CallKind, Payment | None]:
        payment = self.cleaned_data["payment"]
        return CallKind(self.cleaned_data["kind"]), Payment(payment) if payment else None


class RatingForm(forms.Form):
    score = forms.RegexField(
        r"\A[1-5]\Z", error_messages=dict.fromkeys(("required", "invalid"), _("Choose from one to five stars."))
    )
    text = forms.CharField(max_length=1000, required=False)

    def clean_score(self) -> int:
        return int(self.cleaned_data["score"])

    def thumbs(self) -> dict[str, bool]:
        """By the dish's path or the line's id: `up` and `down` repeated, or `dish-<line>` for radio buttons. A dish
        with both says nothing."""
        data = cast("QueryDict", self.data)
        said = {"up": set(data.getlist("up")[:MOST_OPTIONS]), "down": set(data.getlist("down")[:MOST_OPTIONS])}
        for name in [name for name in data if name.startswith("dish-")][:MOST_OPTIONS]:
            said.get(str(data[name]), set()).add(name.removeprefix("dish-"))
        up, down = said["up"] - said["down"], said["down"] - said["up"]
        return dict.fromkeys(up, True) | dict.fromkeys(down, False)


class AnswerForm(forms.Form):
    """Yes or no to a guest who asks to see the table's orders."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])

    @property
    def granted(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")


def first_error(form: forms.Form) -> str:
    return next(str(errors[0]) for errors in form.errors.values())
