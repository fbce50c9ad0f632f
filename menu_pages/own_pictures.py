"""Forms offer the pictures their user may choose, take no others, and show no others when they come back."""

from typing import Any

from django.db.models import QuerySet
from django.forms import ModelChoiceField
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from menu_pages.permissions import pictures_to_choose


class OwnPictureChooser(AdminImageChooser):
    """Shows the chosen picture only when it is one of `own`: a refused form would otherwise come back with the title
    and a thumbnail of the picture it refused."""

    def __init__(self, own: QuerySet[Any]) -> None:
        super().__init__()
        self.own = own

    def get_instance(self, value: Any) -> Any:
        instance = super().get_instance(value)
        return instance if instance is not None and self.own.filter(pk=instance.pk).exists() else None


def offer_own_pictures(form: Any) -> None:
    """Limit every picture field of the form, and of the forms inside it, to the pictures of the form's user.

    Without a user – a form that code fills in – the scope in force is the limit.
    """
    if form.for_user is None:
        return
    own = pictures_to_choose(form.for_user)
    for part in (form, *(child for formset in form.formsets.values() for child in formset.forms)):
        for field in part.fields.values():
            offered = field.queryset if isinstance(field, ModelChoiceField) else None
            if offered is not None and offered.model is get_image_model():
                field.widget = OwnPictureChooser(own)
                field.queryset = own
