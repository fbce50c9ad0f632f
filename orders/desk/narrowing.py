"""The part of a place that one desk looks at: a zone's tables, a station's lines. It stands in the page's address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from menu_pages.models import PlacePage, Table
from orders.models import BasketLine, Station

# Choices offered at once; a place that has more has named its tables, not its zones.
MOST_CHOICES = 40
# Stands for the tables that nobody has put in a zone.
NO_ZONE = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    title: str | Promise
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`zone` is "" for every zone, `station` None for every station."""

    zone: str
    station: Station | None
    zones: list[str]
    stations: list[Station]

    @property
    def query(self) -> str:
        return _query(self.zone, self.station)

    @property
    def zone_choices(self) -> list[Choice]:
        """All of them, then each; none where there is nothing to choose."""
        if len(self.zones) < 2:
            return []
        titles: list[tuple[str, str | Promise]] = [("", _("All tables"))]
        titles += [(zone, _("Other tables") if zone == NO_ZONE else zone) for zone in self.zones]
        return [Choice(title, _query(zone, self.station), zone == self.zone) for zone, title in titles]

    @property
    def station_choices(self) -> list[Choice]:
        if not self.stations:
            return []
        titles: list[tuple[Station | None, str | Promise]] = [(None, _("All stations"))]
        titles += [(station, station.title) for station in self.stations]
        return [Choice(title, _query(self.zone, station), station == self.station) for station, title in titles]

    def tables(self, prefix: str = "") -> Q:
        """The tables of the zone, by the name of the field that leads to the table."""
        if not self.zone:
            return Q()
        return Q(**{f"{prefix}zone": "" if self.zone == NO_ZONE else self.zone})

    def orders(self, orders: QuerySet[Any]) -> QuerySet[Any]:
        """The orders of the zone in which the station makes something; what has no station, every station makes."""
        orders = orders.filter(self.tables("table__"))
        if self.station is None:
            return orders
        lines = BasketLine.objects.filter(order=OuterRef("pk"))
        return orders.filter(Exists(lines.filter(Q(station=self.station) | Q(station=None))))

    def is_elsewhere(self, line: BasketLine) -> bool:
        """Whether another station makes the line."""
        return self.station is not None and line.station_id not in (None, self.station.pk)


def read_narrowing(place: PlacePage, asked: Mapping[str, str]) -> Narrowing:
    """What the address asks for. A zone or a station that is not there (any more) is not asked for: no screen that was
    left on the wall goes silent because something was renamed. Two queries."""
    tables = Table.objects.in_use().filter(place=place).order_by("zone")
    named = [zone or NO_ZONE for zone in tables.values_list("zone", flat=True).distinct()[: MOST_CHOICES + 1]]
    zones = sorted(named, key=lambda zone: (zone == NO_ZONE, zone.casefold()))[:MOST_CHOICES]
    stations = list(Station.objects.filter(place=place)[:MOST_CHOICES])
    zone = asked.get("zone", "")
    station = next((station for station in stations if station.public_id == asked.get("station")), None)
    return Narrowing(zone if zone in zones else "", station, zones, stations)


def remembered_narrowing(place: PlacePage, view: str) -> Narrowing:
    """What the device looks at on the pages that can be narrowed, as it says itself on those that cannot; without a
    word of it, everything. Two queries, or none."""
    return read_narrowing(place, QueryDict(view.removeprefix("?"))) if view else Narrowing("", None, [], [])


def _query(zone: str, station: Station | None) -> str:
    # An empty one says aloud that everything is wanted, for a device that remembers less.
    return urlencode({"zone": zone, "station": station.public_id if station else ""})
