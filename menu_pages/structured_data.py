"""What search engines read on a menu's pages: schema.org's words for the place, its menu and each dish.

Types: https://schema.org/Restaurant, /Menu, /MenuSection, /MenuItem. Empty fields are left out, prices are plain
figures, addresses absolute and without a query.
"""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from menu_pages.availability import Availability
from menu_pages.menu import Menu
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.option_groups import active_language
from menu_pages.shown_pictures import shown
from menu_pages.vocabulary import DietTag

# A longer menu names its parts only: the page of a place stays light, and each dish says everything on its own.
MOST_ITEMS = 100
DESCRIPTION_LENGTH = 200
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DIETS = {
    DietTag.VEGAN: "VeganDiet",
    DietTag.VEGETARIAN: "VegetarianDiet",
    DietTag.GLUTEN_FREE: "GlutenFreeDiet",
    DietTag.LACTOSE_FREE: "LowLactoseDiet",
    DietTag.HALAL: "HalalDiet",
}
NUTRIENTS = {"proteins": "proteinContent", "fats": "fatContent", "carbohydrates": "carbohydrateContent"}
# Nothing in a script block may end it or begin a comment; both separators end a line in old JavaScript.
ESCAPES = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

Data = dict[str, Any]


def absolute(address: str) -> str:
    """The address with the service's own in front; one that is absolute already stays."""
    return address if address.startswith(("http://", "https://")) else f"{settings.SITE_URL}{address}"


def place_data(place: PlacePage, menu: Menu) -> Data:
    """A restaurant with its menu; no queries but for the cover's and logo's renditions."""
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "Restaurant",
            "name": place.translated_title,
            "url": absolute(place.href),
            "slogan": place.translated_tagline,
            "description": place.translated_description,
            "image": picture_address(place.cover or place.logo, "cover-large" if place.cover else "logo"),
            "logo": picture_address(place.logo, "logo"),
            "address": place.address,
            "telephone": place.phone,
            "currenciesAccepted": place.record.currency,
            "openingHoursSpecification": [_hours(block.value) for block in place.hours],
            "hasMenu": {
                "@type": "Menu",
                "url": absolute(place.href),
                "inLanguage": active_language(),
                "hasMenuSection": _sections(menu, place.record.currency),
            },
        }
    )


def dish_data(dish: DishPage) -> Data:
    """A dish with its price, nutrition and diets; `dish.availability` is used where it is known."""
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "MenuItem",
            "name": dish.translated_title,
            "url": absolute(dish.href),
            "description": dish.translated_description,
            "image": picture_address(dish.picture, "dish"),
            "offers": _offer(dish, dish.place.record.currency),
            "nutrition": _nutrition(dish),
            "suitableForDiet": [f"https://schema.org/{name}" for tag, name in DIETS.items() if tag.value in dish.tags],
        }
    )


def page_data(page: Any, menu: Menu | None) -> Data:
    """What the page is about; a category has no data of its own."""
    if isinstance(page, DishPage):
        return dish_data(page)
    return place_data(page, menu) if isinstance(page, PlacePage) and menu else {}


def page_picture(page: Any) -> tuple[str, int, int] | None:
    """The picture a link to the page is shown with, absolute, with its width and height; one of the place if the page
    has none."""
    place = page.place
    if isinstance(page, DishPage | CategoryPage) and page.picture:
        return _rendition(page.picture, "dish")
    if place.cover:
        return _rendition(place.cover, "cover-large")
    return _rendition(place.logo, "logo") if place.logo else None


def page_description(page: Any) -> str:
    """One or two sentences about the page."""
    words = page.translated_description or page.place.translated_tagline or page.place.translated_title
    return words if len(words) <= DESCRIPTION_LENGTH else words[: DESCRIPTION_LENGTH - 1].rstrip() + "…"


def picture_address(image: Any, size: str) -> str:
    found = _rendition(image, size) if image else None
    return found[0] if found else ""


def script_json(data: Data) -> SafeString:
    """JSON that may stand inside `<script>`: nothing in it can end the block."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in ESCAPES.items():
        text = text.replace(sign, escaped)
    return mark_safe(text)  # noqa: S308  (every sign of markup is escaped)


def _rendition(image: Any, size: str) -> tuple[str, int, int] | None:
    """None while it is not made yet."""
    rendition = shown(image).one(size, "jpeg")
    return (absolute(rendition.url), rendition.width, rendition.height) if rendition else None


def _sections(menu: Menu, currency: str) -> list[Data]:
    with_items = menu.dish_count <= MOST_ITEMS
    return [
        _filled(
            {
                "@type": "MenuSection",
                "name": section.category.translated_title,
                "url": absolute(section.category.href),
                "hasMenuItem": [_item(dish, currency) for dish in section.dishes] if with_items else [],
            }
        )
        for section in menu.sections
    ]


def _item(dish: DishPage, currency: str) -> Data:
    item: Data = {"@type": "MenuItem", "name": dish.translated_title}
    return item if dish.price is None else {**item, "offers": _price(dish, currency)}


def _price(dish: DishPage, currency: str) -> Data:
    if dish.price is None:
        return {}
    return {"@type": "Offer", "price": str(dish.price), "priceCurrency": currency}


def _offer(dish: DishPage, currency: str) -> Data:
    offer = _price(dish, currency)
    if offer:
        sold_out = getattr(dish, "availability", None) is Availability.SOLD_OUT
        offer["availability"] = f"https://schema.org/{'SoldOut' if sold_out else 'InStock'}"
    return offer


def _nutrition(dish: DishPage) -> Data:
    facts = {"calories": f"{dish.calories:f} calories" if dish.calories is not None else ""}
    for name, word in NUTRIENTS.items():
        grams = getattr(dish, name)
        facts[word] = f"{grams:f} g" if grams is not None else ""
    facts = {name: value for name, value in facts.items() if value}
    return {"@type": "NutritionInformation", **facts} if facts else {}


def _hours(value: Any) -> Data:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": [WEEKDAYS[int(day) - 1] for day in value["weekdays"]],
        "opens": f"{value['opens']:%H:%M}",
        "closes": f"{value['closes']:%H:%M}",
    }


def _filled(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in ("", None, [], {})}
