"""The figures counted a second time, in plain Python from the orders themselves: slow, obvious, and of one mind with
nobody."""

import datetime
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from menu_pages.models import DishPage, PlacePage
from orders.models import BasketLine, Order

LENGTHS = {"all": None, "7": 7, "30": 30, "90": 90, "365": 365}
CENT = Decimal("0.01")


def recount(place: PlacePage, morning: datetime.date) -> dict[str, Any]:
    """The figures of a place as they should be on the morning."""
    orders = [order for order in Order.objects.filter(place=place) if order.status != "cancelled"]
    return {
        name: _period(
            within(orders, morning, length), "by_table", lambda order: order.table_label, best_of_place(place)
        )
        for name, length in LENGTHS.items()
    }


def recount_together(places: Iterable[PlacePage], morning: datetime.date) -> dict[str, Any]:
    """The figures of several places as one."""
    slugs = {place.pk: place.slug for place in places}
    orders = [order for order in Order.objects.filter(place__in=slugs) if order.status != "cancelled"]
    shown = {identity: title for place in places for identity, title in titles(place).items()}

    def best(lines: Iterable[BasketLine]) -> list[dict[str, Any]]:
        return ranked(lines, lambda line: shown[line.pk][1], lambda line: shown[line.pk][1])

    return {
        name: _period(within(orders, morning, length), "by_place", lambda order: slugs[order.place_id], best)
        for name, length in LENGTHS.items()
    }


def within(orders: Iterable[Order], morning: datetime.date, length: int | None) -> list[Order]:
    yesterday = morning - datetime.timedelta(days=1)
    return [
        order
        for order in orders
        if order.business_day <= yesterday and (length is None or (yesterday - order.business_day).days < length)
    ]


def median_check(orders: Iterable[Order]) -> str | None:
    totals = [order.total for order in orders]
    return str(Decimal(statistics.median(totals)).quantize(CENT, ROUND_HALF_UP)) if totals else None


def median_dishes(orders: Iterable[Order]) -> float | None:
    pieces = [order.items for order in orders]
    return statistics.median(pieces) if pieces else None


def grouped(orders: Iterable[Order], key: Callable[[Order], str]) -> dict[str, list[Order]]:
    groups = defaultdict(list)
    for order in orders:
        groups[key(order)].append(order)
    groups.pop("", None)
    return dict(groups)


def _period(
    orders: list[Order], kept_by: str, part: Callable[[Order], str], best: Callable[[Iterable[BasketLine]], Any]
) -> dict[str, Any]:
    weekdays = grouped(orders, lambda order: str(order.business_day.isoweekday()))
    parts = grouped(orders, part)

    def three(measure: Callable[[Iterable[Order]], Any]) -> dict[str, Any]:
        return {
            "overall": measure(orders),
            "by_weekday": {key: measure(group) for key, group in weekdays.items()},
            kept_by: {key: measure(group) for key, group in parts.items()},
        }

    lines = BasketLine.objects.filter(order__in=[order.pk for order in orders])
    return {
        "orders": len(orders),
        "revenue": str(sum((order.total for order in orders), Decimal(0)).quantize(CENT)),
        "median_check": three(median_check),
        "median_dishes": three(median_dishes),
        "checks": three(len),
        "top_dishes": best(lines),
    }


def titles(place: PlacePage) -> dict[int, tuple[Any, str]]:
    """Of each line of the place: which dish it is, and what that is called now."""
    pages = {page.pk: page for page in DishPage.objects.descendant_of(place)}
    on_menu = defaultdict(list)
    for page in pages.values():
        if page.live:
            on_menu[page.title].append(page)
    found = {}
    for line in BasketLine.objects.filter(place=place):
        page = pages.get(line.dish_id)
        if page is None and len(on_menu[line.title]) == 1:
            (page,) = on_menu[line.title]
        found[line.pk] = (page.pk, page.title) if page else (line.title, line.title)
    return found


def best_of_place(place: PlacePage) -> Callable[[Iterable[BasketLine]], list[dict[str, Any]]]:
    known = titles(place)
    return lambda lines: ranked(lines, lambda line: known[line.pk][0], lambda line: known[line.pk][1])


def ranked(
    lines: Iterable[BasketLine], identity: Callable[[BasketLine], Any], title: Callable[[BasketLine], str]
) -> list[dict[str, Any]]:
    dishes: dict[Any, dict[str, Any]] = {}
    for line in lines:
        dish = dishes.setdefault(identity(line), {"title": title(line), "quantity": 0, "revenue": Decimal(0)})
        dish["quantity"] += line.quantity
        dish["revenue"] += line.quantity * (line.unit_price + line.options_price)
    best = sorted(dishes.values(), key=lambda dish: (-dish["quantity"], -dish["revenue"], dish["title"]))[:10]
    return [{**dish, "revenue": str(dish["revenue"].quantize(CENT, ROUND_HALF_UP))} for dish in best]
