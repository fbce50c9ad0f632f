"""What the page of a bulk change shows: its figures and its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from menu_pages.bulk.reasons import Why, words_of
from menu_pages.bulk.words import percent_words
from menu_pages.money import format_money

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Figures:
    """`before` and `after` are sums of the prices that change, `by` how much that is; `free` counts new zeros and
    `stuck` prices that rounding brought back to what they were."""

    changes: int
    stays: int
    before: str = ""
    after: str = ""
    by: str = ""
    free: int = 0
    stuck: int = 0


def figures_of(items: Rows, left: Rows, currency: str, *, priced: bool) -> Figures:
    if not priced:
        return Figures(len(items), len(left))
    before, after = (sum((Decimal(item[name]) for item in items), Decimal(0)) for name in ("before", "after"))
    share = (100 * (after - before) / before).quantize(Decimal("0.1"), ROUND_HALF_UP) if before else None
    return Figures(
        len(items),
        len(left),
        before=format_money(before, currency),
        after=format_money(after, currency),
        by="" if share is None else percent_words(share),
        free=sum(_becomes_free(item) for item in items),
        stuck=sum(found["why"] == Why.ROUNDED_SAME for found in left),
    )


def change_rows(items: Iterable[dict[str, Any]], currency: str, *, priced: bool) -> Rows:
    """Items as the table shows them."""
    return [
        {
            **item,
            **(
                {
                    "before": format_money(Decimal(item["before"]), currency),
                    "after": format_money(Decimal(item["after"]), currency),
                    "same": item["before"] == item["after"],
                    "free": _becomes_free(item),
                    "options": [
                        {
                            "title": title,
                            "before": format_money(Decimal(before), currency),
                            "after": format_money(Decimal(after), currency),
                        }
                        for _key, title, before, after in item["options"]
                    ],
                }
                if priced
                else {}
            ),
        }
        for item in items
    ]


def left_rows(found: Iterable[dict[str, Any]], currency: str, *, priced: bool) -> Rows:
    """Dishes left as they are, with their price where the change was one of prices, and why."""
    return [
        {
            "title": row["title"],
            "price": format_money(Decimal(row["before"]), currency) if priced and row.get("before") else "",
            "why": words_of(row, currency),
        }
        for row in found
    ]


def _becomes_free(item: dict[str, Any]) -> bool:
    return Decimal(item["after"]) == 0 and Decimal(item["before"]) != 0
