"""What the moderators' areas of a place share: which places are theirs, choosing one, and the menu's way in."""

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from accounts.models import User
from accounts.permissions import capabilities_by_organisation
from accounts.roles import Capability
from menu_pages.models import PlacePage, PlaceRecord

MOST_PLACES = 200


class ModeratorRequest(HttpRequest):
    """A request that Wagtail's admin has let through."""

    user: User


class Area(NamedTuple):
    title: Any
    icon: str
    order: int
    capability: Capability = Capability.MENU


# The name of an area is the last part of its address, of its URL namespace and of its entry in the menu.
AREAS: dict[str, Area] = {
    "board": Area(_("Menu board"), "board", 230),
    "themes": Area(_("Menu theme"), "themes", 240),
    "files": Area(_("Import and export"), "table", 240),
    "qr": Area(_("QR codes"), "qr", 250),
    "setup": Area(_("Place settings"), "sliders", 260, Capability.PLACE),
}


def places_of(request: HttpRequest, capability: Capability = Capability.MENU) -> list[PlacePage]:
    """The places where the reader has the capability of an area (whose menu they may edit), by title. Two queries,
    once a request."""
    known: list[tuple[PlacePage, frozenset[Capability]]] | None = getattr(request, "places_known", None)
    if known is None:
        everything = frozenset(Capability)
        held = capabilities_by_organisation(request.user)
        records = PlaceRecord.objects.select_related("place").order_by("place__title")
        if not request.user.is_superuser:
            asked = {area.capability for area in AREAS.values()}
            records = records.filter(organisation_id__in=[key for key, found in held.items() if found & asked])
        known = [
            (record.place, everything if request.user.is_superuser else held[record.organisation_id])
            for record in records[:MOST_PLACES]
        ]
        request.places_known = known  # type: ignore[attr-defined]
    return [place for place, capabilities in known if capability in capabilities]


def address(area: str, place: PlacePage) -> str:
    return reverse(f"{area}:index", args=[place.slug])


def choose(request: HttpRequest, area: str) -> HttpResponse:
    """The places the reader may open the area for; the only one opens itself."""
    places = places_of(request, AREAS[area].capability) if area in AREAS else []
    if not places:
        raise Http404
    if len(places) == 1:
        return redirect(address(area, places[0]))
    rows = [(place, address(area, place)) for place in places]
    return render(request, "menu_pages/admin/choose_place.html", {"area": AREAS[area], "rows": rows})


class AreaMenuItem(MenuItem):
    """An area in the main menu, for those who may use it; with a single place the entry leads straight to it, so that
    the menu can tell that one is there."""

    def __init__(self, area: str) -> None:
        self.area = area
        title, icon, order, self.capability = AREAS[area]
        super().__init__(title, "", name=area, icon_name=icon, order=order)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(places_of(request, self.capability))

    def render_component(self, request: HttpRequest) -> Any:
        places = places_of(request, self.capability)
        url = address(self.area, places[0]) if len(places) == 1 else reverse("choose_place", args=[self.area])
        component = super().render_component(request)
        component.url = url
        return component
