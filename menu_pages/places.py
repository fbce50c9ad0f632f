"""What the floor below asks of an organisation's places."""

from accounts.scope import everyone
from menu_pages.menu_versions import menu_changed
from menu_pages.models import PlaceRecord


def count_places(organisation_id: int) -> int:
    """How many places the organisation has, published or not: what its subscription is priced by. One query."""
    with everyone():
        return PlaceRecord.objects.filter(organisation_id=organisation_id).count()


def menus_changed(organisation_id: int) -> None:
    """Have the organisation's menus drawn anew, since they offer ordering from now on, or no more."""
    with everyone():
        menu_changed(*PlaceRecord.objects.filter(organisation_id=organisation_id).values_list("pk", flat=True))
