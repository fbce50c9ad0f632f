"""Stream blocks of the editor: option groups of a dish, opening hours of a place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from menu_pages.vocabulary import Weekday


class OptionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Option"), max_length=80)
    price = blocks.DecimalBlock(
        label=_("Price difference"),
        required=False,
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text=_("Added to the price of the dish; leave empty for no difference."),
    )
    default = blocks.BooleanBlock(label=_("Chosen from the start"), required=False)

    class Meta:
        icon = "list-ul"


class OptionGroupBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What is chosen"), max_length=80, help_text=_("For example: Size, Sauce."))
    minimum = blocks.IntegerBlock(
        label=_("At least"),
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
        help_text=_("0 lets the guest choose nothing; 1 makes the choice required."),
    )
    maximum = blocks.IntegerBlock(
        label=_("At most"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("1 shows round buttons, more shows check boxes."),
    )
    options = blocks.ListBlock(OptionBlock(), label=_("Options"), min_num=1, max_num=20)

    class Meta:
        icon = "list-ol"
        label = _("option group")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors: dict[str, ValidationError] = {}
        count = len(cleaned["options"])
        chosen = sum(1 for option in cleaned["options"] if option["default"])
        if cleaned["maximum"] < cleaned["minimum"]:
            errors["maximum"] = ValidationError(_("“At most” cannot be less than “at least”."))
        if cleaned["minimum"] > count:
            errors["minimum"] = ValidationError(_("There are fewer options than must be chosen."))
        if chosen > cleaned["maximum"]:
            errors["maximum"] = ValidationError(_("More options are chosen from the start than may be chosen."))
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned


class OpeningHoursBlock(blocks.StructBlock):
    weekdays = blocks.MultipleChoiceBlock(
        label=_("Days"), choices=[(str(day.value), day.label) for day in Weekday], widget=CheckboxSelectMultiple
    )
    opens = blocks.TimeBlock(label=_("Opens"))
    closes = blocks.TimeBlock(label=_("Closes"), help_text=_("Earlier than the opening time means after midnight."))

    class Meta:
        icon = "time"
        label = _("hours")


OPTION_GROUPS = [("group", OptionGroupBlock())]
OPENING_HOURS = [("hours", OpeningHoursBlock())]
