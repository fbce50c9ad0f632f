"""The columns of a menu file, the same in every form it may have."""

from django.conf import settings

BEFORE_TRANSLATIONS = (
    "category",
    "title",
    "description",
    "price",
    "currency",
    "weight",
    "unit",
    "calories",
    "proteins",
    "fats",
    "carbohydrates",
    "allergens",
    "tags",
    "options",
    "cost",
    "available",
    "photo",
    "slug",
)
TRANSLATED = ("title", "description", "category")
REQUIRED = ("category", "title", "price")

# How many digits there may be before and after the point.
NUMBERS = {
    "price": (8, 2),
    "cost": (8, 2),
    "weight": (6, 1),
    "calories": (5, 1),
    "proteins": (5, 1),
    "fats": (5, 1),
    "carbohydrates": (5, 1),
}
TEXT_LENGTHS = {"title": 255, "description": 1000, "photo": 255, "slug": 255, "category": 255}


def other_languages(language: str) -> list[str]:
    """Languages a menu written in `language` can be translated to."""
    return [code for code, _title in settings.LANGUAGES if code != language]


def translated_columns(language: str) -> list[str]:
    return [f"{name}_{code}" for code in other_languages(language) for name in TRANSLATED]


def option_columns(language: str) -> list[str]:
    """Translations of option titles: `{"your word": "its translation"}`. Exported where there are any."""
    return [f"options_{code}" for code in other_languages(language)]


def known_columns(language: str) -> list[str]:
    """Every column a file for a menu written in `language` may have, in the order of an exported file."""
    return [*BEFORE_TRANSLATIONS, *translated_columns(language), *option_columns(language)]
