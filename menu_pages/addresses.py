"""Addresses a place had before: reserved for it and leading to it."""

from accounts.scope import everyone
from menu_pages.models import PlaceAddress, PlacePage


def keep(*, place: PlacePage, old_slug: str) -> None:
    """Remember the address the place gave up; taking one's own old address back frees it."""
    with everyone():
        PlaceAddress.objects.filter(slug=place.slug, place=place).delete()
        PlaceAddress.objects.get_or_create(slug=old_slug, defaults={"place": place})


def moved_to(slug: str) -> str | None:
    """Today's address of the place that once had this one."""
    with everyone():
        address = PlaceAddress.objects.filter(slug=slug, place__live=True).select_related("place").first()
    return address.place.slug if address else None
