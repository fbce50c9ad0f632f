"""What a card says of a dish, ready for the theme's template: eighty cards a page leave no time to look anything up.

Everything is in the reader's language and escaped, and what the owner's look leaves out is empty. Words and numbers
that many dishes share are made once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, TypedDict

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from menu_pages.measures import measured
from menu_pages.money import format_money
from menu_pages.option_groups import active_language
from menu_pages.shown_pictures import ShownPicture
from menu_pages.vocabulary import DIETS, IMPLIED_DIETS, DietTag, Label, Unit, allergen_titles, labels

if TYPE_CHECKING:
    from menu_pages.menu import MenuSection
    from menu_pages.models import DishPage
    from menu_pages.themes.look import Look

NOTHING = SafeString("")


class DishCard(TypedDict):
    """A dish on a card; the names are the theme's vocabulary, described in `docs/themes.md`."""

    data: SafeString
    title: SafeString
    lang: SafeString
    href: SafeString
    heading: SafeString
    description: SafeString
    description_lang: SafeString
    picture: ShownPicture
    letter: SafeString
    price: str
    weight: SafeString
    calories: SafeString
    meta: SafeString
    labels: SafeString
    contains: str
    action: SafeString
    sold_out: bool
    chefs_choice: bool
    rank: int


@dataclass(frozen=True, slots=True)
class CardPage:
    """What the cards of a page share. `page_id` is the page they stand on, `start` the address of its place."""

    page_id: int | None
    start: str
    currency: str
    written_in: str
    takes_orders: bool
    look: "Look"


def dish_cards(section: "MenuSection", on: CardPage, *, first: bool) -> Iterator[DishCard]:
    """The cards of a section in the owner's order; `first` is whether the section opens the page. No queries."""
    language, look = active_language(), on.look
    words, start = _Words(), escape(on.start)
    level = SafeString(' aria-level="2"') if section.category.pk == on.page_id else NOTHING
    may_order = section.served_now and on.takes_orders
    shows = {part: look.shows(part) for part in ("description", "weight", "calories", "labels", "allergens")}
    for number, dish in enumerate(section.dishes, start=1):
        # Escaped once, however often a card says it: by Django's own means that took a third of making the cards.
        texts = dish.translations.get(language, {})
        title = texts.get("title") or dish.title
        shown, path = escape(title), escape(dish.menu_path)
        href = f"{start}{path}/"
        description = texts.get("description") or dish.description if dish.description and shows["description"] else ""
        weight = _weight(dish.weight, dish.unit, language) if dish.weight and shows["weight"] else NOTHING
        energy = dish.calories is not None and shows["calories"]
        calories = _calories(dish.calories, language) if energy else NOTHING
        lang = _lang(texts, "title", on.written_in, language)
        tags = tuple(dish.tags)
        yield DishCard(
            data=_data(dish, path),
            title=SafeString(shown),
            lang=lang,
            href=SafeString(href),
            heading=SafeString(level + lang),
            description=SafeString(escape(description)),
            description_lang=_lang(texts, "description", on.written_in, language) if description else NOTHING,
            picture=dish.shown_picture,
            letter=_letter(title[:1]),
            price="" if dish.price is None else format_money(dish.price, on.currency, language),
            weight=weight,
            calories=calories,
            meta=SafeString(f"{weight} · {calories}") if weight and calories else weight or calories,
            labels=_labels(tags, language) if tags and shows["labels"] else NOTHING,
            contains=_contains(tuple(dish.allergens), language) if dish.allergens and shows["allergens"] else "",
            action=_action(dish, path, href, shown, start, words, may_order=may_order),
            sold_out=dish.sold_out,
            chefs_choice=DietTag.CHEFS_CHOICE in tags,
            rank=number if first else 0,
        )


def search_words(dish: "DishPage") -> str:
    """What search reads beside the title that the card shows: composition and the title in the menu's own language."""
    shown = dish.translated_title
    words = [dish.title, dish.description, dish.translated_description]
    return " ".join(dict.fromkeys(word for word in words if word and word != shown))


