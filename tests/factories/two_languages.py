"""A menu of 144 dishes in Russian and English, as an owner keeps it in a spreadsheet."""

from typing import Any

PARTS = [
    ("Завтраки", "Breakfast"),
    ("Закуски", "Starters"),
    ("Салаты", "Salads"),
    ("Супы", "Soups"),
    ("Горячее", "Mains"),
    ("Гарниры", "Sides"),
    ("Пельмени", "Dumplings"),
    ("Блины", "Pancakes"),
    ("Десерты", "Desserts"),
    ("Напитки / Чай", "Drinks / Tea"),
    ("Напитки / Кофе", "Drinks / Coffee"),
    ("Напитки / Лимонады", "Drinks / Lemonades"),
]
KINDS = [
    ("домашний", "home-made"),
    ("с грибами", "with mushrooms"),
    ("со сметаной", "with sour cream"),
    ("по-купечески", "merchant style"),
    ("с зеленью", "with herbs"),
    ("острый", "hot"),
    ("с мёдом", "with honey"),
    ("от шефа", "by the chef"),
    ("детский", "for children"),
    ("с лимоном", "with lemon"),
    ("большой", "large"),
    ("постный", "plain"),
]


def menu_of_144() -> list[dict[str, Any]]:
    """Rows of a menu file: prices 105, 112, 119…; every cell fits."""
    rows = []
    for part, (category, category_en) in enumerate(PARTS):
        stem, stem_en = category.split(" / ")[-1], category_en.split(" / ")[-1]
        for number, (kind, kind_en) in enumerate(KINDS):
            rows.append(
                {
                    "category": category,
                    "category_en": category_en,
                    "title": f"{stem} {kind}",
                    "title_en": f"{stem_en} {kind_en}",
                    "description": f"Готовим сами, подаём сразу: {kind}.",
                    "description_en": f"Made here, served at once: {kind_en}.",
                    "price": f"{105 + 7 * (part * len(KINDS) + number)}",
                    "weight": "250",
                    "unit": "g",
                    "allergens": "gluten|milk" if number % 3 == 0 else "",
                }
            )
    return rows
