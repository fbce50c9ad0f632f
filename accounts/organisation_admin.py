"""What the owners' areas of an organisation share: which organisations are theirs, choosing one, the tabs that lead
from one area to the next, and the menu's way in."""

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from accounts.models import Organisation
from accounts.permissions import organisation_ids
from accounts.roles import Capability

MOST_ORGANISATIONS = 200


class Area(NamedTuple):
    title: Any
    icon: str


# The name of an area is the last part of its address and its URL namespace («organisation_card:index»).
AREAS: dict[str, Area] = {
    "card": Area(_("Organisation card"), "home"),
    "people": Area(_("People"), "group"),
    "billing": Area(_("Subscription"), "form"),
    "log": Area(_("Audit log"), "history"),
}
DEFAULT_AREA = "card"


def organisations_of(request: HttpRequest) -> list[Organisation]:
    """The organisations the reader owns, by name. Two queries, once a request."""
    known: list[Organisation] | None = getattr(request, "organisations_owned", None)
    if known is None:
        found = Organisation.objects.select_related("subscription").order_by("name", "pk")
        if not request.user.is_superuser:
            found = found.filter(pk__in=organisation_ids(request.user, Capability.ORGANISATION))
        known = list(found[:MOST_ORGANISATIONS])
        request.organisations_owned = known  # type: ignore[attr-defined]
    return known


def address(area: str, organisation: Organisation) -> str:
    return reverse(f"organisation_{area}:index", args=[organisation.slug])


def tabs(area: str, organisation: Organisation) -> list[dict[str, Any]]:
    """The areas side by side, for `accounts/admin/_tabs.html`."""
    return [
        {"title": found.title, "icon": found.icon, "url": address(name, organisation), "here": name == area}
        for name, found in AREAS.items()
    ]


def choose(request: HttpRequest) -> HttpResponse:
    """The organisations the reader owns; the only one opens itself."""
    owned = organisations_of(request)
    if not owned:
        raise Http404
    if len(owned) == 1:
        return redirect(address(DEFAULT_AREA, owned[0]))
    rows = [(organisation, address(DEFAULT_AREA, organisation)) for organisation in owned]
    return render(request, "accounts/admin/choose_organisation.html", {"rows": rows})


class OrganisationMenuItem(MenuItem):
    """The organisation in the main menu, for its owners."""

    def __init__(self) -> None:
        super().__init__(_("Organisation"), "", name="organisation", icon_name="group", order=900)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(organisations_of(request))

    def render_component(self, request: HttpRequest) -> Any:
        owned = organisations_of(request)
        component = super().render_component(request)
        component.url = address(DEFAULT_AREA, owned[0]) if len(owned) == 1 else reverse("choose_organisation")
        return component
