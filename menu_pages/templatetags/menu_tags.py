from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from menu_pages.cards import CardPage, DishCard, dish_cards
from menu_pages.guest_parts import placeholder
from menu_pages.measures import measured
from menu_pages.menu import MenuSection
from menu_pages.money import format_money
from menu_pages.option_groups import active_language
from menu_pages.pictures import make_shown
from menu_pages.shown_pictures import NO_PICTURE, ShownPicture, picture_tag, shown

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """`{{ dish.price|money:record.currency }}`; a dish without a price shows none."""
    return "" if amount is None else format_money(amount, currency)


@register.filter
def measure(amount: Decimal | None) -> str:
    """A weight or nutrient without idle zeros: 350, 12,5."""
    return "" if amount is None else measured(amount, active_language())


@register.simple_tag
def guest_part(name: str) -> SafeString:
    """Where the guest's own part (table, basket bar) goes once the shared page is made."""
    return mark_safe(placeholder(name))  # noqa: S308  (a constant of ours)


@register.simple_tag(takes_context=True)
def picture(
    context: Context, image: Any, size: str, large: str = "", *, sizes: str = "", alt: str = "", eager: bool = False
) -> SafeString:
    """A `<picture>` of the listed renditions: `{% picture image "dish" "dish-large" sizes="100vw" %}`.

    `alt` is empty where the words beside the picture say the same. What is not made yet is left out, and a picture of
    which nothing is there is empty; only an editor's preview waits for its page's own pictures.
    """
    if image is None:
        return NO_PICTURE
    names = (size, large) if large else (size,)
    if isinstance(image, ShownPicture):
        return picture_tag(image, names, sizes, alt, eager=eager)
    if getattr(context.get("request"), "is_preview", False):
        make_shown(image, *names)
    return picture_tag(shown(image), names, sizes, alt, eager=eager)


@register.simple_tag
def card_picture(
    dish: DishCard, size: str, large: str = "", *, sizes: str, eager: int = 0, letter: bool = True
) -> SafeString:
    """The picture of a card: `{% card_picture dish "card" "card-large" sizes="45vw" eager=4 %}`.

    `eager`: so many of the page's first section are on the first screen. Where there is no picture its letter stands,
    unless the theme says `letter=False`.
    """
    names = (size, large) if large else (size,)
    found = picture_tag(dish["picture"], names, sizes, eager=0 < dish["rank"] <= eager)
    return found or (dish["letter"] if letter else NO_PICTURE)


@register.simple_tag(name="dish_cards", takes_context=True)
def cards_of(context: Context, section: MenuSection) -> list[DishCard]:
    """The dishes of a section as cards show them: `{% dish_cards section as dishes %}`, in the loop of the sections."""
    record, loop = context["record"], context.get("forloop") or {}
    page = CardPage(
        page_id=context["page"].pk,
        start=context["place"].href,
        currency=record.currency,
        written_in=record.language,
        takes_orders=record.takes_orders,
        look=context["look"],
    )
    return list(dish_cards(section, page, first=loop.get("first", False)))
