"""What the service keeps of a guest: a copy for them, and being forgotten.

A guest is a browser's session; what it led to (visits, orders, calls, ratings) holds no name, but what they typed. To
be forgotten is to have those words and the session gone: nothing leads from the phone to the rows any more.
"""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from orders import desk_state
from orders.guest_state import FINISHED, VISITS, states_of
from orders.identifiers import public_id
from orders.models import (
    BasketLine,
    EndReason,
    EventKind,
    GuestEvent,
    Order,
    OutboxEvent,
    Rating,
    Visit,
    WaiterCall,
)
from orders.saving import save_visit
from orders.sessions import SessionStore, signed_in_user
from orders.visits import end_visits

# An order that nobody has moved for so long is not being made any more.
BEING_MADE = datetime.timedelta(hours=12)
TYPED_INTO_EVENTS = ("note", "text")


class StillServedError(Exception):
    """An order is being made: its notes are what the kitchen reads. The message is for the guest."""


def copy_of(session: SessionStore) -> dict[str, Any]:
    """Everything the session leads to, as `DjangoJSONEncoder` writes it. Eight queries, however much it is."""
    visits = _visits(session)
    ids = [visit.pk for visit in visits]
    return {
        "in_this_browser": {
            "visits": [
                {"basket": list(state.basket.values()), "not_saved_yet": state.data["log"]}
                for state in states_of(session)
            ]
        },
        "visits": [
            {
                "session": visit.public_id,
                "place": visit.place.title,
                "table": visit.table.number if visit.table else None,
                "started_at": visit.started_at,
                "ended_at": visit.ended_at,
            }
            for visit in visits
        ],
        "orders": _rows(
            Order.objects.filter(visit__in=visits),
            "visit",
            "number",
            "sent_at",
            "status",
            "comment",
            "total",
            "currency",
        ),
        "basket": _rows(
            BasketLine.objects.filter(visit__in=visits),
            *("visit", "order__number", "title", "options", "note", "quantity", "unit_price", "created_at"),
        ),
        "calls": _rows(WaiterCall.objects.filter(visit_id__in=ids), "asked_at", "kind", "payment", "note", "status"),
        "ratings": _rows(Rating.objects.filter(visit_id__in=ids), "at", "score", "text"),
        "what_you_did": _rows(GuestEvent.objects.filter(visit_id__in=ids), "at", "kind", "dish__title", "data"),
    }


def forget_guest(*, session: SessionStore) -> int:
    """End the session's visits, take the guest's words out of everything they led to, and forget the session; returns
    how many visits there were. Orders, prices, times and stars stay: they are the place's books.

    Raises `StillServedError`, and then nothing has changed. One transaction under the session's lock; a signed-in
    person stays signed in.
    """
    with session.locked() as data:
        visits = _visits(data)
        _refuse_served(visits)
        by_id = {visit.public_id: visit for visit in visits}
        for state in states_of(data):
            if state.visit_id in by_id:
                # The figures count it like any other visit.
                save_visit(state=state, visit=by_id[state.visit_id])
        _take_words_out(visits)
        end_visits(Visit.objects.filter(pk__in=[visit.pk for visit in visits]), EndReason.FINISHED)
        data.pop(VISITS, None)
        data.pop(FINISHED, None)
        own = signed_in_user(data) is None
        for place_id in sorted({visit.place_id for visit in visits}):
            desk_state.announce(place_id)
    if own:
        session.flush()
    return len(visits)


def _visits(session: Any) -> list[Visit]:
    known = [*(state.visit_id for state in states_of(session)), *session.get(FINISHED, {}).values()]
    return list(Visit.objects.filter(public_id__in=known).select_related("place", "table").order_by("pk"))


def _refuse_served(visits: list[Visit]) -> None:
    since = timezone.now() - BEING_MADE
    if Order.objects.on_desk().filter(visit__in=visits, sent_at__gt=since).exists():
        raise StillServedError(
            gettext("Your order is still being made, and the kitchen reads your notes. Ask again when it is served.")
        )


def _take_words_out(visits: list[Visit]) -> None:
    for line in BasketLine.objects.filter(visit__in=visits).exclude(note=""):
        # The key was made of the note, too.
        BasketLine.objects.filter(pk=line.pk).update(note="", key=public_id()[:16])
    # The digest was made of the comment and the notes; with the visit over nobody sends the order again.
    Order.objects.filter(visit__in=visits).update(comment="", payload_sha256="")
    ids = [visit.pk for visit in visits]
    calls = WaiterCall.objects.filter(visit_id__in=ids)
    called = list(calls.values_list("public_id", flat=True))
    calls.update(note="")
    Rating.objects.filter(visit_id__in=ids).update(text="")
    for event in GuestEvent.objects.filter(visit_id__in=ids, kind=EventKind.NOTHING_FOUND):
        event.data.pop("words", None)
        event.save(update_fields=("data",))
    places = {visit.place_id for visit in visits}
    told = OutboxEvent.objects.filter(place_id__in=places)
    for event in (
        *told.filter(payload__call__in=called),
        *told.filter(payload__visit__in=[visit.public_id for visit in visits]),
    ):
        event.payload = {name: value for name, value in event.payload.items() if name not in TYPED_INTO_EVENTS}
        event.save(update_fields=("payload",))


def _rows(found: Any, *names: str) -> list[dict[str, Any]]:
    return [
        {name.replace("__", "_"): value for name, value in row.items()} for row in found.order_by("pk").values(*names)
    ]
