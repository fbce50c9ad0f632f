from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component

from accounts.permissions import organisation_ids
from accounts.roles import Capability
from analytics import chart_files
from analytics.home_panel import panel_for
from analytics.reports.area import AREA
from analytics.today import today
from menu_pages.home_panels import StartPanel
from menu_pages.models import PlaceRecord
from menu_pages.places_admin import AreaMenuItem, ModeratorRequest

MOST_PLACES = 12


class TodayPanel(Component):
    """What was ordered today in the user's places."""

    name = "today"
    order = 50
    template_name = "analytics/_today_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    class Media:
        css = {"all": ("css/home_admin.css",)}

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = self.request.user
        records = PlaceRecord.objects.select_related("place").filter(place__live=True).order_by("place__title")
        if not user.is_superuser:
            records = records.filter(organisation_id__in=organisation_ids(user, Capability.STATISTICS))
        at_the_desk = organisation_ids(user, Capability.ORDERS)
        days = today(records[:MOST_PLACES])
        return {
            "days": [(day, user.is_superuser or day.record.organisation_id in at_the_desk) for day in days],
            "more": records.count() - len(days),
        }


@hooks.register("construct_homepage_panels")
def show_today(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.is_superuser or organisation_ids(request.user, Capability.STATISTICS):
        panels.insert(0, TodayPanel(request))


# After the floors below have put theirs there.
@hooks.register("construct_homepage_panels", order=1000)
def show_statistics(request: ModeratorRequest, panels: list[Any]) -> None:
    panel = panel_for(request)
    if panel is None:
        return
    if panel.has_charts:
        # Who sells has opened: what is left to set up no longer stands before the day and its figures.
        for one in panels:
            if getattr(one, "name", "") == StartPanel.name:
                one.order = panel.order + 1
    panels.append(panel)


@hooks.register("register_admin_urls")
def statistics_files() -> list[Any]:
    return [
        path("places/<slug:place_slug>/statistics/<slug:chart>.csv", chart_files.of_place, name="place_chart_csv"),
        path(
            "organisations/<slug:slug>/statistics/<slug:currency>/<slug:chart>.csv",
            chart_files.of_organisation,
            name="organisation_chart_csv",
        ),
    ]


@hooks.register("register_admin_urls")
def reports_area() -> list[Any]:
    return [path(f"places/<slug:place_slug>/{AREA}/", include("analytics.reports.urls"))]


@hooks.register("register_admin_menu_item")
def reports_menu_item() -> AreaMenuItem:
    return AreaMenuItem(AREA)


@hooks.register("register_icons")
def reports_icon(icons: list[str]) -> list[str]:
    return [*icons, "analytics/icons/reports.svg"]
