"""What fields begin with."""

from django.apps import apps
from django.db import models

OURS = ("accounts", "menu_pages", "orders", "analytics")


def test_a_default_is_a_value_or_a_function() -> None:
    """In a class's body a field hides a function of its name: `default=public_id` below a field `public_id` is that
    field, and every row would get its words."""
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.local_concrete_fields
        if isinstance(field.default, models.Field)
    ]

    assert wrong == []
