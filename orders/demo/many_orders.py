"""Many closed orders of a place, made fast and the same each time: for measuring, never for guests."""

import datetime
import random
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from menu_pages.models import DishPage, PlacePage
from orders.demo.history import HOURS, LINES, WEEKDAYS
from orders.identifiers import public_id
from orders.models import BasketLine, Order, OrderImport, OrderImportStatus, OrderStatus

DAYS = 365
FILE = "load.csv"
PIECE = 2000


def make_orders(place: PlacePage, count: int) -> int:
    """So many orders of the last year, as if an old till had given them; returns how many were made: none when the
    place has such orders already."""
    if OrderImport.objects.filter(place=place, file_name=FILE).exists():
        return 0
    source = random.Random(place.slug)  # noqa: S311  (the same load everywhere, not a secret)
    dishes = list(DishPage.objects.live().descendant_of(place).order_by("path").values_list("pk", "title", "price"))
    zone = place.record.zone
    today = place.record.business_day(timezone.now())
    days = [today - datetime.timedelta(days=back) for back in range(1, DAYS + 1)]
    chosen = source.choices(days, [WEEKDAYS[day.isoweekday()] for day in days], k=count)
    made_by = OrderImport.objects.create(
        place=place, file_name=FILE, status=OrderImportStatus.DONE, done=count, total=count
    )
    numbers: dict[datetime.date, int] = {}
    for start in range(0, count, PIECE):
        orders, lines = [], []
        for day in chosen[start : start + PIECE]:
            numbers[day] = numbers.get(day, 0) + 1
            hour = source.choices(list(HOURS), list(HOURS.values()))[0]
            sent = datetime.datetime.combine(day, datetime.time(hour, source.randrange(60)), zone)
            order = Order(
                place=place,
                history_import=made_by,
                business_day=day,
                number=numbers[day],
                status=OrderStatus.CLOSED,
                currency=place.record.currency,
                table_label=str(source.randint(1, 10)),
                sent_at=sent,
                shown_at=sent,
                acknowledged_at=sent,
                idempotency_key=public_id(),
            )
            own = _lines(order, dishes, source)
            order.purchases, order.items = len(own), sum(line.quantity for line in own)
            order.total = sum((line.line_total for line in own), Decimal(0))
            orders.append(order)
            lines += own
        with transaction.atomic():
            Order.objects.bulk_create(orders)
            BasketLine.objects.bulk_create(lines)
    return count


def _lines(order: Order, dishes: list[tuple[int, str, Decimal]], source: random.Random) -> list[BasketLine]:
    wanted = min(source.choices(list(LINES), list(LINES.values()))[0] + 1, len(dishes))
    return [
        BasketLine(
            place_id=order.place_id,
            order=order,
            key=f"{position}",
            position=position,
            dish_id=pk,
            title=title,
            quantity=source.choices([1, 2, 3], [82, 15, 3])[0],
            unit_price=price,
        )
        for position, (pk, title, price) in enumerate(source.sample(dishes, k=wanted))
    ]
