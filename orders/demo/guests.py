"""What the demo's guests did beside ordering in the last weeks: looked around, gave up, searched in vain, rated."""

import datetime
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal

from menu_pages.models import DishPage, PlacePage
from orders.guest_state import line_key
from orders.models import (
    BasketLine,
    EndReason,
    EventKind,
    GuestEvent,
    Order,
    OrderStatus,
    OrderStatusChange,
    OutboxEvent,
    OutboxKind,
    Rating,
    Visit,
)

# So many last days have guests; the year before has its orders alone.
DAYS = 60
LOOKERS = 0.45  # visits without an order, for each with one
GIVEN_UP = 0.4  # of these, baskets filled and not sent
RATED = 0.22
SCORES = {5: 58, 4: 26, 3: 9, 2: 4, 1: 3}
WORDS = {
    5: ("Очень вкусно, спасибо", "", "", "Вернёмся"),
    4: ("Хорошо, но долго ждали счёт", "", ""),
    3: ("Чай остыл", ""),
    2: ("Долго несли горячее",),
    1: ("Забыли про наш стол",),
}
SEARCHED = {
    "ru": ("раф", "без глютена", "безлактозное", "сырники", "матча", "лимонад", "суши"),
    "en": ("gluten free", "oat milk", "burger", "vegan", "lemonade", "sushi"),
}
# Dishes that run out now and then.
SCARCE = 4
MINUTE = datetime.timedelta(minutes=1)
SECOND = datetime.timedelta(seconds=1)


class Guests:
    """Collects rows day by day and writes them at once: a handful of queries for all of it."""

    def __init__(self, place: PlacePage, dishes: Sequence[DishPage]) -> None:
        self.place = place
        self.source = random.Random(f"{place.slug}, guests")  # noqa: S311  (the same demo everywhere, not a secret)
        self.dishes = dishes
        self.scarce = self.source.sample(list(dishes), k=min(SCARCE, len(dishes)))
        self.searched = SEARCHED["ru" if place.record.language == "ru" else "en"]
        self.visits: list[Visit] = []
        self.events: list[GuestEvent] = []
        self.lines: list[BasketLine] = []
        self.changes: list[OrderStatusChange] = []
        self.announced: list[OutboxEvent] = []
        self.ratings: list[Rating] = []

    def add_day(self, orders: Iterable[Order], lines: Iterable[BasketLine]) -> None:
        """What surrounds the orders of a day, which are written already."""
        chosen: dict[int, list[BasketLine]] = {}
        for line in lines:
            chosen.setdefault(line.order_id or 0, []).append(line)
        for order in orders:
            self._around(order, [line.dish_id for line in chosen.get(order.pk, ())])
            if self.source.random() < LOOKERS:
                self._looker(order)

    def write(self) -> None:
        Visit.objects.bulk_create(self.visits)
        for rows in (self.events, self.lines, self.changes, self.announced, self.ratings):
            if rows:
                type(rows[0]).objects.bulk_create(rows, batch_size=2000)

    def _around(self, order: Order, dish_ids: Sequence[int | None]) -> None:
        """The visit behind an order, the way of the order, and now and then what its guest thought."""
        assert order.visit is not None  # noqa: S101  (the demo's orders are all guests')
        kinds: list[tuple[EventKind, int | None]] = [(EventKind.CATEGORY_OPENED, None)] * self.source.randint(0, 2)
        for dish_id in dish_ids:
            if self.source.random() < 0.6:
                kinds.append((EventKind.DISH_OPENED, dish_id))
            kinds.append((EventKind.DISH_ADDED, dish_id))
        self._log(order.visit, [*kinds, *self._missed()])
        moment = order.sent_at
        # What has a way of its own was announced: the daily reconciliation looks for it.
        self.announced.append(
            OutboxEvent(place=self.place, kind=OutboxKind.ORDER_SENT, order=order, at=moment, relayed_at=moment)
        )
        for status, minutes in (
            (OrderStatus.ACCEPTED, self.source.uniform(0.2, 1.5)),
            (OrderStatus.READY, self.source.uniform(6, 16)),
            (OrderStatus.SERVED, self.source.uniform(1, 5)),
        ):
            moment += minutes * MINUTE
            self.changes.append(OrderStatusChange(place=self.place, order=order, after=status, at=moment))
        if self.source.random() < RATED:
            score = self.source.choices(list(SCORES), list(SCORES.values()))[0]
            self.ratings.append(
                Rating(
                    place=self.place,
                    visit=order.visit,
                    table=order.table,
                    score=score,
                    text=self.source.choice(WORDS[score]) if self.place.record.language == "ru" else "",
                    at=moment + 25 * MINUTE,
                )
            )

    def _looker(self, near: Order) -> None:
        """Somebody at the same table who did not order from the phone."""
        began = near.sent_at + self.source.randint(-8, 8) * MINUTE
        visit = Visit(
            place=self.place,
            table=near.table,
            seating=near.seating,
            started_at=began,
            seated_at=began,
            ended_at=began + 60 * MINUTE,
            end_reason=EndReason.TABLE_CLOSED,
        )
        self.visits.append(visit)
        looked = self.source.sample(list(self.dishes), k=min(self.source.choice([0, 0, 1, 2, 3]), len(self.dishes)))
        kinds: list[tuple[EventKind, int | None]] = [(EventKind.CATEGORY_OPENED, None)] * self.source.choice([0, 1, 2])
        kinds += [(EventKind.DISH_OPENED, dish.pk) for dish in looked]
        left = looked[:2] if self.source.random() < GIVEN_UP else []
        kinds += [(EventKind.DISH_ADDED, dish.pk) for dish in left]
        self._log(visit, [*kinds, *self._missed()])
        for position, dish in enumerate(left):
            self.lines.append(
                BasketLine(
                    place=self.place,
                    visit=visit,
                    key=line_key(dish.pk, [], ""),
                    position=position,
                    dish=dish,
                    title=dish.title,
                    quantity=self.source.choice([1, 1, 2]),
                    unit_price=dish.price,
                    options_price=Decimal(0),
                )
            )

    def _missed(self) -> list[tuple[EventKind, int | None]]:
        found: list[tuple[EventKind, int | None]] = []
        if self.scarce and self.source.random() < 0.07:
            found.append((EventKind.SOLD_OUT_OPENED, self.source.choice(self.scarce).pk))
        if self.source.random() < 0.06:
            found.append((EventKind.NOTHING_FOUND, None))
        return found

    def _log(self, visit: Visit, kinds: Sequence[tuple[EventKind, int | None]]) -> None:
        moment = visit.started_at
        own = [(EventKind.PAGE_OPENED, None), *kinds]
        for number, (kind, dish_id) in enumerate(own, start=1):
            data = {"words": self.source.choice(self.searched)} if kind is EventKind.NOTHING_FOUND else {}
            self.events.append(
                GuestEvent(
                    place=self.place, visit=visit, number=number, kind=kind, at=moment, dish_id=dish_id, data=data
                )
            )
            moment += self.source.randint(5, 40) * SECOND
