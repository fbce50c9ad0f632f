"""What a file of orders holds, in figures for the dry run, and what its reader should know."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from menu_pages.models import PlacePage
from orders.history.checking import Named, TillHistory, TillOrder
from orders.history.comparing import Plan, Titled
from orders.history.encodings import WINDOWS_1251

MOST_TABLES = 30
MOST_DISHES = 20
LONGEST_SHOWN = 120


def summary_of(place: PlacePage, history: TillHistory, plan: Plan) -> dict[str, Any]:
    """Figures of the whole file, ready to be stored as JSON; money as strings, moments by the place's clock."""
    orders = list(history.orders.values())
    zone = place.record.zone
    tables = sorted({order.table for order in orders if order.table}, key=_table_order)
    return {
        "first": min(order.sent_at for order in orders).astimezone(zone).isoformat(),
        "last": max(order.sent_at for order in orders).astimezone(zone).isoformat(),
        "orders": len(orders),
        "lines": history.rows,
        "items": sum(order.items for order in orders),
        "revenue": str(sum((order.total for order in orders), Decimal(0))),
        "currency": place.record.currency,
        "there": plan.there,
        "missing": len(plan.missing),
        "years": _years(place, orders),
        "tables": {"count": len(tables), "names": tables[:MOST_TABLES]},
        "dishes": _dishes(orders, plan.dishes),
        "notices": _notices(history),
    }


def _table_order(table: str) -> tuple[bool, int, str]:
    """Tables by their numbers, then those with names."""
    is_number = table.isascii() and table.isdecimal()
    return not is_number, int(table) if is_number else 0, table


def _years(place: PlacePage, orders: list[TillOrder]) -> list[dict[str, Any]]:
    record = place.record
    counts: dict[int, int] = defaultdict(int)
    money: dict[int, Decimal] = defaultdict(Decimal)
    for order in orders:
        year = record.business_day(order.sent_at).year
        counts[year] += 1
        money[year] += order.total
    return [{"year": year, "orders": counts[year], "revenue": str(money[year])} for year in sorted(counts)]


def _dishes(orders: list[TillOrder], pages: dict[Titled, int]) -> dict[str, Any]:
    """Dishes by their titles: those on the menu are its pages, the others stay by name. The best-selling are named."""
    quantities: dict[str, int] = defaultdict(int)
    linked: set[str] = set()
    for order in orders:
        for line in order.lines:
            quantities[line.title] += line.quantity
            if (line.title, line.category) in pages:
                linked.add(line.title)
    others = sorted(
        (title for title in quantities if title not in linked), key=lambda title: (-quantities[title], title)
    )
    return {
        "on_menu": len(linked),
        "by_name": len(others),
        "names": [{"title": _short(title), "quantity": quantities[title]} for title in others[:MOST_DISHES]],
    }


def _notices(history: TillHistory) -> list[str]:
    notices = []
    if history.encoding == WINDOWS_1251:
        notices.append(_("The file is in Windows-1251 and was read so. Look whether the names below are right."))
    if history.bare_dates:
        notices.append(_("Some rows have a date without a time: days and weekdays will be right, hours will not."))
    if history.far_apart.count:
        words = ngettext(
            "The rows of %(count)d number are more than a day apart (%(names)s). Rows of one number make one order: "
            "if the till began counting anew, put the date before the number.",
            "The rows of %(count)d numbers are more than a day apart (%(names)s). Rows of one number make one order: "
            "if the till began counting anew, put the date before the number.",
            history.far_apart.count,
        )
        notices.append(words % _named(history.far_apart))
    if history.contradicting.count:
        words = ngettext(
            "The rows of %(count)d order name different tables, guests, waiters or payments (%(names)s). The first of "
            "each counts.",
            "The rows of %(count)d orders name different tables, guests, waiters or payments (%(names)s). The first of "
            "each counts.",
            history.contradicting.count,
        )
        notices.append(words % _named(history.contradicting))
    return notices


def _named(found: Named) -> dict[str, Any]:
    more = ["…"] if found.count > len(found.first) else []
    return {"count": found.count, "names": ", ".join([*found.first, *more])}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
