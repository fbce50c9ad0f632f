"""What the moderators' home screen says of the menu: what is missing before opening, and what is out of stock."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from accounts.permissions import organisation_ids
from accounts.roles import Capability
from menu_pages import stopping
from menu_pages.getting_started import starts
from menu_pages.models import DishPage, StopListEntry
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest, places_of

MOST_PLACES = 6
MOST_STOPPED = 10


class HomePanel(Component):
    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    class Media:
        css = {"all": ("css/home_admin.css",)}

    def allowed(self, capability: Capability) -> frozenset[int]:
        """The organisations in which the reader has the capability. One query."""
        return organisation_ids(self.request.user, capability)


class StartPanel(HomePanel):
    """For each place whose menu the reader edits, what is left to do; a place that has it all takes one line."""

    name = "getting_started"
    order = 40
    template_name = "menu_pages/home_panels/start.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        places = places_of(self.request)
        found = starts(places[:MOST_PLACES])
        at_the_desk = self.allowed(Capability.ORDERS)
        everywhere = self.request.user.is_superuser
        rows = [(start, everywhere or start.place.record.organisation_id in at_the_desk) for start in found]
        return {
            "unready": [row for row in rows if not row[0].ready],
            "ready": [row for row in rows if row[0].ready],
            "more": len(places) - len(found),
        }


class StoppedPanel(HomePanel):
    """Dishes on the stop-list now, each with a button that puts it back on sale."""

    name = "out_of_stock"
    order = 60
    template_name = "menu_pages/home_panels/stopped.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        now = timezone.now()
        stopped = StopListEntry.objects.current(now).filter(dish__live=True)
        if not self.request.user.is_superuser:
            stopped = stopped.filter(place__record__organisation_id__in=self.allowed(Capability.STOP_LIST))
        newest = stopped.select_related("dish", "place__record").order_by("place__title", "-stopped_at", "-pk")
        entries = list(newest[:MOST_STOPPED])
        return {
            "rows": [(entry, _local(entry.until, entry.place.record.zone), _is_today(entry, now)) for entry in entries],
            "more": stopped.count() - len(entries),
            "several_places": len({entry.place_id for entry in entries}) > 1,
            "csrf_token": parent_context.get("csrf_token") if parent_context else None,
        }


def panels_for(request: HttpRequest) -> list[Component]:
    """The panels the reader's roles call for."""
    found: list[Component] = []
    if places_of(request):
        found.append(StartPanel(request))
    if request.user.is_superuser or organisation_ids(request.user, Capability.STOP_LIST):
        found.append(StoppedPanel(request))
    return found


@require_POST
def return_dish(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Put a dish back on sale from the home screen; one that is back already stays so."""
    place = place_or_404(request.user, place_slug, Capability.STOP_LIST)
    dish = DishPage.objects.of_menu_path(place, request.POST.get("dish", "").replace("\0", "")).first()
    if dish is None:
        raise Http404
    stopping.return_dish(dish=dish)
    messages.success(request, gettext("“%(dish)s” is on sale again.") % {"dish": dish.title})
    return redirect("wagtailadmin_home")


def _local(moment: datetime.datetime | None, zone: datetime.tzinfo) -> datetime.datetime | None:
    """The place's own clock, without a zone: templates would turn it back into the reader's."""
    return moment and moment.astimezone(zone).replace(tzinfo=None)


def _is_today(entry: StopListEntry, now: datetime.datetime) -> bool:
    zone = entry.place.record.zone
    return entry.until is not None and entry.until.astimezone(zone).date() == now.astimezone(zone).date()
