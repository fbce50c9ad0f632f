"""A till's orders beside the place: which are there already, which dishes of theirs are on the menu."""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max
from django.utils.translation import gettext as _

from menu_pages.menu_files.problems import Findings
from menu_pages.models import DishPage, PlacePage
from orders.history.checking import TillHistory, TillOrder
from orders.models import Order

READ_AT_ONCE = 5000

Titled = tuple[str, str]
"""A dish's title and category as the till writes them."""


@dataclass(slots=True)
class PlannedOrder:
    """An order to write, with its number of the day."""

    order: TillOrder
    key: str
    payload: str
    business_day: datetime.date
    number: int


@dataclass(slots=True)
class Plan:
    # In the order of time.
    missing: list[PlannedOrder]
    there: int
    dishes: dict[Titled, int] = field(default_factory=dict)


def key_of(till_id: str) -> str:
    """What makes the till's order one order here. No guest's key holds a colon."""
    return f"till:{hashlib.sha256(till_id.encode()).hexdigest()[:48]}"


def payload_of(order: TillOrder) -> str:
    """What two orders have in common that are the same one: when, where, what for how much, in any order."""
    lines = sorted(f"{line.title}\t{line.quantity}\t{line.unit_price}" for line in order.lines)
    return hashlib.sha256("\n".join([order.sent_at.isoformat(), order.table, *lines]).encode()).hexdigest()


def make_plan(place: PlacePage, history: TillHistory, findings: Findings, *, import_id: int | None = None) -> Plan:
    """What is to be written; an order that is there with other contents goes to `findings`.

    Numbers follow the time within a business day, behind those of other imports. What `import_id` has written already
    keeps its numbers. Three queries, and one for each 5,000 imported orders.
    """
    orders = {key_of(till_id): order for till_id, order in history.orders.items()}
    there, own = _there(place, orders, findings, import_id)
    record = place.record
    ordered = sorted(orders.items(), key=lambda item: (item[1].sent_at, item[1].row))
    days = [record.business_day(order.sent_at) for _key, order in ordered]
    numbers = Counter(_last_numbers(place, days, import_id))
    missing: list[PlannedOrder] = []
    for (key, order), day in zip(ordered, days, strict=True):
        if key in there and key not in own:
            continue
        numbers[day] += 1
        if key not in there:
            missing.append(PlannedOrder(order, key, payload_of(order), day, numbers[day]))
    return Plan(missing, len(there), dishes_of(place, history))


def _there(
    place: PlacePage, orders: dict[str, TillOrder], findings: Findings, import_id: int | None
) -> tuple[set[str], set[str]]:
    """Keys of those that are there, and of these the keys of what this import itself has brought."""
    there: set[str] = set()
    own: set[str] = set()
    rows = Order.objects.filter(place=place, history_import__isnull=False).order_by()
    for key, payload, from_id in rows.values_list("idempotency_key", "payload_sha256", "history_import_id").iterator(
        READ_AT_ONCE
    ):
        order = orders.get(key)
        if order is None:
            continue
        there.add(key)
        if from_id == import_id:
            own.add(key)
        if payload != payload_of(order):
            findings.add(order.row, "order_id", _differs(order))
    return there, own


def _differs(order: TillOrder) -> str:
    return _(
        "The order “%(order)s” is there already with another time, table or dishes. Take the earlier import back "
        "first; if it is another order, its number must differ."
    ) % {"order": order.till_id}


def _last_numbers(place: PlacePage, days: Iterable[datetime.date], import_id: int | None) -> dict[datetime.date, int]:
    """The highest number that other imports have given, by day."""
    days = list(days)
    if not days:
        return {}
    others = Order.objects.filter(
        place=place, history_import__isnull=False, business_day__range=(min(days), max(days))
    ).exclude(history_import_id=import_id)
    return dict(others.order_by().values_list("business_day").annotate(last=Max("number")))


def dishes_of(place: PlacePage, history: TillHistory) -> dict[Titled, int]:
    """The pages of the dishes that are on the menu under exactly this title. Two queries.

    Of several with one title the one in the till's category is meant, else the only one that guests can see now.
    """
    titled = {(line.title, line.category) for order in history.orders.values() for line in order.lines}
    pages = _pages(place)
    found = {}
    for title, category in titled:
        same = pages.get(title, [])
        same = [page for page in same if page.category == category] or same
        same = [page for page in same if page.live] or same
        if len(same) == 1:
            found[title, category] = same[0].pk
    return found


@dataclass(frozen=True, slots=True)
class _Page:
    pk: int
    live: bool
    category: str


def _pages(place: PlacePage) -> dict[str, list[_Page]]:
    """The dishes that guests could ever see, by title."""
    step = DishPage.steplen
    # Titles of all categories, by path: a dish's category is the page above it.
    categories = dict(place.get_descendants().not_exact_type(DishPage).values_list("path", "title"))
    rows = DishPage.objects.descendant_of(place).exclude(live=False, first_published_at=None).order_by("path")
    pages: dict[str, list[_Page]] = {}
    for pk, title, path, live in rows.values_list("pk", "title", "path", "live"):
        pages.setdefault(title, []).append(_Page(pk, live, categories.get(path[:-step], "")))
    return pages
