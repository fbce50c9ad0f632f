"""The best-selling dishes, by pieces, then by revenue, then by title.

A dish is its page, else its exact title. A title that exactly one dish on the menu has is that dish: a history
brought before the menu was written, or a dish deleted and made again, is not counted as two.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nsmallest
from typing import Any

from django.db import connection

from analytics.dialect import cents, listed
from analytics.periods import PERIODS, age_sql, first_days, for_each_age

MOST = 10

# By age first: the many rows are added up once, the few that are left once for each period.
SOLD = """
    SELECT aged.place_id, page.id, COALESCE(page.title, aged.title), {quantities}, {revenues}
    FROM (
        SELECT place_id, dish_id, title, {age} AS age, SUM(quantity) AS quantity, SUM({revenue}) AS revenue
        FROM analytics_dishsales
        WHERE place_id IN {places} AND day < %s
        GROUP BY place_id, dish_id, title, age
    ) AS aged
        LEFT JOIN wagtailcore_page page ON page.id = aged.dish_id
    GROUP BY aged.place_id, page.id, COALESCE(page.title, aged.title)
"""
# The pages inside a page have paths that begin with its own; "~" comes after every character of a path.
ON_MENU = """
    SELECT place.id, page.title, MIN(page.id)
    FROM wagtailcore_page place
        JOIN wagtailcore_page page ON page.path > place.path AND page.path < place.path || '~'
        JOIN menu_pages_dishpage dish ON dish.page_ptr_id = page.id
    WHERE place.id IN {places} AND page.live
    GROUP BY place.id, page.title
    HAVING COUNT(*) = 1
"""


@dataclass(slots=True)
class Dish:
    """What a dish brought in each of PERIODS: pieces, and money in hundredths."""

    title: str
    quantity: list[int] = field(default_factory=lambda: [0] * len(PERIODS))
    revenue: list[int] = field(default_factory=lambda: [0] * len(PERIODS))

    def add(self, quantity: Iterable[int], revenue: Iterable[int]) -> None:
        self.quantity = [had + more for had, more in zip(self.quantity, quantity, strict=True)]
        self.revenue = [had + more for had, more in zip(self.revenue, revenue, strict=True)]


def dishes_of_places(places: Sequence[int], morning: datetime.date) -> dict[int, list[Dish]]:
    """All dishes each place has sold before the morning. Two queries."""
    sold: dict[int, dict[int | str, Dish]] = {place_id: {} for place_id in places}
    with connection.cursor() as cursor:
        cursor.execute(ON_MENU.format(places=listed(places)), places)
        on_menu = {(place_id, title): page_id for place_id, title, page_id in cursor.fetchall()}
        cursor.execute(_sold(places), [*first_days(morning), *places, morning])
        for place_id, page_id, title, *figures in cursor.fetchall():
            identity = page_id or on_menu.get((place_id, title)) or title
            dish = sold[place_id].setdefault(identity, Dish(title))
            dish.add(map(int, figures[: len(PERIODS)]), map(int, figures[len(PERIODS) :]))
    return {place_id: list(dishes.values()) for place_id, dishes in sold.items()}


def together(menus: Iterable[Iterable[Dish]]) -> list[Dish]:
    """Dishes of several places as one menu: there the title is all they share."""
    sold: dict[str, Dish] = {}
    for dishes in menus:
        for dish in dishes:
            sold.setdefault(dish.title, Dish(dish.title)).add(dish.quantity, dish.revenue)
    return list(sold.values())


def best(dishes: Sequence[Dish], age: int) -> list[Mapping[str, Any]]:
    """The ten that sold best in the period, as the figures show them."""
    sold = (dish for dish in dishes if dish.quantity[age])
    ranked = nsmallest(MOST, sold, key=lambda dish: (-dish.quantity[age], -dish.revenue[age], dish.title))
    return [
        {"title": dish.title, "quantity": dish.quantity[age], "revenue": f"{Decimal(dish.revenue[age]) / 100:.2f}"}
        for dish in ranked
    ]


def _sold(places: Sequence[int]) -> str:
    def sums(column: str) -> str:
        return for_each_age(lambda age: f"COALESCE(SUM({column}) FILTER (WHERE age <= {age}), 0)")

    return SOLD.format(
        quantities=sums("quantity"),
        revenues=sums("revenue"),
        age=age_sql("day"),
        revenue=cents("revenue"),
        places=listed(places),
    )
