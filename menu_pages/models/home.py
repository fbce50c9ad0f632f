from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from menu_pages.models.record import PlaceRecord


class HomePage(Page):
    """The root of the installation: what the service is, and the parent of every place."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["menu_pages.PlacePage"]
    template = "menu_pages/home.html"
    preview_modes: ClassVar[list[Any]] = []

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the place with its record and pictures in one query, where Wagtail would take three and more."""
        if not path_components:
            return super().route(request, path_components)
        from menu_pages.models.place import PlacePage

        slug, *rest = path_components
        places = PlacePage.objects.live().child_of(self).select_related("record", "cover", "logo")
        place = places.filter(slug=slug).first()
        if place is None:
            raise Http404
        return place.route(request, rest)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["demo_places"] = (
            PlaceRecord.objects.filter(is_demo=True, place__live=True).select_related("place").order_by("pk")[:4]
        )
        return context
