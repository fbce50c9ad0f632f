"""A guest's browser: scans, chooses, sends, as a real one does."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, Table
from orders.guest_state import GuestState
from orders.models import Order, OrderStatus, Visit, WaiterCall
from orders.order_states import move_order


class Guest:
    """A guest of one place; every address below is of that place."""

    def __init__(self, place: PlacePage) -> None:
        self.place = place
        self.client = Client(headers={"origin": "http://testserver", "accept-language": "en"})

    @property
    def state(self) -> GuestState | None:
        """What the guest's session says now; none before the first action."""
        if settings.SESSION_COOKIE_NAME not in self.client.cookies:
            return None
        return GuestState.of(self.client.session, self.place.pk)

    @property
    def visit(self) -> Visit:
        return Visit.objects.get(public_id=self.state.visit_id)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return list(self.state.basket.values()) if self.state else []

    @property
    def quantities(self) -> dict[str, int]:
        return self.state.quantities if self.state else {}

    def scan(self, table: Table, **query: str) -> HttpResponse:
        return self.client.get(self.place.href, {"table": str(table.number), "key": table.key, **query})

    def post(
        self, address: str, data: dict[str, Any] | None = None, *, fragment: str = "", **extra: Any
    ) -> HttpResponse:
        headers = {**({"x-fragment": fragment} if fragment else {}), **extra.pop("headers", {})}
        return self.client.post(f"{self.place.href}{address}/", data or {}, headers=headers, **extra)

    def add(
        self, dish: DishPage | str, quantity: int | str | None = None, options: Iterable[str] = (), **data: Any
    ) -> HttpResponse:
        fragment = data.pop("fragment", "")
        fields = {"dish": dish if isinstance(dish, str) else dish.menu_path, "option": list(options), **data}
        if quantity is not None:
            fields["quantity"] = str(quantity)
        return self.post("basket/add", fields, fragment=fragment)

    def change(self, line: str, *, fragment: str = "", **data: Any) -> HttpResponse:
        return self.post("basket/update", {"line": line, **data}, fragment=fragment)

    def only_line(self) -> str:
        """The key of the basket's one line."""
        (key,) = self.state.basket
        return key

    def basket(self, *, fragment: str = "") -> HttpResponse:
        headers = {"x-fragment": fragment} if fragment else {}
        return self.client.get(f"{self.place.href}basket/", headers=headers)

    def send(self, key: str | None = None, comment: str = "", **data: Any) -> HttpResponse:
        """Press “send” with the key the basket page holds, or with another one."""
        if key is None:
            key = self.state.order_key if self.state else "no-key-at-all"
        return self.post("order", {"idempotency_key": key, "comment": comment, **data})

    def status(self, order: Order, *, fragment: str = "") -> HttpResponse:
        headers = {"x-fragment": fragment} if fragment else {}
        return self.client.get(f"{self.place.href}orders/{order.public_id}/", headers=headers)

    def table_screen(self, *, fragment: str = "") -> HttpResponse:
        headers = {"x-fragment": fragment} if fragment else {}
        return self.client.get(f"{self.place.href}table/", headers=headers)

    def take_back(self, order: Order, **extra: Any) -> HttpResponse:
        """Cancel the own order."""
        return self.post(f"orders/{order.public_id}/cancel", **extra)

    def call(self, kind: str = "come", *, fragment: str = "", **data: Any) -> HttpResponse:
        return self.post("call", {"kind": kind, **data}, fragment=fragment)

    def call_off(self, call: WaiterCall) -> HttpResponse:
        return self.post(f"call/{call.public_id}/cancel")

    def rate(self, score: int | str = 5, **data: Any) -> HttpResponse:
        return self.post("rate", {"score": str(score), **data})


def guest_at(table: Table) -> Guest:
    """A guest who has scanned the table's code."""
    guest = Guest(PlacePage.objects.select_related("record").get(pk=table.place_id))
    guest.scan(table)
    return guest


def ordered(guest: Guest, *dishes: DishPage) -> Order:
    """The order the guest sends, one piece of each dish."""
    for dish in dishes:
        guest.add(dish)
    guest.send()
    return Order.objects.filter(visit=guest.visit).order_by("-pk")[0]


def served(order: Order, by: User) -> Order:
    """The order, brought to the table by staff."""
    for step in (OrderStatus.ACCEPTED, OrderStatus.READY, OrderStatus.SERVED):
        order = move_order(order_id=order.pk, to=step, by=by)
    return order
