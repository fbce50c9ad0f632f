"""When a menu changes by itself: a category's hours begin or end, a stopped dish returns, a day begins."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Min

if TYPE_CHECKING:
    from menu_pages.models import CategoryPage, PlacePage


def next_turn(
    place: "PlacePage", now: datetime.datetime, categories: "Iterable[CategoryPage] | None" = None
) -> datetime.datetime:
    """The first moment after `now` (aware) at which a page that shows these categories, or any of the place, may look
    different though nobody changed anything; the place's midnight at the latest. One query, two without categories."""
    from menu_pages.models import CategoryPage, StopListEntry

    if categories is None:
        categories = CategoryPage.objects.live().descendant_of(place).order_by().only("served_from", "served_until")
    local = now.astimezone(place.record.zone)
    midnight = datetime.datetime.combine(local.date() + datetime.timedelta(days=1), datetime.time.min, local.tzinfo)
    moments = {midnight} | {
        datetime.datetime.combine(local.date(), moment, local.tzinfo)
        for category in categories
        for moment in (category.served_from, category.served_until)
        if moment is not None
    }
    ends = StopListEntry.objects.current(now).filter(place_id=place.pk).aggregate(first=Min("until"))["first"]
    return min(moment for moment in {*moments, *([ends] if ends else [])} if moment > now)
