"""Whose statistics a reader may look at, and whose they look at now.

A subject is a place, or all places of an organisation that share a currency. The address says which (`?place=`), and
what is not the reader's is as missing there as what never was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from accounts.models import Organisation, User
from accounts.permissions import organisation_ids
from accounts.roles import Capability
from analytics.models import OrganisationDay, OrganisationStatistics, PlaceDay, PlaceStatistics
from menu_pages.models import PlacePage, PlaceRecord
from menu_pages.permissions import place_or_404

# Offered in the switch; an operator's others open by their address.
MOST_PLACES = 200


@dataclass(frozen=True)
class Subject:
    """A place, or (`place` is None) the organisation's places of `currency`."""

    key: str
    organisation: Organisation
    currency: str
    records: tuple[PlaceRecord, ...]
    place: PlacePage | None = None
    # The reader has several organisations, so that “all places” needs its name.
    named: bool = field(default=False, compare=False)

    @property
    def title(self) -> str:
        """In the language of the moment."""
        if self.place is not None:
            return self.place.title
        words = {"currency": self.currency, "organisation": self.organisation.name}
        if self.named:
            return gettext("All places of %(organisation)s, %(currency)s") % words
        return gettext("All places, %(currency)s") % words

    @property
    def places(self) -> dict[str, str] | None:
        """Titles by slug of what is counted together."""
        return None if self.place is not None else {record.place.slug: record.place.title for record in self.records}

    def latest(self) -> PlaceStatistics | OrganisationStatistics | None:
        """The figures of the last morning there is. One query."""
        rows: Any
        if self.place is not None:
            rows = PlaceStatistics.objects.filter(place_id=self.place.pk)
        else:
            rows = OrganisationStatistics.objects.filter(organisation=self.organisation, currency=self.currency)
        return rows.order_by("-day").first()

    def days(self) -> Any:
        """The facts of its business days, the oldest first."""
        if self.place is not None:
            return PlaceDay.objects.filter(place_id=self.place.pk).order_by("day")
        days = OrganisationDay.objects.filter(organisation=self.organisation, currency=self.currency)
        return days.order_by("day")


def subjects_of(user: User | Any) -> list[Subject]:
    """Everything the reader may look at: each organisation's currencies with several places, then the places, by
    title. Two queries; one for the service's operator."""
    records = PlaceRecord.objects.select_related("place", "organisation").order_by("place__title", "place_id")
    if not user.is_superuser:
        records = records.filter(organisation_id__in=organisation_ids(user, Capability.STATISTICS))
    return list(_subjects(records[:MOST_PLACES]))


def _subjects(records: Iterable[PlaceRecord]) -> Iterable[Subject]:
    known = list(records)
    together: dict[tuple[int, str], list[PlaceRecord]] = {}
    for record in known:
        together.setdefault((record.organisation_id, record.currency), []).append(record)
    several = len({record.organisation_id for record in known}) > 1
    slugs = {record.place.slug for record in known}
    for (_organisation_id, currency), own in together.items():
        if len(own) > 1:
            yield Subject(_key(own[0], several, slugs), own[0].organisation, currency, tuple(own), named=several)
    for record in known:
        yield _of_place(record)


def _key(record: PlaceRecord, several: bool, slugs: set[str]) -> str:
    """`all-rub`; with the organisation's slug where that alone would name two things."""
    key = f"all-{record.currency.lower()}"
    return f"{key}.{record.organisation.slug}" if several or key in slugs else key


def _of_place(record: PlaceRecord) -> Subject:
    return Subject(record.place.slug, record.organisation, record.currency, (record,), record.place)


def place_subject(user: User | Any, slug: str) -> Subject:
    """The place, if the reader may read its statistics; otherwise 404. Two queries."""
    return _of_place(place_or_404(user, slug, Capability.STATISTICS).record)


def organisation_subject(organisation: Organisation, currency: str) -> Subject:
    """All places of an organisation of one currency; 404 without any. One query."""
    own = PlaceRecord.objects.select_related("place").filter(organisation=organisation, currency=currency.upper())
    records = tuple(own.order_by("place__title")[:MOST_PLACES])
    if not records:
        raise Http404
    return Subject(f"all-{currency.lower()}", organisation, currency.upper(), records)


def chosen(request: HttpRequest, subjects: list[Subject]) -> Subject:
    """What the address asks for; without a word of it the place that sold last, else the first one."""
    asked = request.GET.get("place", "")
    if "\0" in asked:
        raise Http404  # PostgreSQL refuses the character
    if asked:
        found = next((subject for subject in subjects if subject.key == asked), None)
        return found or place_subject(request.user, asked)
    places = [subject for subject in subjects if subject.place is not None]
    if len(places) == 1:
        return places[0]
    ids = [subject.place.pk for subject in places if subject.place]
    last = PlaceDay.objects.filter(place_id__in=ids).order_by("-day", "place__title").values_list("place_id", flat=True)
    latest = last.first()
    return next((subject for subject in places if subject.place and subject.place.pk == latest), places[0])
