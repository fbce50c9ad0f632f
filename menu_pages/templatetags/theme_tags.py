from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from menu_pages.themes.links import current_preview
from menu_pages.themes.look import Look, clean_settings, look_of

register = template.Library()


@register.simple_tag(takes_context=True)
def theme_look(context: Context) -> Look:
    """How the page looks: `{% theme_look as look %}`, with `theme` and `record` in the context. No queries."""
    preview = current_preview()
    theme: Any = context["theme"]
    if preview and preview.settings is not None:
        return Look(theme, clean_settings(theme, preview.settings))
    return look_of(theme, context["record"].theme_settings)


@register.simple_tag(takes_context=True)
def look_stylesheet(context: Context, look: Look) -> str:
    """The address of the place's own stylesheet; empty when there is none."""
    if not look.version:
        return ""
    preview = current_preview()
    if preview:
        return f"{preview.prefix}theme.css"
    return reverse("place_stylesheet", args=[context["place"].slug, look.version])
