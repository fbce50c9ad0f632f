"""What moderators may do with pages, beyond Wagtail's own rules."""

from typing import TYPE_CHECKING

from django.http import Http404
from wagtail.models import PagePermissionTester

from accounts.models import User
from accounts.permissions import may
from accounts.roles import Capability

if TYPE_CHECKING:
    from menu_pages.models import PlacePage


class PlacePermissionTester(PagePermissionTester):
    """Wagtail's rules for a place, except that its moderators never delete, move or copy it.

    Every view, bulk action and internal API asks this object, so the rule holds on all of them.
    """

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self.user.is_superuser and super().can_delete(ignore_bulk)

    def can_move(self) -> bool:
        return self.user.is_superuser and super().can_move()

    def can_copy(self) -> bool:
        return False  # a copy would have no record


def place_or_404(user: User, slug: str, *capabilities: Capability) -> "PlacePage":
    """The one door of staff and moderators to a place: its page with the record, if the user may use any of
    `capabilities` there; otherwise 404, whether or not the place exists. Two queries."""
    from menu_pages.models import PlacePage

    place = PlacePage.objects.filter(slug=slug).select_related("record__organisation").first()
    if place is None or not any(may(user, place.record.organisation_id, capability) for capability in capabilities):
        raise Http404
    return place
