"""“Service” among the moderators' areas of a place."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from menu_pages.places_admin import AREAS, Area

AREA = "service"
AREAS[AREA] = Area(_("Service"), "cogs", 270, Capability.PLACE)
