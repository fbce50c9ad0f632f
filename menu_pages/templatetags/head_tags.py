from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from menu_pages import structured_data

register = template.Library()


@register.simple_tag(takes_context=True)
def schema_org(context: Context) -> SafeString:
    """The page's data for search engines as JSON; empty where there is none."""
    data = structured_data.page_data(context["page"], context.get("menu"))
    return structured_data.script_json(data) if data else SafeString("")


@register.filter
def absolute(page: Any) -> str:
    return structured_data.absolute(page.href)


@register.filter
def link_description(page: Any) -> str:
    return structured_data.page_description(page)


@register.filter
def link_picture(page: Any) -> tuple[str, int, int] | None:
    return structured_data.page_picture(page)
