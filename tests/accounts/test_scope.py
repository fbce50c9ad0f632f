"""The tenant scope: three states, read when SQL is made, taken back whatever happens."""

import pytest
from django import forms
from django.db import transaction

from accounts.models import Membership, Organisation, User
from accounts.scope import (
    EVERYONE,
    ScopeNotSetError,
    current_scope,
    everyone,
    no_scope,
    organisations,
)
from menu_pages.models import PlacePage, PlaceRecord, Table


def test_unset_scope_raises_when_the_query_runs(place_a: PlacePage) -> None:
    with no_scope(), pytest.raises(ScopeNotSetError):
        list(Table.objects.all())


def test_unset_scope_allows_building_a_query(place_a: PlacePage) -> None:
    with no_scope():
        tables = Table.objects.filter(number=7).order_by("number")

    assert [table.place_id for table in tables] == [place_a.pk]


@pytest.mark.parametrize("read", ["count", "exists", "first", "delete"])
def test_unset_scope_raises_for_every_kind_of_query(place_a: PlacePage, read: str) -> None:
    with no_scope(), pytest.raises(ScopeNotSetError):
        getattr(Table.objects.filter(number=7), read)()

    assert Table.objects.count() == 12


def test_unset_scope_raises_for_update(place_a: PlacePage) -> None:
    with no_scope(), pytest.raises(ScopeNotSetError), transaction.atomic():
        Table.objects.update(label="anybody’s")

    assert Table.objects.filter(label="anybody’s").count() == 0


def test_organisations_see_their_rows_alone(place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_a.record.organisation_id]):
        seen = set(Table.objects.values_list("place_id", flat=True))
        missing = Table.objects.filter(place_id=place_b.pk).first()

    assert seen == {place_a.pk}
    assert missing is None


def test_no_organisations_see_nothing(place_a: PlacePage) -> None:
    with organisations([]):
        assert Table.objects.count() == 0
        assert PlaceRecord.objects.count() == 0
        assert Membership.objects.count() == 0


def test_everyone_sees_all(place_a: PlacePage, place_b: PlacePage) -> None:
    with everyone():
        assert set(PlaceRecord.objects.values_list("place_id", flat=True)) == {place_a.pk, place_b.pk}


def test_everyone_costs_no_join() -> None:
    sql = str(Table.objects.filter(number=7).query)

    assert "JOIN" not in sql
    assert "organisation" not in sql


def test_update_and_delete_reach_own_rows_only(place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_a.record.organisation_id]):
        changed = Table.objects.update(label="mine")
        deleted, _by_model = Table.objects.filter(number__gt=10).delete()

    assert changed == 12
    assert deleted == 2
    assert Table.objects.filter(place=place_b, label="").count() == 12


def test_scope_is_taken_back_after_an_error() -> None:
    with no_scope():
        with pytest.raises(ZeroDivisionError), organisations([1]):
            raise ZeroDivisionError

        with pytest.raises(ScopeNotSetError):
            current_scope()


def test_scopes_nest() -> None:
    with organisations([1]):
        with everyone():
            assert current_scope() is EVERYONE

        assert current_scope() == frozenset({1})


def test_a_queryset_does_not_keep_the_scope_it_was_built_in(place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_a.record.organisation_id]):
        tables = Table.objects.values_list("place_id", flat=True)
        own = set(tables)

    with organisations([place_b.record.organisation_id]):
        others = set(tables.all())

    assert own == {place_a.pk}
    assert others == {place_b.pk}


def test_a_form_class_does_not_keep_the_scope_it_was_built_in(place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_a.record.organisation_id]):

        class TableForm(forms.Form):
            table = forms.ModelChoiceField(Table.objects.all())

        list(TableForm().fields["table"].queryset)
    table_of_a, table_of_b = (Table.objects.get(place=place, number=1) for place in (place_a, place_b))

    with organisations([place_b.record.organisation_id]):
        accepts_a = TableForm({"table": table_of_a.pk}).is_valid()
        accepts_b = TableForm({"table": table_of_b.pk}).is_valid()

    assert accepts_a is False
    assert accepts_b is True


def test_related_managers_are_scoped(place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_a.record.organisation_id]):
        assert place_a.tables.count() == 12
        assert place_b.tables.count() == 0


def test_reverse_to_many_of_an_unscoped_model_is_scoped(alice: User, place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_b.record.organisation_id]):
        assert alice.memberships.count() == 0

    assert alice.memberships.count() == 1


def test_prefetch_is_scoped(place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_a.record.organisation_id]):
        places = PlacePage.objects.order_by("pk").prefetch_related("tables")
        counts = {place.pk: len(place.tables.all()) for place in places}

    assert counts == {place_a.pk: 12, place_b.pk: 0}


def test_organisation_itself_is_in_scope_only(place_a: PlacePage, place_b: PlacePage) -> None:
    with organisations([place_a.record.organisation_id]):
        seen = set(Organisation.objects.values_list("pk", flat=True))

    assert seen == {place_a.record.organisation_id}
