"""Every field of place, category and dish, filled, emptied and at its extremes, on each screen of each theme."""

import datetime
import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import translation

from menu_pages.models import CategoryPage, DishPage, DishPicture, MenuImage, PlacePage
from menu_pages.pictures import make_renditions
from menu_pages.stopping import stop_dish
from menu_pages.themes.registry import SCREENS, all_themes, get_theme
from menu_pages.vocabulary import Allergen, DietTag, Weekday
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import make_category, make_dish, make_picture, option_group, table_of
from tests.factories.screens import flaws, menu_screens, parsed, plain, screens, wear, words

THEMES = [theme.slug for theme in all_themes()]
LONG_WORD = "Оченьдлинноеназвание" * 6
EVIL = """<i class="evil">Щи & "суп" 'по-царски'</i>"""


@pytest.fixture
def picture(place_a: PlacePage, media: Path) -> MenuImage:
    picture = make_picture(place_a)
    make_renditions(picture)
    return picture


@pytest.fixture
def full_place(place_a: PlacePage, picture: MenuImage) -> PlacePage:
    """Every field of the place filled, in two languages."""
    everyday = [str(day) for day in Weekday.values]
    hours = [{"type": "hours", "value": {"weekdays": everyday, "opens": "09:00", "closes": "23:30"}}]
    place_a.title = "Чайная"
    place_a.tagline = "Чай и разговоры"
    place_a.description = "Мы открылись в 1998 году."
    place_a.address, place_a.phone = "Москва, Чайный переулок, 8", "+7 495 555-01-80"
    place_a.wifi_network, place_a.wifi_password = "Chaynaya Guest", "samovar & 8"
    place_a.hours = json.dumps(hours)
    place_a.logo = place_a.cover = picture
    place_a.translations = {"en": {"title": "Tea Room", "tagline": "Tea and talk", "description": "We opened in 1998."}}
    place_a.save()
    return place_a


@pytest.fixture
def full_dish(full_place: PlacePage, picture: MenuImage) -> DishPage:
    """Every field of a dish and of its category filled, in two languages."""
    category = make_category(
        full_place,
        "Супы",
        slug="soups",
        description="Варим с утра.",
        picture=picture,
        translations={"en": {"title": "Soups", "description": "Cooked in the morning."}},
    )
    dish = make_dish(
        category,
        "Уха царская",
        "1250.50",
        slug="ukha",
        description="Судак, форель, шафран.",
        weight="350.5",
        unit="ml",
        calories="285",
        proteins="17.5",
        fats="0",
        carbohydrates="21",
        allergens=["fish", "celery"],
        tags=["spicy", "new"],
        picture=picture,
        options=[
            option_group("Порция", {"малая": "0", "большая": "320"}, minimum=1, default="малая"),
            option_group("Добавка", {"лимон": "30.50", "хлеб": "0"}, maximum=2),
        ],
        translations={
            "en": {
                "title": "Royal fish soup",
                "description": "Zander, trout, saffron.",
                "options": {"Порция": "Portion", "малая": "small", "большая": "large", "лимон": "lemon"},
            }
        },
    )
    DishPicture.objects.create(dish=dish, picture=picture)
    return dish


@pytest.fixture
def served_tomorrow(full_place: PlacePage) -> CategoryPage:
    """Breakfast, not served today."""
    tomorrow = full_place.record.local_now().isoweekday() % 7 + 1
    category = make_category(
        full_place,
        "Завтраки",
        slug="breakfast",
        served_from=datetime.time(9),
        served_until=datetime.time(12, 30),
        served_weekdays=[tomorrow],
        translations={"en": {"title": "Breakfast"}},
    )
    make_dish(category, "Каша", "99.00", slug="porridge", translations={"en": {"title": "Porridge"}})
    return category


def guest_of(place: PlacePage, theme: str) -> Guest:
    guest = guest_at(table_of(place, 7))
    wear(guest, theme)
    return guest


