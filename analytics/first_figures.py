"""What the home screen says where there are no figures yet: how the first ones come."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.permissions import capabilities_in
from accounts.roles import Capability
from analytics.subjects import Subject
from menu_pages.models import Table
from menu_pages.places_admin import AREAS, address
from orders.models import Order

# The area of a place where the history of an old till is imported.
HISTORY = "history"


@dataclass(frozen=True, slots=True)
class FirstFigures:
    """What there is to do; a way that is closed to the reader has no address."""

    has_orders: bool
    hour: str
    trial_url: str = ""
    codes_url: str = ""
    history_url: str = ""


def first_figures(subject: Subject, user: User) -> FirstFigures:
    """Three queries at most."""
    place_ids = [record.place_id for record in subject.records]
    hour = f"{settings.STATISTICS_HOUR}:00"
    if Order.objects.counted().filter(place_id__in=place_ids).exists():
        return FirstFigures(has_orders=True, hour=hour)
    place = subject.records[0].place
    held = capabilities_in(user, subject.organisation.pk)
    trial_url = codes_url = history_url = ""
    if Capability.MENU in held:
        table = Table.objects.in_use().filter(place_id=place.pk).first()
        trial_url = table.link(place.slug) if table and place.live else ""
        codes_url = reverse("qr:index", args=[place.slug])
    if HISTORY in AREAS and AREAS[HISTORY].capability in held:
        history_url = address(HISTORY, place)
    return FirstFigures(False, hour, trial_url, codes_url, history_url)
