"""What pages of the menu say about a dish or a category in words: language and hours."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from menu_pages.option_groups import active_language
from menu_pages.vocabulary import Weekday

register = template.Library()

CLOCK = "G:i"


@register.simple_tag(takes_context=True)
def spoken(context: Context, page: Any, name: str) -> SafeString:
    """` lang="ru"` where the owner's text is shown in another language than the interface, else nothing.

    A screen reader then pronounces it right.
    """
    reader = active_language()
    written = context["record"].language
    if written == reader or page.translations.get(reader, {}).get(name):
        return SafeString("")
    return format_html(' lang="{}"', written)


@register.simple_tag
def serving_hours(category: Any) -> str:
    """When a category is served: “served from 9:00 to 12:00 (Saturday, Sunday)”."""
    start, end = category.served_from, category.served_until
    values = {"start": _clock(start), "end": _clock(end)}
    if start and end:
        text = gettext("served from %(start)s to %(end)s") % values
    elif start:
        text = gettext("served from %(start)s") % values
    elif end:
        text = gettext("served until %(end)s") % values
    else:
        text = gettext("not served now")
    days = ", ".join(str(Weekday(day).label) for day in category.served_weekdays)
    return f"{text} ({days})" if days else text


def _clock(time: Any) -> str:
    return time_format(time, CLOCK) if time else ""
