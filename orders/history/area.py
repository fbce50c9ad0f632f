"""“Order history” among the moderators' areas of a place."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from menu_pages.places_admin import AREAS, Area

AREA = "history"
AREAS[AREA] = Area(_("Order history"), "history", 280, Capability.PLACE)
