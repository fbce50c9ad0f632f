"""The moderators' admin: only what is theirs."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import policy_registry

from menu_pages import places_admin

# Menu entries an organisation's people see; what others offer belongs to the operator of the installation.
MODERATORS_MENU = frozenset({"explorer", "images", "orders", "baskets", "qr", "themes", "files"})
# Panels of Wagtail's home page that speak of the whole installation.
OPERATORS_PANELS = frozenset({"upgrade_notification", "whats_new_in_wagtail_version"})


@hooks.register("construct_main_menu", order=1000)
def moderators_menu(request: HttpRequest, menu_items: list[Any]) -> None:
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name in MODERATORS_MENU]


@hooks.register("construct_homepage_panels")
def calm_home(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in OPERATORS_PANELS]


@hooks.register("construct_page_chooser_queryset")
def own_pages_only(pages: Any, request: HttpRequest) -> Any:
    """Choosing a page offers the pages the user may edit; Wagtail alone would show those of every organisation."""
    own = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(request.user, {"add", "change"})
    return pages & own


# After the hooks that put them there.
@hooks.register("construct_homepage_summary_items", order=1000)
def no_installation_totals(request: HttpRequest, summary_items: list[Any]) -> None:
    if not request.user.is_superuser:
        summary_items[:] = []


@hooks.register("register_admin_urls")
def areas() -> list[Any]:
    """The moderators' areas of a place: choosing the place, then one line per area."""
    return [
        path("places/<slug:area>/", places_admin.choose, name="choose_place"),
        path("places/<slug:place_slug>/files/", include("menu_pages.menu_files.urls")),
        path("places/<slug:place_slug>/qr/", include("menu_pages.qr.urls")),
        path("places/<slug:place_slug>/themes/", include("menu_pages.themes.urls")),
    ]


@hooks.register("register_admin_menu_item")
def files_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("files")


@hooks.register("register_admin_menu_item")
def qr_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("qr")


@hooks.register("register_admin_menu_item")
def themes_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("themes")


@hooks.register("register_icons")
def area_icons(icons: list[str]) -> list[str]:
    return [*icons, "menu_pages/admin/icons/qr.svg", "menu_pages/admin/icons/themes.svg"]
