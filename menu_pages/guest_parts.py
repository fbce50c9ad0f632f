"""Where a guest's own words stand in a page that is the same for everyone.

Pages of the menu are drawn once for all guests; the few parts that differ (table, basket bar) are left as
placeholders and filled in afterwards by the floor that knows the guest.
"""

import re

PARTS = ("table", "basket_bar")
MARK = re.compile(f"<!--guest:({'|'.join(PARTS)})-->")


def placeholder(name: str) -> str:
    """The mark of a part; raises `ValueError` for one that nobody fills."""
    if name not in PARTS:
        raise ValueError(f"no such guest part: {name}")
    return f"<!--guest:{name}-->"


def cut(body: str) -> tuple[str, ...]:
    """The body cut at its marks: text, a part's name, text, …, text."""
    return tuple(MARK.split(body))
