"""A first category with a few dishes, as drafts: what a new owner edits instead of starting from an empty page."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import PlaceKind
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.vocabulary import Currency, Unit


@dataclass(frozen=True)
class Sample:
    """A dish to begin with; the price is in roubles, `WORTH` says what that is elsewhere."""

    title: Any
    description: Any
    price: int
    weight: int
    unit: Unit = Unit.GRAM


@dataclass(frozen=True)
class SampleCategory:
    title: Any
    dishes: tuple[Sample, ...]


MAINS = SampleCategory(
    _("Main dishes"),
    (
        Sample(_("Chicken with mashed potatoes"), _("Chicken fillet, potatoes, cream, herbs."), 590, 320),
        Sample(_("Pasta with mushrooms"), _("Tagliatelle, champignons, cream, parmesan."), 520, 300),
        Sample(_("Vegetable salad"), _("Tomatoes, cucumbers, sweet pepper, olive oil."), 380, 220),
    ),
)
COFFEE = SampleCategory(
    _("Coffee and desserts"),
    (
        Sample(_("Cappuccino"), _("Double espresso and steamed milk."), 260, 300, Unit.MILLILITRE),
        Sample(_("Espresso"), _("A blend of arabica beans."), 160, 40, Unit.MILLILITRE),
        Sample(_("Cheesecake"), _("Cream cheese, shortcrust, berry sauce."), 350, 130),
    ),
)
DRINKS = SampleCategory(
    _("Drinks and snacks"),
    (
        Sample(_("Lemonade with mint"), _("Lemon, mint, sugar syrup, sparkling water."), 320, 400, Unit.MILLILITRE),
        Sample(_("Tomato juice"), _("With celery and salt, if you like."), 220, 250, Unit.MILLILITRE),
        Sample(_("Olives with herbs"), _("Olives, rosemary, lemon zest."), 290, 120),
    ),
)
STREET = SampleCategory(
    _("Street food"),
    (
        Sample(_("Burger"), _("Beef patty, cheddar, tomato, house sauce."), 450, 280),
        Sample(_("Chicken wrap"), _("Chicken, fresh vegetables, yoghurt sauce."), 360, 260),
        Sample(_("French fries"), _("Potatoes, sea salt."), 190, 150),
    ),
)

SAMPLES = {
    PlaceKind.CAFE: COFFEE,
    PlaceKind.BAR: DRINKS,
    PlaceKind.STREET_FOOD: STREET,
}
# Roubles for one unit of the currency: for round sample prices only, nothing is ever converted by it.
WORTH = {Currency.RUB: 1, Currency.GBP: 50}
# What a place begins with by the language its owner registered in; all of it can be changed.
BEGINNINGS = {
    "ru": {"currency": Currency.RUB, "time_zone": "Europe/Moscow"},
    "en": {"currency": Currency.GBP, "time_zone": "Europe/London"},
}


def beginnings(language: str) -> dict[str, Any]:
    """Settings of the record of a place whose owner registered in this language."""
    return {"language": language, **BEGINNINGS[language]}


def add_starter_menu(*, place: PlacePage, kind: str) -> CategoryPage:
    """Add a draft category with draft dishes in the language of the place's menu, by the kind of place.

    Guests see none of it until the owner publishes. About a hundred queries.
    """
    record = place.record
    sample = SAMPLES.get(PlaceKind(kind), MAINS)
    with transaction.atomic(), translation.override(record.language):
        category = CategoryPage(title=str(sample.title), live=False, has_unpublished_changes=True)
        place.add_child(instance=category)
        category.save_revision()
        for dish in sample.dishes:
            page = DishPage(
                title=str(dish.title),
                description=str(dish.description),
                price=(Decimal(dish.price) / WORTH[record.currency]).quantize(Decimal("0.01")),
                weight=dish.weight,
                unit=dish.unit,
                live=False,
                has_unpublished_changes=True,
            )
            category.add_child(instance=page)
            page.save_revision()
    return category
