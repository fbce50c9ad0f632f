from django.http import Http404

from menu_pages.models import PlacePage


def find_place(slug: str) -> PlacePage | None:
    """The published place at this address, with its record. One query."""
    return PlacePage.objects.live().filter(slug=slug).select_related("record").first()


def published_place_or_404(slug: str) -> PlacePage:
    place = find_place(slug)
    if place is None:
        raise Http404
    return place
