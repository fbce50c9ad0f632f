"""What search engines and messengers read on a menu's pages."""

import json
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from menu_pages import sitemap, structured_data
from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from menu_pages.pictures import make_renditions
from menu_pages.stopping import stop_dish
from menu_pages.structured_data import script_json
from tests.factories.guests import Guest
from tests.factories.menus import make_category, make_dish, make_picture
from tests.factories.people import signed_in

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SITE = "https://menus.example"


@pytest.fixture(autouse=True)
def site(settings: LazySettings) -> None:
    settings.SITE_URL = SITE


def page(address: str, language: str = "en") -> str:
    return Client(headers={"accept-language": language}).get(address).content.decode()


def data(address: str, language: str = "en") -> dict[str, Any]:
    (script,) = SCRIPT.findall(page(address, language))
    return json.loads(script)


def meta(body: str, name: str) -> list[str]:
    return re.findall(rf'<meta property="{name}" content="([^"]*)">', body)


def test_a_place_is_a_restaurant_with_its_menu(place_a: PlacePage, borshch: DishPage, tea: DishPage) -> None:
    made = data("/teahouse/")

    assert (made["@type"], made["name"], made["url"]) == ("Restaurant", "Teahouse", f"{SITE}/teahouse/")
    sections = made["hasMenu"]["hasMenuSection"]
    assert [(section["name"], section["url"]) for section in sections] == [
        ("Soups", f"{SITE}/teahouse/soups/"),
        ("Drinks", f"{SITE}/teahouse/drinks/"),
    ]
    assert sections[0]["hasMenuItem"] == [
        {
            "@type": "MenuItem",
            "name": "Borshch",
            "offers": {"@type": "Offer", "price": "390.00", "priceCurrency": "RUB"},
        }
    ]


def test_empty_fields_are_left_out(place_a: PlacePage, borshch: DishPage) -> None:
    assert set(data("/teahouse/")) == {"@context", "@type", "name", "url", "currenciesAccepted", "hasMenu"}
    assert set(data("/teahouse/soups/borshch/")) == {"@context", "@type", "name", "url", "offers"}


def test_a_place_says_where_and_when(place_a: PlacePage, borshch: DishPage) -> None:
    place_a.address, place_a.phone, place_a.tagline = "Tea street, 1", "+7 495 123-45-67", "Slow tea"
    place_a.hours = json.dumps(
        [{"type": "hours", "value": {"weekdays": ["1", "7"], "opens": "09:00", "closes": "23:30"}}]
    )
    place_a.save()

    made = data("/teahouse/")

    assert (made["address"], made["telephone"], made["slogan"]) == ("Tea street, 1", "+7 495 123-45-67", "Slow tea")
    assert made["openingHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Monday", "Sunday"],
            "opens": "09:00",
            "closes": "23:30",
        }
    ]


def test_a_dish_is_a_menu_item(soups: CategoryPage) -> None:
    make_dish(soups, "Ukha", "450.50", description="Pike", calories="120.5", fats="3.0", tags=["gluten_free", "new"])

    assert data("/teahouse/soups/ukha/") == {
        "@context": "https://schema.org",
        "@type": "MenuItem",
        "name": "Ukha",
        "url": f"{SITE}/teahouse/soups/ukha/",
        "description": "Pike",
        "offers": {
            "@type": "Offer",
            "price": "450.50",
            "priceCurrency": "RUB",
            "availability": "https://schema.org/InStock",
        },
        "nutrition": {"@type": "NutritionInformation", "calories": "120.5 calories", "fatContent": "3.0 g"},
        "suitableForDiet": ["https://schema.org/GlutenFreeDiet"],
    }


def test_a_dish_that_is_out_says_so(borshch: DishPage) -> None:
    stop_dish(dish=borshch, by=None)

    assert data("/teahouse/soups/borshch/")["offers"]["availability"] == "https://schema.org/SoldOut"


def test_words_are_in_the_readers_language(soups: CategoryPage) -> None:
    make_dish(soups, "Уха", translations={"en": {"title": "Fish soup"}})

    assert data("/teahouse/soups/ukha/", "en")["name"] == "Fish soup"
    assert data("/teahouse/soups/ukha/", "ru")["name"] == "Уха"
    assert data("/teahouse/", "ru")["hasMenu"]["inLanguage"] == "ru"


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "<!--", "a & b", "line\u2028end", 'quote"\\'])
def test_no_title_ends_the_script(soups: CategoryPage, title: str) -> None:
    make_dish(soups, title, slug="dish", description=title)

    body = page("/teahouse/soups/dish/")

    assert data("/teahouse/soups/dish/")["name"] == title
    assert "alert(1)</script>" not in body
    (script,) = SCRIPT.findall(body)
    assert re.findall("[<>&\u2028]", script) == []


