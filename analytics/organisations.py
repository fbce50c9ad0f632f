"""Statistics of all places of an organisation that share a currency, counted from their orders."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from analytics import facts, organisation_days
from analytics.dialect import on_postgresql, take_lock
from analytics.figures import Figures, assembled, revenue_of_places
from analytics.keeping import keep
from analytics.medians import Group, medians_of_organisations
from analytics.models import OrganisationStatistics
from analytics.organisation_days import Together
from analytics.top_dishes import dishes_of_places, together
from menu_pages.models import PlacePage, PlaceRecord

# Counted in one transaction.
GROUPS_AT_ONCE, GROUPS_AT_ONCE_SQLITE = 50, 1


def compute(organisation_ids: Collection[int], *, morning: datetime.date | None = None) -> None:
    """Count and keep the figures of all places together, for each currency that two live places or more share.

    They are of the given morning, unless it has not come for all of them: no row is of a day that goes on.
    """
    now = timezone.now()
    records = PlaceRecord.objects.filter(organisation_id__in=organisation_ids, place__live=True)
    by_morning: dict[datetime.date, list[Sequence[PlaceRecord]]] = defaultdict(list)
    for group in sharing(records.order_by("pk")):
        come = min(record.business_day(now) for record in group)
        by_morning[min(morning or come, come)].append(group)
    for day, groups in sorted(by_morning.items()):
        compute_groups(groups, day)


def sharing(live: Iterable[PlaceRecord]) -> list[Sequence[PlaceRecord]]:
    """The live places of each organisation that share a currency, where there are two of them at least."""
    groups: dict[tuple[int, str], list[PlaceRecord]] = defaultdict(list)
    for record in live:
        groups[record.organisation_id, record.currency].append(record)
    return [group for _key, group in sorted(groups.items()) if len(group) > 1]


def compute_groups(groups: Sequence[Sequence[PlaceRecord]], morning: datetime.date, *, again: bool = True) -> None:
    """Count and keep the figures of each group, as `sharing` makes them; `again=False` leaves out what stands."""
    size = GROUPS_AT_ONCE if on_postgresql() else GROUPS_AT_ONCE_SQLITE
    for start in range(0, len(groups), size):
        _compute_chunk(groups[start : start + size], morning, again=again)


def _compute_chunk(groups: Sequence[Sequence[PlaceRecord]], morning: datetime.date, *, again: bool) -> None:
    facts.bring_up_to_date([record.pk for records in groups for record in records], before=morning)
    together = [
        Together(records[0].organisation_id, records[0].currency, tuple(record.pk for record in records))
        for records in groups
    ]
    organisation_days.bring_up_to_date(together, before=morning)
    with transaction.atomic():
        take_lock()
        if not again:
            groups = _not_standing(groups, morning)
        now = timezone.now()
        rows = [
            OrganisationStatistics(
                organisation_id=records[0].organisation_id,
                day=morning,
                currency=records[0].currency,
                computed_at=now,
                figures=figures,
            )
            for records, figures in zip(groups, _figures(groups, morning), strict=True)
        ]
        keep(rows, owner=("organisation_id", "currency"))


def _not_standing(groups: Sequence[Sequence[PlaceRecord]], morning: datetime.date) -> Sequence[Sequence[PlaceRecord]]:
    ids = {records[0].organisation_id for records in groups}
    standing = set(
        OrganisationStatistics.objects.filter(organisation__in=ids, day=morning).values_list(
            "organisation_id", "currency"
        )
    )
    return [records for records in groups if (records[0].organisation_id, records[0].currency) not in standing]


def _figures(groups: Sequence[Sequence[PlaceRecord]], morning: datetime.date) -> list[Figures]:
    """The figures of each group; a fixed number of queries."""
    places = [record.pk for records in groups for record in records]
    if not places:
        return []
    slugs = {str(pk): slug for pk, slug in PlacePage.objects.filter(pk__in=places).values_list("pk", "slug")}
    members = [(owner, record.pk) for owner, records in enumerate(groups) for record in records]
    medians: dict[int, list[Group]] = defaultdict(list)
    for group in medians_of_organisations(members, morning):
        label = slugs[group.label] if group.label is not None else None
        medians[group.owner].append(group._replace(label=label))
    revenue = revenue_of_places(places, morning)
    dishes = dishes_of_places(places, morning)
    return [
        assembled(
            medians[owner],
            [sum(sums) for sums in zip(*(revenue[record.pk] for record in records), strict=True)],
            together(dishes[record.pk] for record in records),
            kept_by="by_place",
        )
        for owner, records in enumerate(groups)
    ]
