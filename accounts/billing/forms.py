from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.billing.models import Plan, PlanCode, Subscription, SubscriptionState
from accounts.billing.places import count_places

MOST_PLACES = 1000


class PlanForm(forms.Form):
    """What the next invoice is for. Keeping it is `choose_plan`'s work."""

    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=Plan.objects.none(), to_field_name="code", widget=forms.RadioSelect, empty_label=None
    )
    places = forms.IntegerField(
        label=_("Number of places"),
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, subscription: Subscription, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = count_places(subscription.organisation_id)
        field: Any = self.fields["plan"]
        field.queryset = Plan.objects.filter(offered=True).exclude(code=PlanCode.TRIAL)
        self.initial = {
            "plan": subscription.plan.code if subscription.plan.code != PlanCode.TRIAL else PlanCode.MONTHLY,
            "places": max(needed, subscription.places),
        }
        self.fields["places"].widget.attrs["min"] = needed


class SearchForm(forms.Form):
    """The search of the operator's lists; what cannot be read finds everything."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, states: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        field.choices = [("", _("all")), *states]

    def found(self) -> tuple[str, str]:
        self.is_valid()
        return self.cleaned_data.get("q", "").strip(), self.cleaned_data.get("state", "")


class RefundForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)
    note = forms.CharField(label=_("Reason"), required=False, max_length=200)


class ChargebackForm(RefundForm):
    reference = forms.CharField(
        label=_("The bank’s number"), max_length=64, help_text=_("From the bank’s letter: the same one counts once.")
    )


class AccessForm(forms.Form):
    """Access without a payment, given by the operator."""

    until = forms.DateField(label=_("Access until"), widget=forms.DateInput(attrs={"type": "date"}))


class PriceForm(forms.ModelForm[Plan]):
    class Meta:
        model = Plan
        fields = ("price", "price_of_more", "offered")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": kwargs["instance"].code})

    def clean_price(self) -> Decimal:
        price: Decimal = self.cleaned_data["price"]
        if not price:
            # No provider takes a payment of nothing.
            raise forms.ValidationError(
                _("More than nothing. Access for nothing is given on the organisation’s own page.")
            )
        return price


STATES = SubscriptionState.choices
