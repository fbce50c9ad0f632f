"""Places with their menus, made as the product makes them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image

from accounts.models import User
from menu_pages.models import CategoryPage, DishPage, MenuImage, PlacePage, Table
from menu_pages.provisioning import create_organisation
from menu_pages.tables import set_table_count

TABLES = 12


def make_place(owner: User, title: str, *, tables: int = TABLES, **record: Any) -> PlacePage:
    """An organisation of `owner` with one published place and its tables; the menu is empty."""
    settings = {"currency": "RUB", "time_zone": "Europe/Moscow", "language": "ru", **record}
    place = create_organisation(name=f"{title} Ltd", owner=owner, place_title=title, **settings)
    set_table_count(place=place, count=tables)
    return PlacePage.objects.select_related("record").get(pk=place.pk)


def make_category(parent: PlacePage | CategoryPage, title: str, **fields: Any) -> CategoryPage:
    parent.refresh_from_db()
    category = CategoryPage(title=title, **fields)
    parent.add_child(instance=category)
    return category


def make_dish(category: CategoryPage, title: str, price: str | None = "390.00", **fields: Any) -> DishPage:
    """A dish, published unless `live=False`; `options` are `option_group`s."""
    category.refresh_from_db()
    options = fields.pop("options", [])
    dish = DishPage(
        title=title,
        price=None if price is None else Decimal(price),
        option_groups=json.dumps(options),
        **fields,
    )
    category.add_child(instance=dish)
    return dish


def option_group(
    title: str, prices: Mapping[str, str], *, minimum: int = 0, maximum: int = 1, default: str = ""
) -> dict[str, Any]:
    """A group as the stream field keeps it; the option “Large” of “Size” has the id `size-large`."""
    options = [
        {
            "type": "item",
            "id": f"{title}-{name}".lower(),
            "value": {"title": name, "price": price, "default": name == default},
        }
        for name, price in prices.items()
    ]
    value = {"title": title, "minimum": minimum, "maximum": maximum, "options": options}
    return {"type": "group", "id": f"group-{title}".lower(), "value": value}


def table_of(place: PlacePage, number: int) -> Table:
    return Table.objects.get(place=place, number=number)


def make_picture(place: PlacePage, title: str = "Picture") -> MenuImage:
    """A small picture in the place's collection."""
    source = BytesIO()
    Image.new("RGB", (64, 48), "olive").save(source, "PNG")
    file = ImageFile(BytesIO(source.getvalue()), name=f"{title.lower()}.png")
    return MenuImage.objects.create(title=title, file=file, collection=place.record.collection)
