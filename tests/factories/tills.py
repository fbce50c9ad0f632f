"""Files of orders as old tills write them."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from menu_pages import turns
from menu_pages.models import PlacePage
from orders.history import imports
from orders.models import OrderImport

Row = Mapping[str, Any]


def till_row(order_id: str = "1", dish: str = "Borshch", **cells: Any) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "datetime": "2024-03-05 13:10:00",
        "table": "7",
        "dish": dish,
        "quantity": "1",
        "unit_price": "390.00",
        **cells,
    }


def till_file(rows: Iterable[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Columns are those of all rows together."""
    found = list(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in found for name in row)), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue().encode(encoding)


def many_orders(count: int, *, lines: int = 2, since: int = 1) -> bytes:
    """`count` orders of `lines` different dishes each, a few a day over years."""
    rows = (
        till_row(
            str(number),
            f"Dish {(number + line) % 40}",
            datetime=f"{2015 + number % 9}-{number % 12 + 1:02}-{number % 28 + 1:02} {11 + number % 11}:05",
            table=str(number % 15 + 1),
            quantity=str(line % 3 + 1),
            unit_price=f"{100 + line * 10}.50",
        )
        for number in range(since, since + count)
        for line in range(lines)
    )
    return till_file(rows)


def prepared(place: PlacePage, content: bytes, *, name: str = "till.csv", by: User | None = None) -> OrderImport:
    """The import of the file, checked and not started; raises `FileRefused`."""
    return imports.prepare_import(place=place, name=name, content=content, by=by)


def import_orders(place: PlacePage, content: bytes, *, name: str = "till.csv", by: User | None = None) -> OrderImport:
    """Import the whole file at once, as the command does; raises `FileRefused`."""
    found = prepared(place, content, name=name, by=by)
    turns.claim(found)
    assert imports.run_import(found.pk)
    return OrderImport.objects.get(pk=found.pk)
