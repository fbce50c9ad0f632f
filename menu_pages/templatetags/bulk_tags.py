from django import template

from menu_pages.bulk.forms import BulkForm
from menu_pages.models import PlacePage

register = template.Library()


@register.simple_tag
def bulk_bar_form(place: PlacePage) -> BulkForm:
    """The empty form of the menu board's bar."""
    return BulkForm(place=place)
