"""Whether a category is served at a moment."""

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from menu_pages.models import CategoryPage


def is_served(category: "CategoryPage", at: datetime.datetime) -> bool:
    """Whether the category's hours hold the place's local time `at`.

    Hours that end earlier than they begin run past midnight, and the weekday is then that of the evening they began.
    """
    start = category.served_from or datetime.time.min
    end = category.served_until
    now = at.time().replace(tzinfo=None)
    day = at.isoweekday()
    if end is not None and end <= start:
        if now < end:
            day = (day - 2) % 7 + 1
        elif now < start:
            return False
    elif now < start or (end is not None and now >= end):
        return False
    return not category.served_weekdays or day in category.served_weekdays
