"""What a guest's session holds for each place: the visit, the live basket, the log of what they did.

session["visits"] = {"<place id>": {
    "visit": "<public id>", "table": 7 | None, "label": "", "seating": 3 | None, "order_key": "…",
    "saved": "<digest of the basket as the tables have it>",
    "basket": {"<line key>": {"dish": 12, "path": "soups/borshch", "options": ["…"], "note": "", "quantity": 2,
                              "title": "…", "option_snapshot": […],
                                  "unit_price": "390.00", "options_price": "0.00"}},
    "log": [{"n": 1, "kind": "dish_added", "at": "…", "dish": 12, …}], "logged": 1}}
session["finished"] = {"<place id>": "<public id of the visit its guest finished>"}: it may still be rated
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from menu_pages.money import rounded

VISITS = "visits"
FINISHED = "finished"
# A browser may read many places; baskets of the last few are kept.
MAX_PLACES = 5


class GuestState:
    """One place's part of a session; changes go straight into the session's dict."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    @classmethod
    def of(cls, session: Mapping[str, Any], place_id: int) -> "GuestState | None":
        data = session.get(VISITS, {}).get(str(place_id))
        return cls(data) if data else None

    @classmethod
    def start(cls, session: dict[str, Any], place_id: int, visit_id: str) -> "GuestState":
        """A fresh part for a new visit."""
        visits = session.setdefault(VISITS, {})
        visits[str(place_id)] = {
            "visit": visit_id,
            "table": None,
            "label": "",
            "seating": None,
            "order_key": new_order_key(),
            "saved": digest({}),
            "basket": {},
            "log": [],
            "logged": 0,
        }
        return cls(visits[str(place_id)])

    @property
    def visit_id(self) -> str:
        return self.data["visit"]

    @property
    def table_number(self) -> int | None:
        return self.data["table"]

    @property
    def table_label(self) -> str:
        return self.data["label"]

    @property
    def order_key(self) -> str:
        return self.data["order_key"]

    @property
    def basket(self) -> dict[str, dict[str, Any]]:
        return self.data["basket"]

    @property
    def count(self) -> int:
        return sum(line["quantity"] for line in self.basket.values())

    @property
    def total(self) -> Decimal:
        """At the prices the guest saw."""
        return sum((line_total(line) for line in self.basket.values()), Decimal("0.00"))

    @property
    def quantities(self) -> dict[str, int]:
        """Pieces by the dish's path, for the cards' counters."""
        pieces: dict[str, int] = {}
        for line in self.basket.values():
            pieces[line["path"]] = pieces.get(line["path"], 0) + line["quantity"]
        return pieces

    def sit_at(self, number: int, label: str, seating_id: int) -> None:
        self.data["table"] = number
        self.data["label"] = label
        self.data["seating"] = seating_id

    @property
    def unsaved(self) -> bool:
        """Whether the session holds what the tables have not: an event, or a basket that differs."""
        return bool(self.data["log"]) or digest(self.basket) != self.data["saved"]

    def mark_saved(self) -> None:
        self.data["saved"] = digest(self.basket)

    def empty_basket(self) -> None:
        """After sending: nothing left to send, and a new key for the next order."""
        self.data["basket"] = {}
        self.data["order_key"] = new_order_key()
        self.mark_saved()


def states_of(session: Mapping[str, Any]) -> list[GuestState]:
    """Every place's part of the session."""
    return [GuestState(data) for data in session.get(VISITS, {}).values()]


def has_unsaved(session: Mapping[str, Any]) -> bool:
    return any(state.unsaved for state in states_of(session))


def seating_of(session: Mapping[str, Any]) -> int | None:
    """The party the guest sits with; scanning a code elsewhere ends the visits before, so there is one at most."""
    return next((state.data["seating"] for state in states_of(session) if state.data["seating"]), None)


def remember_finished(session: dict[str, Any], place_id: int, visit_id: str) -> None:
    finished = session.setdefault(FINISHED, {})
    finished.pop(str(place_id), None)
    finished[str(place_id)] = visit_id
    while len(finished) > MAX_PLACES:
        del finished[next(iter(finished))]


def finished_visit_of(session: Mapping[str, Any], place_id: int) -> str:
    found: str = session.get(FINISHED, {}).get(str(place_id), "")
    return found


def digest(basket: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(basket, ensure_ascii=False).encode()).hexdigest()[:16]


def new_order_key() -> str:
    return secrets.token_urlsafe(16)


def line_total(line: Mapping[str, Any]) -> Decimal:
    price = Decimal(line["unit_price"]) + Decimal(line["options_price"])
    return rounded(price * line["quantity"])


def line_key(dish_id: int, options: Iterable[str], note: str) -> str:
    """Dish, options and note make a line: the same again adds to its quantity."""
    text = "\n".join([str(dish_id), *sorted(options), note])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
