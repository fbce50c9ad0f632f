from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from menu_pages.guest_parts import placeholder
from menu_pages.money import THIN_NO_BREAK_SPACE, format_money
from menu_pages.renditions import FORMATS, spec

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`{{ dish.price|money:record.currency }}`; a dish without a price shows none."""
    return "" if amount is None else format_money(amount, currency)


@register.filter
def measure(amount: Decimal | None) -> str:
    """A weight or nutrient without idle zeros: 350, 12,5."""
    if amount is None:
        return ""
    whole = amount.to_integral_value()
    text = f"{whole if amount == whole else amount.normalize():f}"
    from django.utils.formats import localize_input

    return str(localize_input(Decimal(text))).replace(" ", THIN_NO_BREAK_SPACE)


@register.simple_tag
def guest_part(name: str) -> SafeString:
    """Where the guest's own part (table, basket bar) goes once the shared page is made."""
    return mark_safe(placeholder(name))  # noqa: S308  (a constant of ours)


@register.simple_tag(takes_context=True)
def picture(
    context: Context, image: Any, size: str, large: str = "", *, sizes: str = "", alt: str = "", eager: bool = False
) -> SafeString:
    """A `<picture>` of the listed renditions: `{% picture image "card" "card-large" sizes="50vw" %}`.

    Renditions already prefetched are used as they are; a missing one is made. `alt` is empty where the words beside
    the picture say the same. Width and height keep the page from jumping.
    """
    if image is None:
        return SafeString("")
    names = [name for name in (size, large) if name]
    renditions = image.get_renditions(*[spec(name, image_format) for name in names for image_format in FORMATS])

    def candidates(image_format: str) -> str:
        # A picture smaller than the size asked for is not blown up: its own width is said, and said once.
        by_width = {renditions[spec(n, image_format)].width: renditions[spec(n, image_format)].url for n in names}
        return ", ".join(f"{url} {width}w" for width, url in sorted(by_width.items()))

    fallback = renditions[spec(size, "jpeg")]
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((image_format, candidates(image_format), sizes or "100vw") for image_format in FORMATS[:-1]),
    )
    return format_html(
        '<picture>{}<img src="{}" width="{}" height="{}" alt="{}"{}></picture>',
        sources,
        fallback.url,
        fallback.width,
        fallback.height,
        alt,
        mark_safe(' fetchpriority="high"' if eager else ' loading="lazy" decoding="async"'),  # noqa: S308
    )
