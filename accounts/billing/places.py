"""How many places an organisation has. This floor knows no places: the one above says how to count them."""

from collections.abc import Callable

Counter = Callable[[int], int]
_counters: list[Counter] = []


def register_counter(counter: Counter) -> None:
    """Called once, in an `AppConfig.ready`: `counter(organisation_id)` gives the number of places now."""
    _counters[:] = [counter]


def count_places(organisation_id: int) -> int:
    """The number of places to be paid for, one at least. One query."""
    return max(1, *(counter(organisation_id) for counter in _counters)) if _counters else 1
