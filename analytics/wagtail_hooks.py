from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from accounts.permissions import organisation_ids
from accounts.roles import Capability
from analytics.today import today
from menu_pages.models import PlaceRecord

MOST_PLACES = 12


class TodayPanel(Component):
    """What was ordered today in the user's places."""

    name = "today"
    order = 50
    template_name = "analytics/_today_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        records = PlaceRecord.objects.select_related("place").filter(place__live=True).order_by("place__title")
        if not self.request.user.is_superuser:
            allowed = organisation_ids(self.request.user, Capability.STATISTICS)
            records = records.filter(organisation_id__in=allowed)
        return {"days": today(records[:MOST_PLACES])}


@hooks.register("construct_homepage_panels")
def show_today(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.is_superuser or organisation_ids(request.user, Capability.STATISTICS):
        panels.insert(0, TodayPanel(request))
