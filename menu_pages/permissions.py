"""What moderators may do with pages, beyond Wagtail's own rules."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404
from wagtail.images import get_image_model
from wagtail.models import Page, PagePermissionTester
from wagtail.permissions import policy_registry

from accounts.models import User
from accounts.permissions import may
from accounts.roles import Capability

if TYPE_CHECKING:
    from menu_pages.models import PlacePage

WORK = frozenset({"add", "change", "publish", "lock", "unlock", "bulk_delete"})


class MenuPermissionTester(PagePermissionTester):
    """Wagtail's rules for a page of a menu, except that nobody closes it to guests: it is published, or it is not."""

    def can_set_view_restrictions(self) -> bool:
        return False


class PlacePermissionTester(MenuPermissionTester):
    """The rules for a place: besides, its moderators never delete, move or copy it.

    Every view, bulk action and internal API asks this object, so the rule holds on all of them.
    """

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self.user.is_superuser and super().can_delete(ignore_bulk)

    def can_move(self) -> bool:
        return self.user.is_superuser and super().can_move()

    def can_copy(self) -> bool:
        return False  # a copy would have no record


def pages_to_work_on(user: Any) -> QuerySet[Any]:
    """The pages the user may edit in some way."""
    return policy_registry.get_by_type(Page).instances_user_has_any_permission_for(user, WORK)


def pages_to_walk(user: Any) -> QuerySet[Any]:
    """Those, and the pages that lead from one place of an organisation to the next."""
    return policy_registry.get_by_type(Page).explorable_instances(user)


def pictures_to_choose(user: Any) -> QuerySet[Any]:
    """The pictures the user may put on a page."""
    actions = {"change", "choose"}
    return policy_registry.get_by_type(get_image_model()).instances_user_has_any_permission_for(user, actions)


def place_or_404(user: User, slug: str, *capabilities: Capability) -> "PlacePage":
    """The one door of staff and moderators to a place: its page with the record, if the user may use any of
    `capabilities` there; otherwise 404, whether or not the place exists. Two queries."""
    from menu_pages.models import PlacePage

    place = PlacePage.objects.filter(slug=slug).select_related("record__organisation").first()
    if place is None or not any(may(user, place.record.organisation_id, capability) for capability in capabilities):
        raise Http404
    return place
