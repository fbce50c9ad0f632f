"""Which station makes which lines of an order."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from orders.models import Station, StationCategory


@dataclass(frozen=True, slots=True)
class Making:
    """A station and what it makes: the lines given to it and, without categories of its own, those given to nobody."""

    station: Station
    takes_the_rest: bool

    def makes(self, station_id: int | None) -> bool:
        return station_id == self.station.pk or (station_id is None and self.takes_the_rest)


def stations_of(place_id: int) -> list[Making]:
    """The place's stations by title. One query."""
    return [making for makings in _makings({place_id}).values() for making in makings]


def printing_stations(place_ids: Collection[int]) -> dict[int, list[Making]]:
    """The stations with a printer, by place. One query."""
    return _makings(place_ids, printer_host__isnull=False)


def _makings(place_ids: Collection[int], **narrowed: bool) -> dict[int, list[Making]]:
    own = StationCategory.objects.filter(station_id=OuterRef("pk"))
    by_place: dict[int, list[Making]] = defaultdict(list)
    stations = Station.objects.filter(place_id__in=place_ids, **narrowed).annotate(has_categories=Exists(own))
    for station in stations.order_by("place_id", "title", "pk"):
        by_place[station.place_id].append(Making(station, not station.has_categories))
    return dict(by_place)
