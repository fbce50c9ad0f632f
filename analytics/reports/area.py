"""“Reports” among the moderators' areas of a place."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from menu_pages.places_admin import AREAS, Area

AREA = "statistics"
AREAS[AREA] = Area(_("Reports"), "reports", 205, Capability.STATISTICS)
