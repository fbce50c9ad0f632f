from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class ChoiceListField(models.JSONField):
    """Several values of a closed list, kept as a JSON array in the list's own order."""

    def __init__(self, *args: Any, of: type[models.Choices] | None = None, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # The list of values is the code's matter, not the database's: a new allergen makes no migration.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        known = set(self.of.values) if self.of else set()
        if not isinstance(value, list) or not set(value) <= known:
            raise ValidationError(_("Choose from the list."), code="invalid_choice")

    def formfield(self, **kwargs: Any) -> forms.Field:
        return _ChoiceListFormField(
            of=self.of, label=capfirst(self.verbose_name), help_text=self.help_text, required=not self.blank
        )


class _ChoiceListFormField(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, of: type[models.Choices] | None, **kwargs: Any) -> None:
        self.order: list[Any] = list(of.values) if of else []
        coerce = int if of and issubclass(of, models.IntegerChoices) else str
        super().__init__(choices=of.choices if of else (), coerce=coerce, empty_value=[], **kwargs)

    def clean(self, value: Any) -> Any:
        return sorted(super().clean(value), key=self.order.index)