def test_a_long_menu_names_its_parts_only(
    soups: CategoryPage, borshch: DishPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_dish(soups, "Ukha")
    monkeypatch.setattr(structured_data, "MOST_ITEMS", 1)

    (section,) = data("/teahouse/")["hasMenu"]["hasMenuSection"]

    assert section == {"@type": "MenuSection", "name": "Soups", "url": f"{SITE}/teahouse/soups/"}


def test_a_search_does_not_change_the_menu_told(borshch: DishPage, tea: DishPage) -> None:
    assert data("/teahouse/?q=nothing") == data("/teahouse/")


@pytest.mark.parametrize("query", ["", "?q=tea", "?code=unknown", "?utm_source=x"])
@pytest.mark.parametrize("path", ["/teahouse/", "/teahouse/soups/", "/teahouse/soups/borshch/"])
def test_the_canonical_address_has_no_query(borshch: DishPage, tea: DishPage, path: str, query: str) -> None:
    body = page(path + query)

    assert re.findall(r'<link rel="canonical" href="([^"]*)">', body) == [SITE + path]
    assert meta(body, "og:url") == [SITE + path]


def test_a_shared_link_has_title_words_and_picture(place_a: PlacePage, soups: CategoryPage, media: object) -> None:
    picture = make_picture(place_a)
    make_renditions(picture, "dish", "logo")
    make_dish(soups, "Ukha", picture=picture, description="Pike & perch. " * 30)
    make_dish(soups, "Borshch")
    PlacePage.objects.filter(pk=place_a.pk).update(logo=picture, tagline="Slow tea")

    dish, plain = page("/teahouse/soups/ukha/"), page("/teahouse/soups/borshch/")

    assert (meta(dish, "og:title"), meta(dish, "og:site_name")) == (["Ukha"], ["Teahouse"])
    (words,) = meta(dish, "og:description")
    assert words.startswith("Pike &amp; perch. Pike")
    assert words.endswith("…")
    (address,) = meta(dish, "og:image")
    assert re.fullmatch(rf"{SITE}/media/.+\.jpg", address)
    assert data("/teahouse/soups/ukha/")["image"] == address
    assert meta(plain, "og:description") == ["Slow tea"]
    assert meta(plain, "og:image") == [data("/teahouse/")["logo"]]


def test_every_screen_is_described_once(place_a: PlacePage, soups: CategoryPage, guest: Guest) -> None:
    PlacePage.objects.filter(pk=place_a.pk).update(tagline="Slow tea")
    make_dish(soups, "Ukha", description="Pike & perch")
    dish = make_dish(soups, "Borshch")

    def described(address: str) -> list[str]:
        return re.findall(r'<meta name="description" content="([^"]*)">', guest.client.get(address).content.decode())

    assert described("/teahouse/soups/ukha/") == ["Pike &amp; perch"]
    for address in ("/teahouse/", "/teahouse/soups/", dish.href, "/teahouse/basket/", "/teahouse/table/"):
        assert described(address) == ["Slow tea"]


def test_a_guests_own_screens_say_nothing(borshch: DishPage, guest: Guest) -> None:
    guest.add(borshch)
    body = guest.basket().content.decode()

    assert "Borshch" in body
    assert ("ld+json" in body, "canonical" in body, "og:" in body) == (False, False, False)


def test_previews_say_nothing(borshch: DishPage, alice: User) -> None:
    body = signed_in(alice).get("/admin/places/teahouse/themes/showcase/preview/").content.decode()

    assert "Borshch" in body
    assert ("ld+json" in body, "canonical" in body) == (False, False)


def test_script_json_is_json() -> None:
    value = {"a": "<\u2029>&'\"", "б": 1}

    assert json.loads(script_json(value)) == value


def locations(address: str) -> list[str]:
    response = Client().get(address)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return re.findall("<loc>(.*?)</loc>", response.content.decode())


def test_the_sitemap_lists_what_guests_may_find(borshch: DishPage, place_b: PlacePage, soups: CategoryPage) -> None:
    make_dish(soups, "Draft", live=False)
    make_dish(make_category(place_b, "Secret", live=False), "Hidden")

    assert locations("/sitemap.xml") == [f"{SITE}/sitemap-1.xml"]
    assert sorted(locations("/sitemap-1.xml")) == [
        f"{SITE}/",
        f"{SITE}/pizzeria/",
        f"{SITE}/teahouse/",
        f"{SITE}/teahouse/soups/",
        f"{SITE}/teahouse/soups/borshch/",
    ]


def test_a_long_sitemap_has_parts(borshch: DishPage, tea: DishPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PAGES_IN_PART", 2)

    parts = locations("/sitemap.xml")

    assert parts == [f"{SITE}/sitemap-{number}.xml" for number in (1, 2, 3)]
    listed = [address for part in parts for address in locations(part.removeprefix(SITE))]
    assert len(listed) == len(set(listed)) == 6
    for number in ("0", "4", "9" * 30):
        assert Client().get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_learn_of_the_sitemap(db: None) -> None:
    assert f"Sitemap: {SITE}/sitemap.xml\n" in Client().get("/robots.txt").content.decode()


def test_the_menu_is_read_once(borshch: DishPage, tea: DishPage, django_assert_max_num_queries: Any) -> None:
    PlaceRecord.objects.update(theme_settings={"showcase": {"density": "compact", "colours": {"accent": "#005f73"}}})
    page("/teahouse/")

    with django_assert_max_num_queries(10):
        page("/teahouse/")
