"""What a guest thought of the place and of the dishes they had: once a visit."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from menu_pages.models import PlacePage
from orders import event_log
from orders.guest_state import GuestState, finished_visit_of
from orders.models import BasketLine, DishRating, EventKind, GuestEvent, OrderStatus, OutboxKind, Rating, Visit
from orders.outbox.events import tell
from orders.sessions import SessionStore
from orders.visits import find_visit

# Dishes a guest is asked about.
MOST_DISHES = 30


class RatingRefusedError(Exception):
    """Nothing was written. `message` is for the guest, `status` the HTTP answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def rate(
    *, session: SessionStore, place: PlacePage, score: int, text: str = "", thumbs: Mapping[str, bool] | None = None
) -> Rating:
    """Write down the visit's rating. `thumbs` says by a dish's path or an order line's id whether it was liked; what
    this visit did not order is left out.

    Raises `RatingRefusedError`: 403 without a visit at a table, 409 when the visit has rated. Locks the session, so
    that of two ratings at once the second finds the first.
    """
    with session.locked() as data:
        state = GuestState.of(data, place.pk)
        visit = visit_to_rate(data, place)
        if visit is None:
            raise RatingRefusedError(gettext("To rate the place, scan the code on your table first."), 403)
        if Rating.objects.filter(visit=visit).exists():
            raise RatingRefusedError(gettext("You have rated this visit already. Thank you."), 409)
        rating = Rating.objects.create(place=place, visit=visit, table=visit.table, score=score, text=text)
        liked = _thumbs(visit, thumbs or {})
        DishRating.objects.bulk_create(
            DishRating(place=place, rating=rating, dish_id=line.dish_id, title=line.title, liked=up)
            for line, up in liked
        )
        if state is not None and state.visit_id == visit.public_id:
            event_log.record(state, EventKind.RATED, score=score)
        else:
            _log_after_the_visit(visit, score)
        tell(
            OutboxKind.RATING_GIVEN,
            place_id=place.pk,
            visit=visit.public_id,
            table=visit.table.number if visit.table else None,
            score=score,
            text=text,
            dishes=[{"title": line.title, "liked": up} for line, up in liked],
        )
    return rating


def visit_to_rate(session: Mapping[str, Any], place: PlacePage) -> Visit | None:
    """The visit at a table that this browser may rate: the present one, else the one its guest has finished here."""
    visit = find_visit(GuestState.of(session, place.pk))
    if visit is not None and visit.seating_id:
        return visit
    finished = finished_visit_of(session, place.pk)
    return Visit.objects.select_related("table", "seating").filter(public_id=finished).first() if finished else None


def dishes_to_rate(visit: Visit) -> list[BasketLine]:
    """One line for each dish the visit ordered, with the dish. One query."""
    sent = BasketLine.objects.filter(visit=visit, order__isnull=False).exclude(order__status=OrderStatus.CANCELLED)
    lines: dict[Any, BasketLine] = {}
    for line in sent.select_related("dish").order_by("order_id", "position", "pk"):
        lines.setdefault(line.dish_id or line.title, line)
    return list(lines.values())[:MOST_DISHES]


def _thumbs(visit: Visit, thumbs: Mapping[str, bool]) -> list[tuple[BasketLine, bool]]:
    if not thumbs:
        return []
    found = []
    for line in dishes_to_rate(visit):
        path = line.dish.menu_path if line.dish else ""
        up = thumbs.get(str(line.pk), thumbs.get(path))
        if up is not None:
            found.append((line, up))
    return found


def _log_after_the_visit(visit: Visit, score: int) -> None:
    """The session's log of a finished visit is gone; its last number is in the table."""
    last = GuestEvent.objects.filter(visit=visit).aggregate(last=Max("number"))["last"] or 0
    GuestEvent.objects.create(
        place_id=visit.place_id,
        visit=visit,
        number=last + 1,
        kind=EventKind.RATED,
        at=timezone.now(),
        data={"table": visit.table.number if visit.table else None, "score": score},
    )
