"""The moderators' admin: only what is theirs."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import policy_registry

from menu_pages import home_panels, places_admin
from menu_pages.page_lists import MenuPageViewSet

# Menu entries an organisation's people see; what others offer belongs to the operator of the installation.
MODERATORS_MENU = frozenset(
    {
        *("explorer", "images", "board", "qr", "themes", "files", "setup", "service"),
        *("statistics", "history", "organisation"),
        *("orders", "baskets", "calls", "ratings"),
    }
)
# Panels of Wagtail's home page that speak of the whole installation.
OPERATORS_PANELS = frozenset({"upgrade_notification", "whats_new_in_wagtail_version"})


@hooks.register("construct_main_menu", order=1000)
def moderators_menu(request: HttpRequest, menu_items: list[Any]) -> None:
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name in MODERATORS_MENU]


@hooks.register("construct_homepage_panels")
def calm_home(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in OPERATORS_PANELS]
    panels.extend(home_panels.panels_for(request))


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


# After Wagtail's own, which it takes the place of.
@hooks.register("register_admin_viewset")
def page_screens() -> MenuPageViewSet:
    return MenuPageViewSet()


@hooks.register("register_admin_urls")
def areas() -> list[Any]:
    """The moderators' areas of a place: choosing the place, then one line per area."""
    return [
        path("places/<slug:area>/", places_admin.choose, name="choose_place"),
        path("places/<slug:place_slug>/stop-list/return/", home_panels.return_dish, name="home_return_dish"),
        path("places/<slug:place_slug>/board/bulk/", include("menu_pages.bulk.urls")),
        path("places/<slug:place_slug>/board/", include("menu_pages.board.urls")),
        path("places/<slug:place_slug>/files/", include("menu_pages.menu_files.urls")),
        path("places/<slug:place_slug>/qr/", include("menu_pages.qr.urls")),
        path("places/<slug:place_slug>/setup/", include("menu_pages.setup.urls")),
        path("places/<slug:place_slug>/themes/", include("menu_pages.themes.urls")),
    ]


@hooks.register("register_admin_menu_item")
def board_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("board")


@hooks.register("register_admin_menu_item")
def files_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("files")


@hooks.register("register_admin_menu_item")
def qr_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("qr")


@hooks.register("register_admin_menu_item")
def themes_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("themes")


@hooks.register("register_admin_menu_item")
def setup_menu_item() -> places_admin.AreaMenuItem:
    return places_admin.AreaMenuItem("setup")


@hooks.register("register_icons")
def area_icons(icons: list[str]) -> list[str]:
    return [*icons, *(f"menu_pages/admin/icons/{name}.svg" for name in ("board", "qr", "themes"))]
