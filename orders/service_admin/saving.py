"""Keeping what was set for the service of a place."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from menu_pages.models import CategoryPage, PlacePage, PlaceRecord
from orders.models import Station, StationCategory, Webhook


class TakenError(Exception):
    """Somebody else has just added the same."""


def save_rules(*, record: PlaceRecord, changed: Iterable[str]) -> None:
    """Write the changed fields alone: what others set meanwhile stays."""
    fields = list(changed)
    if fields:
        record.save(update_fields=fields)


def save_station(*, place: PlacePage, station: Station, categories: Iterable[CategoryPage]) -> Station:
    """The station with exactly these categories; those of another station come over. Raises `TakenError`."""
    chosen = list(categories)
    station.place = place
    try:
        with transaction.atomic():
            station.save()
            StationCategory.objects.filter(station=station).exclude(category__in=chosen).delete()
            StationCategory.objects.filter(category__in=chosen).exclude(station=station).delete()
            StationCategory.objects.bulk_create(
                [StationCategory(place=place, station=station, category=category) for category in chosen],
                ignore_conflicts=True,
            )
    except IntegrityError as taken:
        raise TakenError from taken
    return station


def save_webhook(*, place: PlacePage, webhook: Webhook) -> Webhook:
    """Raises `TakenError`."""
    webhook.place = place
    try:
        with transaction.atomic():
            webhook.save()
    except IntegrityError as taken:
        raise TakenError from taken
    return webhook
