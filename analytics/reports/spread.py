"""What stands in the middle of values of which it is known how many there are of each."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

Amount = TypeVar("Amount", int, Decimal)


def total(counts: Mapping[Amount, int]) -> int:
    return sum(counts.values())


def median(counts: Mapping[Amount, int]) -> Decimal | None:
    """The middle one, of an even number the mean of the two middle ones, to 0.01 half up; None of nothing."""
    whole = total(counts)
    if not whole:
        return None
    lower, upper = _at(counts, (whole - 1) // 2), _at(counts, whole // 2)
    return (Decimal(lower + upper) / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)


def reached_by(counts: Mapping[Amount, int], share: Decimal) -> Amount | None:
    """The smallest value that so large a share of them does not exceed; None of nothing."""
    whole = total(counts)
    if not whole:
        return None
    needed = (share * whole).to_integral_value(rounding="ROUND_CEILING")
    return _at(counts, max(int(needed), 1) - 1)


def average(counts: Mapping[Amount, int]) -> Decimal | None:
    whole = total(counts)
    if not whole:
        return None
    return Decimal(sum(value * times for value, times in counts.items())) / whole


def _at(counts: Mapping[Amount, int], place: int) -> Amount:
    """The value at a place, from 0, of all of them in order."""
    for value in sorted(counts):
        if place < counts[value]:
            return value
        place -= counts[value]
    raise IndexError(place)
