"""A year of orders for a demo place: made up from a fixed seed, with the rhythm of a real pizzeria.

The hour and weekday weights are those of the public "pizzaplace" data set (a year of a pizzeria's orders): lunch and
dinner peaks, a strong Friday, a quiet Sunday.
"""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from menu_pages.models import DishPage, PlacePage, Table
from menu_pages.money import rounded
from menu_pages.option_groups import Option, OptionGroup, read_groups
from orders.demo import guests
from orders.guest_state import line_key
from orders.identifiers import public_id
from orders.models import BasketLine, DeskState, EndReason, Order, OrderStatus, Seating, Visit

DAYS = 365
ORDERS_A_DAY = 22
HOURS = {11: 6, 12: 12, 13: 12, 14: 7, 15: 7, 16: 9, 17: 12, 18: 12, 19: 10, 20: 8, 21: 4, 22: 1}
WEEKDAYS = {1: 0.96, 2: 0.97, 3: 0.98, 4: 1.06, 5: 1.16, 6: 1.03, 7: 0.84}
LINES = {1: 24, 2: 32, 3: 23, 4: 13, 5: 6, 6: 2}
# Prices were lower a year ago, as they are.
DEARER_A_YEAR = Decimal("0.07")


@dataclass(slots=True)
class _Pick:
    dish: DishPage
    groups: tuple[OptionGroup, ...]
    weight: float


def make_history(place: PlacePage) -> int:
    """A year of closed orders up to yesterday; returns their number, 0 when the place has orders already."""
    if Order.objects.filter(place=place).exists():
        return 0
    source = random.Random(place.slug)  # noqa: S311  (the same demo everywhere, not a secret)
    tables = list(Table.objects.in_use().filter(place=place))
    picks = [
        _Pick(dish, read_groups(dish.option_groups.raw_data), source.paretovariate(1.3))
        for dish in DishPage.objects.live().descendant_of(place).order_by("path")
    ]
    today = place.record.business_day(timezone.now())
    around = guests.Guests(place, [pick.dish for pick in picks])
    with transaction.atomic():
        made = 0
        for back in range(DAYS, 0, -1):
            orders, lines = _make_day(place, tables, picks, today - datetime.timedelta(days=back), back, source)
            made += len(orders)
            if back <= guests.DAYS:
                around.add_day(orders, lines)
        around.write()
        DeskState.objects.get_or_create(place=place)
    return made


def _make_day(
    place: PlacePage, tables: list[Table], picks: list[_Pick], day: datetime.date, back: int, source: random.Random
) -> tuple[list[Order], list[BasketLine]]:
    seatings: list[Seating] = []
    visits: list[Visit] = []
    orders: list[Order] = []
    lines: list[BasketLine] = []
    count = round(ORDERS_A_DAY * WEEKDAYS[day.isoweekday()] * source.uniform(0.75, 1.25))
    moments = sorted(_moments(place, day, count, source))
    cheaper = 1 - DEARER_A_YEAR * back / DAYS
    for number, moment in enumerate(moments, start=1):
        left = moment + datetime.timedelta(minutes=source.randint(35, 110))
        table = source.choice(tables)
        seating = Seating(place=place, table=table, opened_at=moment, closed_at=left)
        visit = Visit(
            place=place,
            table=table,
            seating=seating,
            started_at=moment,
            seated_at=moment,
            ended_at=left,
            end_reason=EndReason.TABLE_CLOSED,
        )
        sent = moment + datetime.timedelta(minutes=source.randint(4, 15))
        order = Order(
            place=place,
            table=table,
            table_label=str(table.number),
            seating=seating,
            visit=visit,
            business_day=day,
            number=number,
            status=OrderStatus.CLOSED,
            currency=place.record.currency,
            sent_at=sent,
            shown_at=sent,
            acknowledged_at=sent + datetime.timedelta(seconds=source.randint(8, 75)),
            idempotency_key=public_id(),
        )
        own = list(_lines(order, picks, cheaper, source))
        order.purchases = len(own)
        order.items = sum(line.quantity for line in own)
        order.total = sum(line.line_total for line in own)
        seatings.append(seating)
        visits.append(visit)
        orders.append(order)
        lines += own
    for rows in (seatings, visits, orders, lines):
        type(rows[0]).objects.bulk_create(rows)
    return orders, lines


def _moments(place: PlacePage, day: datetime.date, count: int, source: random.Random) -> Iterator[datetime.datetime]:
    for hour in source.choices(list(HOURS), list(HOURS.values()), k=count):
        local = datetime.time(hour, source.randint(0, 59), source.randint(0, 59), tzinfo=place.record.zone)
        yield datetime.datetime.combine(day, local).astimezone(datetime.UTC)


def _lines(order: Order, picks: list[_Pick], cheaper: Decimal, source: random.Random) -> Iterator[BasketLine]:
    wanted = source.choices(list(LINES), list(LINES.values()))[0]
    weights = [pick.weight for pick in picks]
    chosen = {pick.dish.pk: pick for pick in source.choices(picks, weights, k=wanted)}
    for position, pick in enumerate(chosen.values()):
        options = _options(pick.groups, source)
        yield BasketLine(
            place_id=order.place_id,
            visit=order.visit,
            order=order,
            key=line_key(pick.dish.pk, [option.id for option in options], ""),
            position=position,
            dish_id=pick.dish.pk,
            title=pick.dish.title,
            options=[{"id": o.id, "title": o.title, "price": str(rounded(o.price))} for o in options],
            quantity=source.choices([1, 2, 3], [82, 15, 3])[0],
            unit_price=rounded(pick.dish.price * cheaper),
            options_price=sum((option.price for option in options), Decimal(0)),
        )


def _options(groups: tuple[OptionGroup, ...], source: random.Random) -> list[Option]:
    return [
        option
        for group in groups
        for option in source.sample(group.options, k=group.minimum or source.choice([0, 0, 1]))
    ]
