"""What the basket costs now: the server's own prices, and what changed since the guest put it together."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from menu_pages.availability import Availability, load_dishes
from menu_pages.models import DishPage, PlacePage
from menu_pages.money import format_money, rounded
from menu_pages.option_groups import ChoiceError, Option, choose, read_groups
from orders.guest_state import GuestState


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A basket line at today's prices; money per piece unless said otherwise."""

    key: str
    dish: DishPage | None
    title: str
    options_text: str
    note: str
    quantity: int
    unit_price: Decimal
    options_price: Decimal
    options: tuple[Option, ...]
    old_price: Decimal | None = None
    gone: bool = False
    problem: str = ""

    @property
    def price(self) -> Decimal:
        return self.unit_price + self.options_price

    @property
    def line_total(self) -> Decimal:
        return rounded(self.price * self.quantity)

    @property
    def dish_href(self) -> str:
        return self.dish.href if self.dish and not self.gone else ""

    @property
    def picture(self) -> Any:
        return self.dish.shown_picture if self.dish else None


@dataclass(frozen=True, slots=True)
class Quote:
    lines: list[QuotedLine]

    @property
    def total(self) -> Decimal:
        """Of what can be had; lines that are gone cost nothing."""
        return sum((line.line_total for line in self.lines if not line.gone), Decimal("0.00"))

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines if not line.gone)

    @property
    def gone(self) -> list[QuotedLine]:
        return [line for line in self.lines if line.gone]

    def with_problems_of(self, earlier: "Quote | None") -> "Quote":
        """These lines with what another quote had to say of them."""
        said = {line.key: line for line in earlier.lines} if earlier else {}
        return Quote(
            [
                replace(line, problem=line.problem or said[line.key].problem, old_price=said[line.key].old_price)
                if line.key in said
                else line
                for line in self.lines
            ]
        )

    @property
    def changed(self) -> bool:
        return any(line.problem for line in self.lines)


def quote(place: PlacePage, state: GuestState | None, *picture_sizes: str) -> Quote:
    """The basket at today's prices, its dishes with pictures in these sizes. Two queries for any number of lines (three
    with pictures), none for an empty basket."""
    if state is None or not state.basket:
        return Quote([])
    dishes = load_dishes(place, {line["dish"] for line in state.basket.values()}, *picture_sizes)
    currency = place.record.currency
    return Quote([_line(key, line, dishes.get(line["dish"]), currency) for key, line in state.basket.items()])


def accept(state: GuestState, quoted: Quote) -> None:
    """Bring the basket to the quote: today's words and prices, without what is gone."""
    for line in quoted.lines:
        if line.gone or line.dish is None:
            del state.basket[line.key]
        else:
            state.basket[line.key] |= {
                "title": line.dish.title,
                "option_snapshot": option_snapshot(line.dish, state.basket[line.key]["options"]),
                **price_of(line.unit_price, line.options_price),
            }


def price_of(unit_price: Decimal, options_price: Decimal) -> dict[str, str]:
    return {"unit_price": str(rounded(unit_price)), "options_price": str(rounded(options_price))}


def _line(key: str, line: dict[str, Any], dish: DishPage | None, currency: str) -> QuotedLine:
    seen = QuotedLine(
        key=key,
        dish=dish,
        title=dish.translated_title if dish else line["title"],
        options_text=", ".join(option["title"] for option in line["option_snapshot"]),
        note=line["note"],
        quantity=line["quantity"],
        unit_price=Decimal(line["unit_price"]),
        options_price=Decimal(line["options_price"]),
        options=(),
    )
    if dish is None or dish.availability is Availability.WITHDRAWN:
        return replace(seen, gone=True, problem=gettext("This dish is no longer on the menu."))
    if dish.availability is Availability.SOLD_OUT:
        return replace(seen, gone=True, problem=gettext("This dish has run out."))
    if dish.availability is Availability.NOT_SERVED_NOW:
        return replace(seen, gone=True, problem=gettext("This dish is not served at this hour."))
    try:
        options = choose(dish.groups, line["options"])
    except ChoiceError:
        return replace(seen, gone=True, problem=gettext("These options have changed. Please add the dish again."))
    now = replace(
        seen,
        unit_price=rounded(dish.price),
        options_price=sum((option.price for option in options), Decimal("0.00")),
        options=options,
        options_text=", ".join(option.title for option in options),
    )
    if now.price == seen.price:
        return now
    words = gettext("The price has changed: it was %(old)s, now it is %(new)s.")
    return replace(
        now,
        old_price=seen.price,
        problem=words % {"old": format_money(seen.price, currency), "new": format_money(now.price, currency)},
    )


def option_snapshot(dish: DishPage, option_ids: list[str]) -> list[dict[str, str]]:
    """The chosen options in the owner's own words, as they will stand on the order; raises `ChoiceError`."""
    choose(dish.groups, option_ids)  # says what is wrong in the reader's language
    groups = read_groups(dish.option_groups.raw_data)
    return [
        {"id": option.id, "title": option.title, "price": str(rounded(option.price))}
        for option in choose(groups, option_ids)
    ]
