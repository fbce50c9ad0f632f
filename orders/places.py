from django.http import Http404

from accounts.prepared import Prepared
from menu_pages.models import PlacePage
from orders.models import Order

_published = Prepared(lambda slug: PlacePage.objects.live().filter(slug=slug).select_related("record"))


def find_place(slug: str) -> PlacePage | None:
    """The published place at this address, with its record. One query."""
    place: PlacePage | None = _published.first(slug=slug)
    return place


def published_place_or_404(slug: str) -> PlacePage:
    place = find_place(slug)
    if place is None:
        raise Http404
    return place


def has_orders(place_id: int) -> bool:
    """Whether the place has ever taken an order, here or with its old till: all of one currency. One query."""
    return Order.objects.filter(place_id=place_id).exists()