def missing(page: BeautifulSoup, *texts: str) -> list[str]:
    said = words(page)
    return [text for text in texts if plain(text) not in said]


def labelled(dish: DishPage, language: str) -> tuple[list[str], list[str]]:
    """Its allergens and labels as words of the language."""
    with translation.override(language):
        return [str(Allergen(key).label) for key in dish.allergens], [str(DietTag(key).label) for key in dish.tags]


# What the filled place, category and dish say to readers of each language.
SAID = {
    "ru": {
        "place": ["Чайная", "Чай и разговоры", "Мы открылись в 1998 году.", "Столик 7", "сегодня 9:00–23:30"],
        "category": ["Супы", "Варим с утра."],
        "title": "Уха царская",
        "text": "Судак, форель, шафран.",
        "price": "1 250,50 ₽",
        "weight": "350,5 мл",
        "calories": "285 ккал",
        "nutrition": ["285", "17,5 г", "0 г", "21 г", "белки", "жиры", "углеводы"],
        "options": ["Порция", "малая", "большая", "+320 ₽", "Добавка", "лимон", "+30,50 ₽", "хлеб"],
        "line": ["Уха царская", "большая", "лимон", "3 202 ₽", "без лука"],
        "hours": "подаём с 9:00 до 12:30",
    },
    "en": {
        "place": ["Tea Room", "Tea and talk", "We opened in 1998.", "Table 7", "today 9:00–23:30"],
        "category": ["Soups", "Cooked in the morning."],
        "title": "Royal fish soup",
        "text": "Zander, trout, saffron.",
        "price": "₽1,250.50",
        "weight": "350.5 ml",
        "calories": "285 kcal",
        "nutrition": ["285", "17.5 g", "0 g", "21 g", "proteins", "fats", "carbs"],
        "options": ["Portion", "small", "large", "+₽320", "Добавка", "lemon", "+₽30.50", "хлеб"],
        "line": ["Royal fish soup", "large", "lemon", "₽3,202", "без лука"],
        "hours": "served from 9:00 to 12:30",
    },
}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_filled_field_is_read(
    theme: str, language: str, full_place: PlacePage, full_dish: DishPage, served_tomorrow: CategoryPage
) -> None:
    guest, said = guest_of(full_place, theme), SAID[language]
    allergens, labels = labelled(full_dish, language)

    pages = screens(guest, full_dish, language=language, options=("порция-большая", "добавка-лимон"))

    card = [said["title"], said["price"], said["weight"], said["calories"], ", ".join(allergens), *labels]
    if "description" in get_theme(theme).options.card:
        card.append(said["text"])
    contacts = [full_place.address, full_place.phone]
    wifi = [full_place.wifi_network, full_place.wifi_password]
    breakfast = [said["hours"]]
    about = [said["title"], said["text"], said["price"], said["weight"], ", ".join(allergens), *labels]
    assert missing(pages["place"], *said["place"], *contacts, *wifi, *said["category"], *card, *breakfast) == []
    assert missing(pages["category"], *said["category"], *card, *contacts) == []
    assert missing(pages["dish"], *about, *said["nutrition"], *said["options"], *contacts) == []
    assert missing(pages["basket"], *said["line"], said["place"][3]) == []
    # What was sent is kept in the menu's own language for waiter and kitchen; the guest reads it in theirs.
    sent = [*said["line"], "без лука", "к окну"]
    assert missing(pages["status"], *sent, said["place"][3]) == []
    assert flaws(pages) == []
    assert [page.html["lang"] for page in pages.values()] == [language] * len(SCREENS)