def diets_met(tags: tuple[str, ...]) -> str:
    """The diets these tags answer, the wider ones included: a vegan dish is vegetarian as well."""
    return " ".join(diet.value for diet in DIETS if not IMPLIED_DIETS.get(diet, {diet}).isdisjoint(tags))


def card_labels(tags: tuple[str, ...]) -> list[Label]:
    """The labels worth a card's room: those with a symbol, without a diet that the strictest one says already."""
    implied = {DietTag.VEGETARIAN.value, DietTag.LEAN.value} if DietTag.VEGAN in tags else set()
    return [label for label in labels(list(tags)) if label.symbol and label.key not in implied]


class _Words:
    """The interface's words on cards, looked up once for all of them."""

    def __init__(self) -> None:
        self.choose = escape(gettext("Choose"))
        self.add = escape(gettext("Add"))
        self.sold_out = format_html('<span class="sold-out">{}</span>', gettext("sold out"))


def _data(dish: "DishPage", path: str) -> SafeString:
    """What the script of guests' pages finds, searches and filters cards by; `path` is escaped."""
    return SafeString(
        f' data-dish="{path}" data-text="{escape(search_words(dish))}" data-tags="{_diets(tuple(dish.tags))}"'
        f' data-allergens="{escape(" ".join(dish.allergens))}"'
    )


def _action(
    dish: "DishPage", path: str, href: str, title: str, start: str, words: _Words, *, may_order: bool
) -> SafeString:
    """The button that puts the dish into the basket, or leads to its choices; nothing where nothing is ordered.

    The texts are escaped."""
    if dish.sold_out:
        return words.sold_out
    if not may_order:
        return NOTHING
    if dish.has_options:
        return SafeString(f'<a class="add" href="{href}" aria-label="{words.choose}: {title}">+</a>')
    return SafeString(
        f'<form method="post" action="{start}basket/add/" data-add><input type="hidden" name="dish" value="{path}">'
        f'<button class="add" name="quantity" value="1" aria-label="{words.add}: {title}">+</button></form>'
    )


def _lang(texts: dict[str, str], name: str, written_in: str, language: str) -> SafeString:
    """` lang="ru"` where the owner's text is shown in another language than the interface, else nothing; `texts` are
    the dish's in the reader's."""
    if written_in == language or texts.get(name):
        return NOTHING
    return _lang_attribute(written_in)


@lru_cache(maxsize=32)
def _lang_attribute(language: str) -> SafeString:
    return format_html(' lang="{}"', language)


@lru_cache(maxsize=4096)
def _weight(amount: Decimal, unit: str, language: str) -> SafeString:
    return format_html("{}&nbsp;{}", measured(amount, language), Unit(unit).label if unit in Unit.values else unit)


@lru_cache(maxsize=4096)
def _calories(amount: Decimal, language: str) -> SafeString:
    return format_html("{}&nbsp;{}", measured(amount, language), gettext("kcal"))


@lru_cache(maxsize=1024)
def _letter(initial: str) -> SafeString:
    return format_html('<span class="plate-letter" aria-hidden="true">{}</span>', initial)


@lru_cache(maxsize=1024)
def _diets(tags: tuple[str, ...]) -> str:
    return diets_met(tags)


@lru_cache(maxsize=1024)
def _labels(tags: tuple[str, ...], language: str) -> SafeString:
    return SafeString("".join(_label(label) for label in card_labels(tags)))


def _label(label: Label) -> SafeString:
    symbol = format_html('<span aria-hidden="true">{}</span>&nbsp;', label.symbol) if label.symbol else NOTHING
    return format_html('<span data-label="{}">{}{}</span> ', label.key, symbol, label.title)


@lru_cache(maxsize=1024)
def _contains(keys: tuple[str, ...], language: str) -> str:
    return gettext("Contains: %(allergens)s") % {"allergens": ", ".join(allergen_titles(list(keys)))}
