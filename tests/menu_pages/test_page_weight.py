"""What a phone loads before the guest sees the menu: the budgets, by theme and screen, with pictures of real weight."""

import re
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.files.images import ImageFile

from menu_pages.demo.many_places import add_menu
from menu_pages.models import CategoryPage, DishPage, MenuImage, PlacePage
from menu_pages.pictures import make_renditions
from menu_pages.renditions import FORMATS, SIZES, spec
from menu_pages.themes.look import Look
from menu_pages.themes.registry import Theme, all_themes
from menu_pages.themes.sheets import joined
from tests.factories.guests import Guest, guest_at
from tests.factories.menus import table_of
from tests.factories.photos import photograph
from tests.factories.screens import wear

TEXT_LIMIT = 60 * 1024  # HTML, styles, script and fonts, compressed
SCRIPT_LIMIT = 5 * 1024
PICTURES_LIMIT = 120 * 1024  # above the fold
PHONE_WIDTH, DOTS, REM = 390, 3, 16
PHONE_SIZES = ("thumbnail", "logo", "card", "card-large", "cover", "dish")
LARGER = {"cover": "cover-large", "dish": "dish-large"}


@pytest.fixture
def guest(place_a: PlacePage, media: Path) -> Guest:
    """A guest with three dishes in the basket, where 80 dishes have all a card can show and a photograph each."""
    source = BytesIO()
    photograph(1000, 750).save(source, "JPEG", quality=90)
    file = ImageFile(BytesIO(source.getvalue()), name="photo.jpg")
    picture = MenuImage.objects.create(title="Photo", file=file, collection=place_a.record.collection)
    make_renditions(picture, *PHONE_SIZES)
    for small, large in LARGER.items():
        _stand_in(picture, small, large)
    place_a.cover = place_a.logo = picture
    place_a.save()
    add_menu(place_a, 80)
    CategoryPage.objects.update(picture=picture, description="Готовим сами и подаём сразу.")
    for number, dish in enumerate(DishPage.objects.order_by("path")):
        DishPage.objects.filter(pk=dish.pk).update(
            picture=picture,
            price=390 + number * 17,
            description=f"Белые грибы, сливки, тимьян и {number} зёрен перца, хлеб из печи.",
            calories=150 + number,
            allergens=["milk", "gluten"][: 1 + number % 2],
            tags=["vegetarian", "new"][: number % 3],
        )
    guest = guest_at(table_of(place_a, 7))
    guest.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    for dish in DishPage.objects.order_by("path")[:3]:
        guest.add(dish)
    return guest


def _stand_in(picture: MenuImage, small: str, large: str) -> None:
    """The larger size of a picture, not drawn but as heavy as all the phone may load: none that a phone takes."""
    width, height = SIZES[large][1:]
    for image_format in FORMATS:
        rendition = picture.renditions.get(filter_spec=spec(small, image_format))
        rendition.pk, rendition.filter_spec = None, spec(large, image_format)
        rendition.save()
        heavy = f"images/{large}.{image_format}"
        (Path(settings.MEDIA_ROOT) / heavy).write_bytes(bytes(PICTURES_LIMIT))
        picture.renditions.filter(pk=rendition.pk).update(file=heavy, width=width, height=height)


def test_every_screen_of_every_theme_stays_light(guest: Guest) -> None:
    dish = DishPage.objects.order_by("path")[0]
    screens = {
        "place": guest.place.href,
        "category": dish.get_parent().specific.href,
        "dish": dish.href,
        "basket": f"{guest.place.href}basket/",
    }
    texts, scripts, pictures = {}, {}, {}

    for theme in all_themes():
        own, *other_pairs = theme.options.fonts
        for pair, shown in [(own.key, screens), *((pair.key, {"place": guest.place.href}) for pair in other_pairs)]:
            wear(guest, theme.slug, fonts=pair)
            for screen, address in shown.items():
                body = guest.client.get(address).content.decode()
                name = f"{theme.slug}, {pair}, {screen}"
                texts[name], scripts[name] = weigh(body, theme, pair)
                pictures[name] = sum(seen_first(body).values())

    assert {name: weight for name, weight in texts.items() if weight > TEXT_LIMIT} == {}
    assert {name: weight for name, weight in scripts.items() if weight > SCRIPT_LIMIT} == {}
    assert {name: weight for name, weight in pictures.items() if weight > PICTURES_LIMIT} == {}
    # Every screen that shows pictures was weighed with them, and the photograph with what photographs weigh.
    assert {name for name, weight in pictures.items() if weight == 0} <= {name for name in texts if "basket" in name}
    assert max(pictures.values()) > PICTURES_LIMIT / 3


def weigh(body: str, theme: Theme, pair: str) -> tuple[int, int]:
    """Bytes of a page with its styles, script and fonts, packed as they travel; and of the script alone."""
    page = BeautifulSoup(body.partition("</head>")[0], "html.parser")
    folder = Path(settings.BASE_DIR)
    (sheet,) = [str(link["href"]) for link in page("link", rel="stylesheet") if "/static/" in str(link["href"])]
    fonts = [folder / str(link["href"]).lstrip("/") for link in page("link", rel="preload")]
    if not fonts and pair == theme.options.fonts[0].key:
        raise AssertionError(f"{theme.slug} preloads no font of its own")
    script = sum(packed((folder / str(tag["src"]).lstrip("/")).read_bytes()) for tag in page("script", src=True))
    styles = packed(joined(sheet.removeprefix("/static/"), read_static).encode())
    own = packed(Look(theme, {"fonts": pair}).css.encode())
    return packed(body.encode()) + script + styles + own + sum(font.stat().st_size for font in fonts), script


def read_static(name: str) -> str:
    return (Path(settings.BASE_DIR) / "static" / name).read_text("utf-8")


def packed(body: bytes) -> int:
    return len(brotli.compress(body, quality=6))


def seen_first(body: str) -> dict[str, int]:
    """The pictures a page asks for at once, by the file a phone takes of each: their bytes."""
    found = {}
    for number, picture in enumerate(re.findall(r"<picture>.*?</picture>", body)):
        if 'loading="lazy"' not in picture:
            file = taken(BeautifulSoup(picture, "html.parser").find("source", type="image/avif"))
            found[f"{number} {file}"] = (Path(settings.MEDIA_ROOT) / file).stat().st_size
    return found


def taken(source: Tag | None) -> str:
    """Which candidate a browser takes on this phone: the smallest that has dots enough, else the largest."""
    assert source is not None
    needed = shown_width(str(source["sizes"])) * DOTS
    candidates = [candidate.split() for candidate in str(source["srcset"]).split(", ")]
    by_width = sorted((int(width.removesuffix("w")), address) for address, width in candidates)
    address = next((address for width, address in by_width if width >= needed - 1), by_width[-1][1])
    return address.removeprefix("/media/")


def shown_width(sizes: str) -> float:
    """CSS pixels by the `sizes` of a picture, of whose conditions this phone meets that of its dots alone."""
    for part in sizes.split(", "):
        condition, value = re.fullmatch(r"(?:\((.+)\) )?(\S+)", part).groups()  # type: ignore[union-attr]
        if condition is None or condition == "min-resolution: 2.5x":
            number = float(re.match(r"[\d.]+", value)[0])  # type: ignore[index]
            return number * PHONE_WIDTH / 100 if value.endswith("vw") else number * REM
    raise ValueError(sizes)
