"""The rule of a price changed by per cent and rounded."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menu_pages.bulk.prices import (
    LEAST_PERCENT,
    MOST_PERCENT,
    MOST_PRICE,
    PriceTooLargeError,
    Rounding,
    changed_price,
)

prices = st.decimals(min_value=0, max_value=1_000_000, places=2)
percents = st.decimals(min_value=LEAST_PERCENT, max_value=MOST_PERCENT, places=2)
roundings = st.sampled_from(list(Rounding))
PLAIN = {rounding: Decimal(rounding) for rounding in Rounding if rounding not in (Rounding.NINE, Rounding.NINETY_NINE)}


@pytest.mark.parametrize(
    ("price", "percent", "rounding", "after"),
    [
        ("390", "7", "5", "415.00"),
        ("100", "7", "5", "105.00"),
        ("390", "7", "0.01", "417.30"),
        ("0.10", "5", "0.01", "0.11"),  # 0.105: halves go up
        ("390", "7", "0.50", "417.50"),
        ("390", "-10", "50", "350.00"),  # 351
        ("250", "-10", "50", "250.00"),  # 225 lies between: up
        ("2", "0", "5", "0.00"),
        ("390", "7", "9", "419.00"),
        ("100", "7", "9", "109.00"),
        ("3", "0", "9", "9.00"),
        ("4.50", "7", "0.99", "4.99"),
        ("0.20", "0", "0.99", "0.99"),
        ("390", "-100", "9", "0.00"),
        ("0", "1000", "100", "0.00"),
        ("12.345", "0", "0.01", "12.35"),
    ],
)
def test_the_price_is_changed_then_rounded(price: str, percent: str, rounding: str, after: str) -> None:
    assert str(changed_price(Decimal(price), Decimal(percent), rounding)) == after


def test_a_price_no_menu_can_hold_is_refused() -> None:
    assert changed_price(MOST_PRICE, Decimal(0), Rounding.CENT) == MOST_PRICE
    with pytest.raises(PriceTooLargeError):
        changed_price(MOST_PRICE, Decimal("0.01"), Rounding.CENT)


@given(prices, percents, roundings)
def test_it_is_never_negative_and_has_two_places(price: Decimal, percent: Decimal, rounding: Rounding) -> None:
    after = changed_price(price, percent, rounding)

    assert after >= 0
    assert after.as_tuple().exponent == -2


@given(prices, percents, st.sampled_from(list(PLAIN)))
def test_it_is_the_nearest_step_and_a_half_goes_up(price: Decimal, percent: Decimal, rounding: Rounding) -> None:
    step, raw = PLAIN[rounding], price * (100 + percent) / 100

    after = changed_price(price, percent, rounding)

    assert after % step == 0
    assert -step / 2 < after - raw <= step / 2 or after == raw == 0


@given(prices, roundings)
def test_free_stays_free_whatever_the_rule(price: Decimal, rounding: Rounding) -> None:
    assert changed_price(Decimal(0), Decimal(1000), rounding) == 0
    assert changed_price(price, Decimal(-100), rounding) == 0


@given(st.decimals(min_value=1, max_value=1_000_000, places=2), percents)
def test_prices_like_99_end_like_it(price: Decimal, percent: Decimal) -> None:
    raw = price * (100 + percent) / 100
    nine, ninety_nine = (changed_price(price, percent, style) for style in (Rounding.NINE, Rounding.NINETY_NINE))

    if raw > 0:
        assert (nine % 10, ninety_nine % 1) == (9, Decimal("0.99"))
        assert abs(nine - raw) <= max(Decimal(5), 9 - raw)
        assert abs(ninety_nine - raw) <= max(Decimal("0.5"), Decimal("0.99") - raw)


@given(prices, prices, percents, roundings)
def test_a_dearer_dish_stays_at_least_as_dear(one: Decimal, other: Decimal, percent: Decimal, by: Rounding) -> None:
    low, high = sorted((one, other))

    assert changed_price(low, percent, by) <= changed_price(high, percent, by)


@given(prices)
def test_no_change_by_cents_is_no_change(price: Decimal) -> None:
    assert changed_price(price, Decimal(0), Rounding.CENT) == price.quantize(Decimal("0.01"), ROUND_HALF_UP)
