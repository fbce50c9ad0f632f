"""Statements put together once: the same rows, scope and locks as Django's own, and only the values are new."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.prepared import Prepared, PreparedUpdate, insert
from accounts.scope import ScopeNotSetError, no_scope, organisations
from menu_pages.availability import Availability, find_dish, load_dishes
from menu_pages.models import CategoryPage, PlacePage, StopListEntry, Table
from orders.models import DeskState, EventKind, GuestEvent, Seating, Visit
from tests.factories.guests import Guest
from tests.factories.menus import make_dish, table_of


def counted(make: Any) -> tuple[Prepared, list[None]]:
    """The query, and how often it was put together."""
    made: list[None] = []

    def counting(**values: Any) -> models.QuerySet[Any]:
        made.append(None)
        return make(**values)

    return Prepared(counting), made


def test_it_is_put_together_once_and_asked_with_each_value(place_a: PlacePage) -> None:
    numbered, made = counted(lambda number: Table.objects.filter(number=number))

    found = [[table.number for table in numbered.all(number=number)] for number in (3, 5, 5, 999)]

    assert (found, len(made)) == ([[3], [5], [5], []], 1)


def test_rows_are_those_of_the_same_query_in_django(place_a: PlacePage) -> None:
    def make(slug: Any) -> models.QuerySet[Any]:
        return PlacePage.objects.live().filter(slug=slug).select_related("record")

    ours, own = Prepared(make).first(slug="teahouse"), make("teahouse").get()

    assert {name: value for name, value in vars(ours).items() if name != "_state"} == {
        name: value for name, value in vars(own).items() if name != "_state"
    }
    assert vars(ours.record)["organisation_id"] == own.record.organisation_id
    assert (ours._state.adding, ours._state.db) == (False, "default")


def test_it_costs_one_query_with_what_it_is_selected_with(
    place_a: PlacePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visit = Visit.objects.create(place=place_a, table=table_of(place_a, 7))
    query = Prepared(lambda public_id: Visit.objects.select_related("table", "seating").filter(public_id=public_id))

    with django_assert_num_queries(1):
        found = query.first(public_id=visit.public_id)
        assert (found, found.table.number, found.seating) == (visit, 7, None)


@pytest.mark.parametrize("numbers", [(), (2,), (2, 4, 6)])
def test_several_values(place_a: PlacePage, numbers: tuple[int, ...]) -> None:
    query = Prepared(
        lambda place_id, numbers: Table.objects.filter(place=place_id, number__in=numbers).values_list("number")
    )

    assert sorted(query.all(place_id=place_a.pk, numbers=numbers)) == [(number,) for number in numbers]


def test_another_scope_is_another_query(place_a: PlacePage, place_b: PlacePage) -> None:
    query = Prepared(lambda number: Table.objects.filter(number=number))
    everyones = {table.place_id for table in query.all(number=1)}

    with organisations([place_b.record.organisation_id]):
        own = {table.place_id for table in query.all(number=1)}
    with no_scope(), pytest.raises(ScopeNotSetError):
        query.all(number=1)

    assert (everyones, own) == ({place_a.pk, place_b.pk}, {place_b.pk})
    assert len(query.all(number=1)) == 2


def test_only_what_can_be_prepared_is(place_a: PlacePage) -> None:
    with pytest.raises(TypeError, match="values_list"):
        Prepared(lambda number: Table.objects.filter(number=number).values("number")).all(number=1)


def test_a_lock_is_part_of_it(place_a: PlacePage) -> None:
    query = Prepared(lambda pk: Seating.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk))

    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        query.first(pk=1)

    wanted = 'FOR UPDATE OF "orders_seating" SKIP LOCKED' if connection.vendor == "postgresql" else ""
    assert wanted in next(query["sql"] for query in asked if "SELECT" in query["sql"])


def test_an_update_tells_what_became_of_it(place_a: PlacePage, place_b: PlacePage) -> None:
    DeskState.objects.create(place=place_a, version=7)
    DeskState.objects.create(place=place_b, version=1)
    update = PreparedUpdate(
        lambda place_id: DeskState.objects.filter(place=place_id),
        "business_day",
        always={"version": F("version") + 1},
        returning="version",
    )
    day = timezone.now().date()

    told = [update.run({"place_id": pk}, business_day=day) for pk in (place_a.pk, place_a.pk, place_b.pk, 0)]

    assert told == [[8], [9], [2], []]
    assert DeskState.objects.get(place=place_a).business_day == day


def events_of(visit: Visit, *numbers: int) -> list[GuestEvent]:
    return [
        GuestEvent(
            place_id=visit.place_id,
            visit=visit,
            number=number,
            kind=EventKind.DISH_ADDED,
            at=timezone.now(),
            data={"words": "50 %s", "number": number},
        )
        for number in numbers
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_rows_are_inserted_in_one_statement_and_know_their_ids(
    place_a: PlacePage, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    visit = Visit.objects.create(place=place_a)

    for first in (1, 11):
        rows = events_of(visit, *range(first, first + count))
        with django_assert_num_queries(1):
            insert(rows)
        stored = list(GuestEvent.objects.filter(number__gte=first).order_by("number"))
        assert stored == rows
        assert [row.data for row in stored] == [row.data for row in rows]
        assert [row._state.adding for row in rows] == [False] * count


def test_a_conflict_is_ignored_only_where_it_may_be(place_a: PlacePage) -> None:
    visit = Visit.objects.create(place=place_a)
    insert(events_of(visit, 1, 2))

    insert(events_of(visit, 2, 3), ignore_conflicts=True)

    assert sorted(GuestEvent.objects.values_list("number", flat=True)) == [1, 2, 3]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(events_of(visit, 3, 4))


def test_more_rows_than_a_statement_holds(place_a: PlacePage) -> None:
    visit = Visit.objects.create(place=place_a)

    insert(events_of(visit, *range(600)))

    assert GuestEvent.objects.count() == 600


def test_a_row_with_an_expression_is_not_prepared(place_a: PlacePage) -> None:
    with pytest.raises(TypeError, match="expression"):
        insert([Visit(place=place_a, started_at=Now())])


def test_what_runs_out_later_is_seen_by_a_query_that_is_kept(guest: Guest, soups: CategoryPage) -> None:
    """The moment is one of the values: a statement kept from before knows the time of now."""
    dish, place = make_dish(soups, "Solyanka"), guest.place
    before = find_dish(place, dish.menu_path)
    StopListEntry.objects.create(place=place, dish=dish)

    found = [find_dish(place, dish.menu_path), load_dishes(place, [dish.pk])[dish.pk]]

    assert before is not None
    assert before.availability is Availability.AVAILABLE
    assert [one.availability for one in found if one] == [Availability.SOLD_OUT] * 2


def test_a_dish_of_another_place_is_none_of_ours(place_a: PlacePage, place_b: PlacePage, soups: CategoryPage) -> None:
    dish = make_dish(soups, "Solyanka")

    assert (set(load_dishes(place_a, [dish.pk])), set(load_dishes(place_b, [dish.pk]))) == ({dish.pk}, set())