@pytest.mark.parametrize("theme", THEMES)
def test_filled_pictures_and_links_lead_where_they_say(theme: str, full_place: PlacePage, full_dish: DishPage) -> None:
    pages = screens(guest_of(full_place, theme), full_dish, language="ru", options=("порция-малая",))

    assert {name: len(page.main("img")) for name, page in pages.items() if name == "dish"} == {"dish": 2}
    assert len(pages["place"]("img")) == 2 + (0 if theme == "classic" else 1)
    assert len(pages["category"]("img")) == 1 + (0 if theme == "classic" else 1)
    assert [page.find("a", href="tel:+7495555-01-80") is not None for page in pages.values()] == [True] * 5
    assert pages["place"].find("a", href=full_dish.href) is not None
    assert [page.find("a", href=full_place.href) is not None for page in list(pages.values())[3:]] == [True, True]


@pytest.mark.parametrize("theme", THEMES)
def test_emptied_fields_leave_nothing_behind(theme: str, place_a: PlacePage) -> None:
    dish = make_dish(make_category(place_a, "Soups"), "Ukha", "450.00")

    pages = screens(guest_of(place_a, theme), dish, language="en")

    assert flaws(pages) == []
    for page in pages.values():
        assert page.find(class_=["wifi", "place-mood", "masthead-mood", "stall-mood", "place-about"]) is None
        assert page.find(class_=["card-meta", "card-text", "labels", "card-allergens", "nutrition", "options"]) is None
        assert page.find(class_=["place-cover", "masthead-cover", "stall-cover", "served"]) is None
        assert page.find("a", href=lambda href: href is not None and href.startswith("tel:")) is None
        assert words(page.footer.address) == "Teahouse Your data"
    # The letter stands on the plate instead of a picture.
    assert set(words(pages["place"].find(class_="card")).split()) - {"U"} == {"Ukha", "₽450", "+"}
    assert [name for name in ("place", "category", "dish") if pages[name].main.find("img")] == []


@pytest.mark.parametrize("theme", THEMES)
def test_half_filled_fields_stand_alone(theme: str, place_a: PlacePage) -> None:
    """Of two values that share a line only one is there."""
    PlacePage.objects.filter(pk=place_a.pk).update(wifi_network="Guests", phone="112")
    soups = make_category(place_a, "Soups", served_weekdays=[])
    only_weight = make_dish(soups, "Shchi", weight="300")
    only_calories = make_dish(soups, "Water", calories="0", tags=["halal"], allergens=["milk"])
    only_fats = make_dish(soups, "Oil", fats="99.9", unit="pcs")
    guest = guest_of(place_a, theme)

    pages = menu_screens(guest, soups, only_weight, only_calories, only_fats)

    assert flaws(pages) == []
    assert missing(pages["place"], "Guests", "112", "300 g", "0 kcal", "milk") == []
    assert missing(pages["dish 1"], "0", "kcal", "halal", "milk") == []
    assert missing(pages["dish 2"], "99.9 g", "fats") == []
    assert "proteins" not in words(pages["dish 2"])
    assert len(pages["place"].find(class_="wifi")("dt")) == 1


@pytest.mark.parametrize("theme", THEMES)
def test_extremes_stay_whole(theme: str, place_a: PlacePage, picture: MenuImage) -> None:
    lines = "Первая строка.\nВторая строка.\nТретья строка."
    groups = [option_group(f"Group {n}", {f"a{n}": "9999999.99", f"b{n}": "0"}) for n in range(10)]
    soups = make_category(place_a, LONG_WORD, slug="soups", description=lines)
    free = make_dish(soups, LONG_WORD, "0.00", slug="free", description=lines, tags=list(DietTag.values))
    dear = make_dish(
        soups, "Икра black caviar", "9999999.99", slug="dear", options=groups, allergens=list(Allergen.values)
    )
    DishPicture.objects.create(dish=dear, picture=picture)
    guest = guest_of(place_a, theme)

    read = menu_screens(guest, soups, free, dear)
    ordered = screens(guest, dear, language="ru", options=("group 0-a0",))

    allergens, _labels = labelled(dear, "en")
    _allergens, labels = labelled(free, "en")
    assert flaws(read) + flaws(ordered) == []
    assert missing(read["place"], LONG_WORD, "₽0", "₽9,999,999.99", "Икра black caviar", ", ".join(allergens)) == []
    assert missing(read["dish 0"], LONG_WORD, lines, "₽0", *labels) == []
    assert missing(read["dish 1"], *(f"Group {n}" for n in range(10)), "+₽9,999,999.99", ", ".join(allergens)) == []
    assert len(read["dish 1"].main("img")) == 1
    assert missing(ordered["basket"], "Икра black caviar", "39 999 999,96 ₽") == []
    assert missing(ordered["status"], "Икра black caviar", "39 999 999,96 ₽") == []


