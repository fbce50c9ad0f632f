import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from menu_pages.models import PlacePage, Table
from menu_pages.tables import replace_key, set_table_count
from tests.factories.menus import table_of


def in_use(place: PlacePage) -> list[int]:
    return list(Table.objects.in_use().filter(place=place).values_list("number", flat=True))


def test_tables_are_numbered_from_one(place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=3)

    assert in_use(place_a) == [1, 2, 3]


def test_keys_are_long_and_differ(place_a: PlacePage) -> None:
    keys = list(Table.objects.values_list("key", flat=True))

    assert len(set(keys)) == 12
    assert {len(key) for key in keys} == {22}  # 128 bits in base 64


def test_fewer_tables_keep_their_history_and_codes(place_a: PlacePage) -> None:
    before = dict(Table.objects.values_list("number", "key"))

    set_table_count(place=place_a, count=2)
    during = in_use(place_a)
    set_table_count(place=place_a, count=12)

    assert during == [1, 2]
    assert dict(Table.objects.values_list("number", "key")) == before
    assert in_use(place_a) == list(range(1, 13))


def test_no_tables_at_all(place_a: PlacePage) -> None:
    set_table_count(place=place_a, count=0)

    assert in_use(place_a) == []
    assert Table.objects.count() == 12


@pytest.mark.parametrize("count", [-1, 501, 10**9])
def test_a_number_that_makes_no_sense_changes_nothing(place_a: PlacePage, count: int) -> None:
    with pytest.raises(ValidationError) as refused:
        set_table_count(place=place_a, count=count)

    assert refused.value.message_dict == {"count": ["The number of tables can be from 0 to 500."]}
    assert in_use(place_a) == list(range(1, 13))


def test_another_places_tables_stay(place_a: PlacePage, place_b: PlacePage) -> None:
    set_table_count(place=place_a, count=1)

    assert len(in_use(place_b)) == 12


def test_a_replaced_key_is_refused_and_the_new_one_taken(table_7: Table) -> None:
    old = table_7.key

    new = replace_key(table=table_7).key

    stored = Table.objects.get(pk=table_7.pk)
    assert stored.accepts(new) is True
    assert stored.accepts(old) is False


@pytest.mark.parametrize("change", [lambda key: key[:0], lambda key: key[:-1], lambda key: key + "A", str.swapcase])
def test_only_the_very_key_is_accepted(table_7: Table, change: object) -> None:
    assert table_7.accepts(change(table_7.key)) is False


def test_a_table_put_away_accepts_nothing(place_a: PlacePage, table_7: Table) -> None:
    set_table_count(place=place_a, count=3)

    assert table_of(place_a, 7).accepts(table_7.key) is False


def test_the_link_is_what_the_code_holds(table_7: Table, settings: object) -> None:
    settings.SITE_URL = "https://menus.example"

    assert table_7.link("teahouse") == f"https://menus.example/teahouse/?table=7&key={table_7.key}"


@pytest.mark.parametrize("number", [7, 0])
def test_the_database_refuses_a_second_seven_and_a_zero(place_a: PlacePage, number: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Table.objects.create(place=place_a, number=number)

    assert Table.objects.filter(place=place_a).count() == 12
