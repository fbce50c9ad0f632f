"""What owners and managers set for the service of a place."""

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from menu_pages.models import CategoryPage, PlacePage, PlaceRecord
from orders.models import Station, StationCategory, Webhook
from orders.outbox.public_addresses import is_address, is_public
from orders.outbox.webhooks import schemes
from orders.tickets.printing import may_print_to

MOST_STATIONS = 20
MOST_WEBHOOKS = 10


class RulesForm(forms.ModelForm[PlaceRecord]):
    class Meta:
        model = PlaceRecord
        fields = (
            "acceptance",
            "acknowledge_seconds",
            "max_line_quantity",
            "max_basket_lines",
            "max_order_items",
            "max_unconfirmed_by_visit",
            "max_unconfirmed_by_table",
            "max_calls_by_table",
        )
        widgets = {"acceptance": forms.RadioSelect}


class CategoriesField(forms.ModelMultipleChoiceField):
    """Categories of the menu as it is ordered, the inner ones under theirs, each with the station that has it now."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, category: Any) -> str:
        indent = "\u2003" * max(0, category.depth - self.top_depth)
        taken = self.taken.get(category.pk)
        return f"{indent}{category.title} ({taken})" if taken else f"{indent}{category.title}"

    def offer(self, place: PlacePage, taken: dict[int, str]) -> None:
        self.top_depth, self.taken = place.depth + 1, taken
        self.queryset = CategoryPage.objects.descendant_of(place).order_by("path")


class StationForm(forms.ModelForm[Station]):
    categories = CategoriesField(
        queryset=CategoryPage.objects.none(),
        label=_("Categories"),
        required=False,
        help_text=_(
            "What is made here, with the categories inside. A station without categories makes everything that no "
            "other one does. A category of another station moves here."
        ),
    )

    class Meta:
        model = Station
        fields = ("title", "printer_host", "printer_port")

    def __init__(self, *args: Any, place: PlacePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        given = StationCategory.objects.filter(place=place)
        rows = list(given.values_list("category_id", "station_id", "station__title"))
        taken = {pk: title for pk, station_id, title in rows if station_id != self.instance.pk}
        cast("CategoriesField", self.fields["categories"]).offer(place, taken)
        self.initial["categories"] = [pk for pk, station_id, _title in rows if station_id == self.instance.pk]
        self.fields["printer_host"].help_text = printers_note()

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        others = Station.objects.filter(place=self.place, title=title).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(gettext("The place has a station of this name."))
        return title

    def clean_printer_host(self) -> str | None:
        host: str | None = self.cleaned_data["printer_host"] or None
        if host and not may_print_to(host):
            raise ValidationError(printers_note())
        return host

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance._state.adding and Station.objects.filter(place=self.place).count() >= MOST_STATIONS:
            raise ValidationError(gettext("A place has %(most)d stations at most.") % {"most": MOST_STATIONS})
        return cleaned


class WebhookForm(forms.ModelForm[Webhook]):
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("An address of your own system that begins with https://."),
    )

    class Meta:
        model = Webhook
        fields = ("url",)

    def __init__(self, *args: Any, place: PlacePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        parts = urlsplit(url)
        if parts.scheme not in schemes():
            raise ValidationError(gettext("The address has to begin with https://."))
        if parts.username or parts.password:
            raise ValidationError(gettext("Leave name and password out: the signature says who calls."))
        host = parts.hostname or ""
        if is_address(host) and not (is_public(host) or settings.WEBHOOKS_MAY_BE_PRIVATE):
            raise ValidationError(gettext("The address leads to an inner network."))
        if Webhook.objects.filter(place=self.place, url=url).exists():
            raise ValidationError(gettext("This address is there already."))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if Webhook.objects.filter(place=self.place).count() >= MOST_WEBHOOKS:
            raise ValidationError(gettext("A place has %(most)d webhooks at most.") % {"most": MOST_WEBHOOKS})
        return cleaned


def printers_note() -> str:
    """Where printers may stand, in words."""
    if not settings.PRINTER_NETWORKS:
        return gettext(
            "Network printers are switched off in this installation. Tickets are printed from the desk’s browser."
        )
    networks = ", ".join(settings.PRINTER_NETWORKS)
    return gettext("The IP address of an ESC/POS printer in %(networks)s.") % {"networks": networks}
