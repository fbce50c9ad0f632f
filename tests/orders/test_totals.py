"""What baskets and orders cost, against a model that counts in whole hundredths and knows nothing of the code."""

import os
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menu_pages.models import DishPage, PlaceRecord
from orders.guest_state import GuestState, line_key, line_total
from orders.models import BasketLine, Order
from tests.factories.guests import Guest

# FAULTS_TIMES=10 makes the ten thousand baskets that are promised.
TIMES = int(os.environ.get("FAULTS_TIMES", "1"))
at_full_size = settings(max_examples=100 * TIMES**2, deadline=None)

cents = st.integers(0, 10**9)
pieces = st.integers(1, 999)
lines = st.lists(st.tuples(cents, cents, pieces), min_size=1, max_size=30)


def money(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def session_line(unit: int, options: int, quantity: int) -> dict[str, Any]:
    return {"unit_price": str(money(unit)), "options_price": str(money(options)), "quantity": quantity, "path": "a/b"}


@at_full_size
@given(lines)
def test_the_baskets_total_is_the_sum_of_its_lines(chosen: list[tuple[int, int, int]]) -> None:
    state = GuestState({"basket": {str(place): session_line(*line) for place, line in enumerate(chosen)}})

    assert state.total == money(sum((unit + options) * quantity for unit, options, quantity in chosen))
    assert state.count == sum(quantity for _unit, _options, quantity in chosen)


@at_full_size
@given(cents, cents, pieces)
def test_session_rows_and_database_rows_agree(unit: int, options: int, quantity: int) -> None:
    row = BasketLine(unit_price=money(unit), options_price=money(options), quantity=quantity)

    assert row.line_total == line_total(session_line(unit, options, quantity)) == money((unit + options) * quantity)


@given(st.integers(1, 10**6), st.lists(st.text(min_size=1, max_size=8), max_size=4), st.text(max_size=20))
def test_a_lines_key_does_not_depend_on_the_order_of_choice(dish: int, options: list[str], note: str) -> None:
    assert line_key(dish, options, note) == line_key(dish, reversed(options), note)
    assert line_key(dish, options, note) != line_key(dish + 1, options, note)


choices = st.lists(
    st.tuples(
        st.sampled_from(["size-small", "size-large"]),
        st.lists(st.sampled_from(["extra-lemon", "extra-honey", "extra-mint"]), max_size=2, unique=True),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)
OPTION_CENTS = {"size-small": 0, "size-large": 12050, "extra-lemon": 3000, "extra-honey": 6000, "extra-mint": 0}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices)
def test_a_sent_orders_figures(guest: Guest, tea: DishPage, chosen: list[tuple[str, list[str], int]]) -> None:
    # One guest sends all the examples' orders, and nobody answers them.
    PlaceRecord.objects.update(max_unconfirmed_by_visit=100, max_unconfirmed_by_table=100)
    for size, extras, quantity in chosen:
        guest.add(tea, quantity, options=[*extras, size])
    shown = guest.state.total

    guest.send()

    order = Order.objects.order_by("-pk")[0]
    expected = sum(
        quantity * (20000 + sum(OPTION_CENTS[option] for option in (size, *extras)))
        for size, extras, quantity in chosen
    )
    different = {(size, frozenset(extras)) for size, extras, _quantity in chosen}
    assert order.total == shown == money(expected)
    assert order.total == sum(line.line_total for line in order.lines.all())
    assert (order.purchases, order.items) == (len(different), sum(quantity for _s, _e, quantity in chosen))
