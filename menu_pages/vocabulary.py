"""The closed lists a menu is described with: allergens, labels, units, currencies, weekdays.

Allergens are the fourteen groups that EU Regulation 1169/2011, Annex II, and the Russian labelling rules
(TR CU 022/2011) both name. Keys are stored and exchanged in files; titles are for readers.
"""

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Allergen(models.TextChoices):
    GLUTEN = "gluten", _("gluten")
    CRUSTACEANS = "crustaceans", _("crustaceans")
    EGGS = "eggs", _("eggs")
    FISH = "fish", _("fish")
    PEANUTS = "peanuts", _("peanuts")
    SOY = "soy", _("soy")
    MILK = "milk", _("milk")
    NUTS = "nuts", _("nuts")
    CELERY = "celery", _("celery")
    MUSTARD = "mustard", _("mustard")
    SESAME = "sesame", _("sesame")
    SULPHITES = "sulphites", _("sulphites")
    LUPIN = "lupin", _("lupin")
    MOLLUSCS = "molluscs", _("molluscs")


class DietTag(models.TextChoices):
    VEGETARIAN = "vegetarian", _("vegetarian")
    VEGAN = "vegan", _("vegan")
    LEAN = "lean", _("lenten")
    GLUTEN_FREE = "gluten_free", _("gluten-free")
    LACTOSE_FREE = "lactose_free", _("lactose-free")
    HALAL = "halal", _("halal")
    SPICY = "spicy", _("spicy")
    NEW = "new", _("new")
    CHEFS_CHOICE = "chefs_choice", _("chef’s choice")
    ALCOHOL = "alcohol", _("alcohol")
    KIDS = "kids", _("for children")


# What a guest may ask the menu to be narrowed to: the tags that are diets.
DIETS = (
    DietTag.VEGETARIAN,
    DietTag.VEGAN,
    DietTag.LEAN,
    DietTag.GLUTEN_FREE,
    DietTag.LACTOSE_FREE,
    DietTag.HALAL,
)

# A dish of the stricter diet answers the wider one as well.
IMPLIED_DIETS = {
    DietTag.VEGETARIAN: {DietTag.VEGETARIAN, DietTag.VEGAN, DietTag.LEAN},
    DietTag.VEGAN: {DietTag.VEGAN},
    DietTag.LEAN: {DietTag.LEAN, DietTag.VEGAN},
}

SYMBOLS = {
    DietTag.VEGETARIAN: "◐",
    DietTag.VEGAN: "●",
    DietTag.LEAN: "○",
    DietTag.SPICY: "▲",
    DietTag.NEW: "★",
    DietTag.CHEFS_CHOICE: "♦",
    DietTag.ALCOHOL: "18+",
}


class Label(NamedTuple):
    """A tag as a card shows it: a small word with a symbol."""

    key: str
    title: str | Promise
    symbol: str


class Unit(models.TextChoices):
    GRAM = "g", _("g")
    MILLILITRE = "ml", _("ml")
    PIECE = "pcs", _("pcs")


class Weekday(models.IntegerChoices):
    """ISO 8601: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Currency(models.TextChoices):
    RUB = "RUB", _("Russian rouble")
    EUR = "EUR", _("euro")
    USD = "USD", _("US dollar")
    GBP = "GBP", _("pound sterling")
    KZT = "KZT", _("Kazakhstani tenge")
    BYN = "BYN", _("Belarusian rouble")
    AMD = "AMD", _("Armenian dram")
    GEL = "GEL", _("Georgian lari")
    UZS = "UZS", _("Uzbekistani sum")
    KGS = "KGS", _("Kyrgyzstani som")
    RSD = "RSD", _("Serbian dinar")
    TRY = "TRY", _("Turkish lira")
    AED = "AED", _("UAE dirham")
    CHF = "CHF", _("Swiss franc")


def labels(tags: list[str]) -> list[Label]:
    """The known ones of these tags, in the vocabulary's order."""
    return [Label(tag.value, tag.label, SYMBOLS.get(tag, "")) for tag in DietTag if tag.value in tags]


def allergen_titles(keys: list[str]) -> list[str]:
    return [str(allergen.label) for allergen in Allergen if allergen.value in keys]


class Acceptance(models.TextChoices):
    """How an order becomes accepted."""

    BY_HAND = "by_hand", _("by hand, one by one")
    AT_ONCE = "at_once", _("at once")
    AT_ONCE_SEATED = "at_once_seated", _("at once when staff have opened the table, else by hand")
