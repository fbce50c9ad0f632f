"""Many places with large menus, made fast and the same each time: for measuring, never for guests."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from accounts.models import User
from menu_pages.menu_versions import menu_changed
from menu_pages.models import CategoryPage, DishPage, PlacePage
from menu_pages.provisioning import create_organisation
from menu_pages.slugs import readable_slug
from menu_pages.tables import set_table_count

SLUG = "load-{:05}"
TABLES = 10
DISHES_A_CATEGORY = 8
CATEGORIES = ("Супы", "Салаты", "Горячее", "Гарниры", "Выпечка", "Десерты", "Чай", "Кофе", "Лимонады", "Завтраки")
DISHES = ("с грибами", "по-домашнему", "с зеленью", "на углях", "со сметаной", "из печи", "с мёдом", "дня")
COMPOSITION = "Простые продукты с рынка, соль, зелень и немного терпения. Порция на одного."
TIMES_ZONES = ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", "Europe/Kaliningrad")


def make_places(count: int, dishes: int) -> Iterator[PlacePage]:
    """The places `load-00000`… with so many dishes each; one that is there already stays as it is."""
    there = set(PlacePage.objects.filter(slug__startswith="load-").values_list("slug", flat=True))
    for number in range(count):
        slug = SLUG.format(number)
        if slug not in there:
            with transaction.atomic():
                _make_place(number, slug, dishes)
        yield PlacePage.objects.select_related("record").get(slug=slug)


def _make_place(number: int, slug: str, dishes: int) -> None:
    owner, created = User.objects.get_or_create(email=f"{slug}@example.com")
    if created:
        owner.set_unusable_password()
        owner.save(update_fields=("password",))
    place = create_organisation(
        name=f"Нагрузка {number}",
        owner=owner,
        place_title=f"Заведение {number}",
        place_slug=slug,
        time_zone=TIMES_ZONES[number % len(TIMES_ZONES)],
        currency="RUB",
        language="ru",
    )
    set_table_count(place=place, count=TABLES)
    add_menu(place, dishes)


def add_menu(place: PlacePage, dishes: int) -> None:
    """Put so many published dishes into an empty menu, in a few queries: no revisions, no log entries."""
    categories = -(-dishes // DISHES_A_CATEGORY)
    below = [_child(CategoryPage, place, index, _category_title(index)) for index in range(categories)]
    _insert(CategoryPage, below)
    rows = []
    for index in range(dishes):
        category, at = below[index // DISHES_A_CATEGORY], index % DISHES_A_CATEGORY
        dish = _child(DishPage, category, at, f"{category.title} {DISHES[at]}")
        dish.description, dish.price, dish.weight = COMPOSITION, Decimal(190 + 10 * (index % 60)), Decimal(250)
        dish.option_groups = json.dumps([])
        category.numchild += 1
        rows.append(dish)
    _insert(DishPage, rows)
    Page.objects.bulk_update([Page(pk=category.pk, numchild=category.numchild) for category in below], ["numchild"])
    Page.objects.filter(pk=place.pk).update(numchild=len(below))
    search = get_search_backend()
    search.get_index_for_model(DishPage).add_items(DishPage, rows)
    search.get_index_for_model(CategoryPage).add_items(CategoryPage, below)
    menu_changed(place.pk)


def _category_title(index: int) -> str:
    turn, at = divmod(index, len(CATEGORIES))
    return f"{CATEGORIES[at]} {turn + 1}" if turn else CATEGORIES[at]


def _child(kind: type[Any], parent: Any, index: int, title: str) -> Any:
    page = kind(title=title, slug=readable_slug(title, fallback=slugify(str(index))))
    page.draft_title, page.live, page.has_unpublished_changes = title, True, False
    page.depth, page.path, page.numchild = parent.depth + 1, kind._get_path(parent.path, parent.depth + 1, index + 1), 0
    page.url_path = f"{parent.url_path}{page.slug}/"
    page.locale_id, page.content_type = parent.locale_id, kind(title=title).cached_content_type
    return page


def _insert(kind: type[Any], pages: list[Any]) -> None:
    """Rows of a model that has its parent's in another table, which `bulk_create` does not do."""
    shared = [field.attname for field in Page._meta.concrete_fields if field.attname != "id"]
    bases = [Page(**{name: getattr(page, name) for name in shared}) for page in pages]
    for page, base in zip(pages, Page.objects.bulk_create(bases), strict=True):
        page.pk = page.page_ptr_id = base.pk
    kind._base_manager.all()._insert([copy.copy(page) for page in pages], fields=kind._meta.local_concrete_fields)