@pytest.mark.parametrize("theme", THEMES)
def test_what_an_owner_types_is_text_and_never_a_tag(theme: str, place_a: PlacePage) -> None:
    typed = ["title", "tagline", "description", "address", "wifi_network", "wifi_password"]
    PlacePage.objects.filter(pk=place_a.pk).update(phone="<i class=evil>", **dict.fromkeys(typed, EVIL))
    soups = make_category(place_a, EVIL, slug="soups", description=EVIL)
    groups = [option_group(EVIL, {EVIL: "10"})]
    dish = make_dish(soups, EVIL, slug="evil", description=EVIL, options=groups)
    guest = guest_of(PlacePage.objects.select_related("record").get(pk=place_a.pk), theme)

    pages = screens(guest, dish, language="ru", options=(f"{EVIL}-{EVIL}".lower(),))

    assert flaws(pages) == []
    assert [name for name, page in pages.items() if page.find(class_="evil") or missing(page, EVIL)] == []
    assert words(pages["dish"].h1) == words(pages["basket"].find("h2")) == EVIL


@pytest.mark.parametrize("theme", THEMES)
def test_a_language_without_a_translation_reads_what_was_written(theme: str, place_a: PlacePage) -> None:
    PlacePage.objects.filter(pk=place_a.pk).update(title="Чайная", tagline="Чай", translations={"en": {}})
    soups = make_category(place_a, "Супы", slug="soups", description="С утра")
    dish = make_dish(soups, "Уха", slug="ukha", description="Рыба", translations={"en": {"title": ""}})
    guest = guest_of(PlacePage.objects.select_related("record").get(pk=place_a.pk), theme)

    pages = menu_screens(guest, soups, dish)

    assert flaws(pages) == []
    assert missing(pages["place"], "Чайная", "Чай", "Супы", "С утра", "Уха", "Table 7") == []
    assert [page.h1.get("lang") for page in pages.values()] == ["ru"] * 3
    assert [title.get("lang") for title in pages["place"](["h1", "h2", "h3"])] == ["ru"] * 3


@pytest.mark.parametrize("theme", THEMES)
def test_what_has_run_out_says_so(theme: str, place_a: PlacePage) -> None:
    soups = make_category(place_a, "Soups")
    ukha, shchi = make_dish(soups, "Ukha"), make_dish(soups, "Shchi")
    stop_dish(dish=ukha, by=None)
    guest = guest_of(place_a, theme)

    pages = menu_screens(guest, soups, ukha, shchi)

    assert flaws(pages) == []
    for name in ("place", "category"):
        gone, there = pages[name](class_="card")
        assert (words(gone.find(class_="sold-out")), gone.find(class_="add")) == ("sold out", None)
        assert (there.find(class_="sold-out"), words(there.find(class_="add"))) == (None, "+")
    assert missing(pages["dish 0"], "This dish has run out.") == []
    assert pages["dish 0"].find("form", class_="dish-form") is None


@pytest.mark.parametrize("theme", THEMES)
def test_nobody_at_a_table_reads_no_table(theme: str, place_a: PlacePage, soups: CategoryPage) -> None:
    make_dish(soups, "Ukha")
    guest = guest_of(place_a, theme)

    page = parsed(Client(headers={"accept-language": "en"}).get(guest.place.href))

    assert flaws({"place": page}) == []
    assert "Table" not in words(page)
