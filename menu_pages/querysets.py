import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from wagtail.query import PageQuerySet


class DishQuerySet(PageQuerySet):
    def with_sold_out(self, moment: datetime.datetime) -> "DishQuerySet":
        """Adds `sold_out`: whether the stop-list holds the dish at this moment."""
        from menu_pages.models import StopListEntry

        entries = StopListEntry.objects.current(moment).filter(dish=OuterRef("pk"))
        return self.annotate(sold_out=Exists(entries))

    def of_menu_path(self, place: Any, menu_path: str) -> "DishQuerySet":
        """The dish at `soups/borshch` of the place."""
        return self.child_of_url(f"{place.url_path}{menu_path}/")

    def child_of_url(self, url_path: str) -> "DishQuerySet":
        return self.filter(url_path=url_path)
