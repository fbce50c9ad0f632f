"""Taking a dish off sale and putting it back: acts at once, on no page's revision."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from menu_pages.menu_versions import menu_changed
from menu_pages.models import DishPage, StopListEntry


def stop_dish(
    *, dish: DishPage, by: User | None, until: datetime.datetime | None = None, reason: str = ""
) -> StopListEntry:
    """Put the dish on the stop-list; an entry already open takes the new time and reason."""
    with transaction.atomic():
        StopListEntry.objects.filter(dish=dish, lifted_at=None, until__lte=timezone.now()).update(
            lifted_at=timezone.now()
        )
        entry, _created = StopListEntry.objects.update_or_create(
            dish=dish,
            lifted_at=None,
            defaults={"place": dish.place, "until": until, "reason": reason, "stopped_by": by},
        )
    return entry


def return_dish(*, dish: DishPage) -> None:
    """Put the dish back on sale; one that was not stopped stays as it is."""
    with transaction.atomic():
        if StopListEntry.objects.filter(dish=dish, lifted_at=None).update(lifted_at=timezone.now()):
            menu_changed(dish.place.pk)
