"""A guest's five screens as parsed pages, and what no screen may show whatever was filled in."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse

from menu_pages.models import CategoryPage, DishPage, PlaceRecord
from orders.models import Order
from tests.factories.guests import Guest

WORDS = ("p", "li", "dt", "dd", "h1", "h2", "h3", "legend", "b", "span", "label", "title", "summary", "address")
ACTIONS = ("a", "button", "summary")
LISTS = ("ul", "ol", "dl")
ADDRESSES = ("href", "src", "srcset", "action", "content", "aria-label", "lang", "id", "title", "placeholder", "class")
# What a template writes of a value that is not there.
NOTHING = re.compile(r"\b(None|nan|NaN|undefined|null)\b|\[\]|\{\}|Promise|__proxy__")
# A comma, point or colon that joins nothing.
ORPHAN = re.compile(r"^[·,:|/]|[·,:|/]$|·\s*[·,]|,\s*[·,]|\(\s*\)|“\s*”")


def words(page: Tag) -> str:
    """What the page says, every space alike."""
    return " ".join(page.get_text(" ").split())


def plain(text: str) -> str:
    """A text as `words` gives it back."""
    return " ".join(text.split())


def parsed(response: HttpResponse) -> BeautifulSoup:
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content.decode(), "html.parser")


def screens(guest: Guest, dish: DishPage, *, language: str, options: tuple[str, ...] = ()) -> dict[str, BeautifulSoup]:
    """Every screen of the guest's journey with the dish, in the language: read, added with a note, sent."""
    guest.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    place, category = guest.place, dish.get_parent().specific
    pages = {
        "place": parsed(guest.client.get(place.href)),
        "category": parsed(guest.client.get(category.href)),
        "dish": parsed(guest.client.get(dish.href)),
    }
    guest.add(dish, 2, options, note="без лука")
    pages["basket"] = parsed(guest.basket())
    guest.send(comment="к окну")
    pages["status"] = parsed(guest.status(Order.objects.get(visit=guest.visit)))
    return pages


def menu_screens(guest: Guest, category: CategoryPage, *dishes: DishPage) -> dict[str, BeautifulSoup]:
    """The screens that are read before anything is ordered."""
    addresses = {"place": guest.place.href, "category": category.href}
    addresses |= {f"dish {number}": dish.href for number, dish in enumerate(dishes)}
    return {name: parsed(guest.client.get(address)) for name, address in addresses.items()}


def wear(guest: Guest, theme: str, **settings: object) -> None:
    """Put the theme up at the guest's place, with settings of its own."""
    chosen = {theme: settings} if settings else {}
    PlaceRecord.objects.filter(place=guest.place).update(theme=theme, theme_settings=chosen)


def flaws(pages: dict[str, BeautifulSoup]) -> list[str]:
    """What is wrong on the screens; empty when all is well."""
    return [f"{name}: {flaw}" for name, page in pages.items() for flaw in _flaws(page)]


def _flaws(page: BeautifulSoup) -> Iterator[str]:
    yield from _empty_elements(page)
    yield from _empty_attributes(page)
    yield from _orphans(page)
    yield from _headings(page)
    for image in page("img"):
        if "alt" not in image.attrs:
            yield f"a picture without alt: {image}"
    for money in page(class_="money"):
        if " " in money.get_text().strip():
            yield f"a price that may break: {money}"
    for name, count in Counter(str(tag["id"]) for tag in page(id=True)).items():
        if count > 1:
            yield f"{count} elements of id {name}"


def _empty_elements(page: BeautifulSoup) -> Iterator[str]:
    for tag in page(WORDS):
        if not words(tag) and not tag.find(["img", "input", "textarea", "svg"]) and not tag.get("aria-label"):
            yield f"empty: {tag}"
    for tag in page(ACTIONS):
        pictured = any(image.get("alt") for image in tag("img"))
        if not words(tag) and not tag.get("aria-label") and not pictured:
            yield f"an action without a name: {tag}"
    for tag in page(LISTS):
        if not tag.find(["li", "dt"]):
            yield f"an empty list: {tag}"


def _empty_attributes(page: BeautifulSoup) -> Iterator[str]:
    for tag in page(True):
        for name, value in tag.attrs.items():
            text = " ".join(value) if isinstance(value, list) else str(value)
            if name in ADDRESSES and not text.strip() and not (name == "class" and tag.name == "body"):
                yield f"{name} is empty: {tag.name} {tag.attrs}"
            if NOTHING.search(text) and name != "data-quantities":
                yield f"{name} says nothing: {text}"


def _orphans(page: BeautifulSoup) -> Iterator[str]:
    for hidden in page(["script", "style"]):
        hidden.extract()
    if found := NOTHING.search(words(page)):
        yield f"a value that is not there: {found[0]}"
    for tag in page(WORDS):
        text = words(tag)
        # A bold word may introduce what follows it: “Allergens: …”.
        if tag.name not in ("b", "legend") and ORPHAN.search(text):
            yield f"a separator of nothing: {text!r} in {tag.name} {tag.get('class', '')}"


def _headings(page: BeautifulSoup) -> Iterator[str]:
    levels = [int(tag.get("aria-level") or tag.name[1]) for tag in page(re.compile("^h[1-6]$"))]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings begin with {levels[:3]}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"heading {after} after {before}"
            return
