"""The theme editor's form: a field for each kind of option the theme offers, and no other."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from menu_pages.option_groups import active_language
from menu_pages.themes.colours import is_hex
from menu_pages.themes.look import clean_settings
from menu_pages.themes.options import CARD_PARTS, DENSITIES, HEADERS, PICTURES, FontPair
from menu_pages.themes.palette import COLOUR_TITLES, COLOURS, Problem, problems
from menu_pages.themes.registry import Theme


class ColourField(forms.CharField):
    """`#rrggbb`, in small letters."""

    widget = forms.TextInput(attrs={"type": "color"})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).lower()

    def validate(self, value: str) -> None:
        super().validate(value)
        if not is_hex(value):
            raise ValidationError(gettext("Write the colour as #c93820."), code="invalid")


class ThemeSettingsForm(forms.Form):
    """What an owner may choose of a theme. `problems` are the colours in which a text could not be read, by field."""

    def __init__(self, *args: Any, theme: Theme, saved: dict[str, Any], **kwargs: Any) -> None:
        """`saved`: the valid settings the place has for this theme."""
        self.theme = theme
        self.saved = saved
        self.problems: dict[str, Problem] = {}
        kwargs["initial"] = self.values_of(theme, saved)
        super().__init__(*args, **kwargs)
        options = theme.options
        for name in options.colours:
            self.fields[name] = ColourField(label=COLOUR_TITLES[name], max_length=7)
        if options.fonts:
            self._add_choice("fonts", _("Fonts"), [(pair.key, _pair_title(pair)) for pair in options.fonts])
        self._add_choice("density", _("Density"), _titled(options.density, DENSITIES))
        self._add_choice("pictures", _("Pictures of dishes"), _titled(options.pictures, PICTURES))
        self._add_choice("header", _("Head of the menu"), _titled(options.header, HEADERS))
        if options.card:
            self.fields["card"] = forms.MultipleChoiceField(
                label=_("Cards show"),
                choices=_titled(options.card, CARD_PARTS),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def _add_choice(self, name: str, label: Any, choices: list[tuple[str, Any]]) -> None:
        if choices:
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)

    @staticmethod
    def values_of(theme: Theme, settings: dict[str, Any]) -> dict[str, Any]:
        """What the fields show for these settings: the theme's own values where nothing was chosen."""
        options = theme.options
        values: dict[str, Any] = {**options.colours, **settings.get("colours", {})}
        values["card"] = settings.get("card", list(options.card))
        if options.fonts:
            values["fonts"] = settings.get("fonts", options.fonts[0].key)
        for name in ("density", "pictures", "header"):
            offered = getattr(options, name)
            if offered:
                values[name] = settings.get(name, offered[0])
        return values

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        colours = {name: cleaned[name] for name in self.theme.options.colours if name in cleaned}
        if len(colours) == len(COLOURS):
            before = self.initial
            changed = frozenset(name for name, value in colours.items() if value != before[name])
            for problem in problems(colours, changed):
                self.problems[problem.name] = problem
                self.add_error(problem.name, ValidationError(problem.message, code="contrast"))
        return cleaned

    def settings(self) -> dict[str, Any]:
        """The valid choice as it is kept: only what differs from the theme's own."""
        chosen = {name: self.cleaned_data[name] for name in self.fields if name not in COLOURS}
        chosen["colours"] = {name: self.cleaned_data[name] for name in self.theme.options.colours}
        return clean_settings(self.theme, chosen)

    def colour_rows(self) -> Iterator[tuple[forms.BoundField, Problem | None]]:
        for name in self.theme.options.colours:
            yield self[name], self.problems.get(name)

    def other_fields(self) -> Iterator[forms.BoundField]:
        for name in self.fields:
            if name not in COLOURS:
                yield self[name]


def _titled(offered: tuple[str, ...], titles: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(value, titles[value]) for value in offered]


def _pair_title(pair: FontPair) -> str:
    return pair.titles.get(active_language()) or pair.titles["en"]
