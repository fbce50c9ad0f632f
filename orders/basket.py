"""The live basket: what the guest puts in, changes and takes out, under the session's lock."""

from decimal import Decimal

from django.utils.translation import gettext, ngettext

from menu_pages.availability import Availability
from menu_pages.models import DishPage, PlacePage
from menu_pages.option_groups import ChoiceError
from orders import event_log
from orders.guest_state import GuestState, line_key, line_total
from orders.models import EventKind
from orders.quoting import option_snapshot, price_of
from orders.sessions import SessionStore
from orders.visits import current_or_new


class BasketError(ValueError):
    """The basket stays as it was; the message is for the guest."""


class LineNotFoundError(BasketError):
    """No such line in this guest's basket."""


def add_dish(
    *, session: SessionStore, place: PlacePage, dish: DishPage, quantity: int, option_ids: list[str], note: str = ""
) -> GuestState:
    """Put pieces of a dish in the basket at the menu's price; the same dish, options and note share a line.

    Raises `BasketError` when the dish cannot be had now, the options do not fit it or the line or basket is full.
    """
    refuse_unavailable(dish)
    try:
        snapshot = option_snapshot(dish, option_ids)
    except ChoiceError as problem:
        raise BasketError(str(problem)) from problem
    options_price = sum((Decimal(option["price"]) for option in snapshot), Decimal("0.00"))
    with session.locked() as data:
        state = current_or_new(data, place)
        key = line_key(dish.pk, [option["id"] for option in snapshot], note)
        new_quantity = state.basket.get(key, {"quantity": 0})["quantity"] + quantity
        _refuse_too_many(place, new_quantity)
        if key not in state.basket and len(state.basket) >= place.record.max_basket_lines:
            raise BasketError(gettext("The basket is full. Send this order first, then add more."))
        state.basket[key] = {
            "dish": dish.pk,
            "path": dish.menu_path,
            "title": dish.title,
            "options": [option["id"] for option in snapshot],
            "option_snapshot": snapshot,
            "note": note,
            "quantity": new_quantity,
            **price_of(dish.price, options_price),
        }
        event_log.record(
            state,
            EventKind.DISH_ADDED,
            dish_id=dish.pk,
            quantity=quantity,
            unit_price=str(dish.price),
            total_price=str(line_total({**state.basket[key], "quantity": quantity})),
        )
    return state


def change_line(
    *, session: SessionStore, place: PlacePage, key: str, quantity: int | None = None, note: str | None = None
) -> GuestState:
    """Set a line's quantity (0 takes it out) or note; raises `LineNotFoundError` or `BasketError`."""
    with session.locked() as data:
        state = _state_with(data, place, key)
        line = state.basket[key]
        if quantity == 0:
            _take_out(state, key)
            return state
        if quantity is not None:
            _refuse_too_many(place, quantity)
            line["quantity"] = quantity
        if note is not None and note != line["note"]:
            _rename_line(place, state, key, note)
    return state


def change_dish(*, session: SessionStore, place: PlacePage, menu_path: str, quantity: int) -> GuestState:
    """Have so many pieces of a dish in all, whatever its lines: a card's counter shows their sum.

    More go to the last line, fewer come off the last lines first. Raises `LineNotFoundError` or `BasketError`.
    """
    with session.locked() as data:
        state = GuestState.of(data, place.pk)
        keys = [key for key, line in state.basket.items() if line["path"] == menu_path] if state else []
        if state is None or not keys:
            raise LineNotFoundError(gettext("This dish is not in your order any more."))
        excess = sum(state.basket[key]["quantity"] for key in keys) - quantity
        for key in reversed(keys):
            left = max(0, state.basket[key]["quantity"] - excess)
            _refuse_too_many(place, left)
            excess -= state.basket[key]["quantity"] - left
            if left:
                state.basket[key]["quantity"] = left
            else:
                _take_out(state, key)
            if excess == 0:
                break
    return state


def _take_out(state: GuestState, key: str) -> None:
    line = state.basket.pop(key)
    event_log.record(state, EventKind.DISH_REMOVED, dish_id=line["dish"], quantity=line["quantity"])


def refuse_unavailable(dish: DishPage) -> None:
    if dish.availability is Availability.SOLD_OUT:
        raise BasketError(gettext("This dish has run out."))
    if dish.availability is Availability.NOT_SERVED_NOW:
        raise BasketError(gettext("This dish is not served at this hour."))


def _state_with(data: dict[str, object], place: PlacePage, key: str) -> GuestState:
    state = GuestState.of(data, place.pk)
    if state is None or key not in state.basket:
        raise LineNotFoundError(gettext("This dish is not in your order any more."))
    return state


def _rename_line(place: PlacePage, state: GuestState, key: str, note: str) -> None:
    """A note is part of the line's key: the line takes a new one in its old place, or joins the line that has it."""
    line = state.basket[key]
    new_key = line_key(line["dish"], line["options"], note)
    if new_key in state.basket:
        joined = state.basket[new_key]["quantity"] + line["quantity"]
        _refuse_too_many(place, joined)
        state.basket[new_key]["quantity"] = joined
        del state.basket[key]
        return
    renamed = {(new_key if old == key else old): value for old, value in state.basket.items()}
    renamed[new_key]["note"] = note
    state.data["basket"] = renamed


def _refuse_too_many(place: PlacePage, quantity: int) -> None:
    most = place.record.max_line_quantity
    if quantity > most:
        raise BasketError(
            ngettext(
                "At most %(count)d piece of one dish in an order. Ask the waiter for more.",
                "At most %(count)d pieces of one dish in an order. Ask the waiter for more.",
                most,
            )
            % {"count": most}
        )
