"""What the nightly run keeps of visits: counted by hand here."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from analytics import visit_facts
from analytics.missed_searches import MOST_A_DAY
from analytics.models import LostDemand, LostKind, Measure, Tally, VisitDay
from menu_pages.models import DishPage, PlacePage, PlaceRecord, ThemeInstallation
from orders.models import EventKind, OrderImport, OrderStatus
from tests.factories.sales import brought, came, local, rated, seated, sold

DAY = datetime.date(2026, 3, 2)
NEXT = DAY + datetime.timedelta(days=1)
FACTS = ("scanned", "opened", "looked", "chosen", "ordered", "abandoned", "abandoned_money")


def count(*places: PlacePage, before: datetime.date = NEXT) -> None:
    visit_facts.bring_up_to_date([place.pk for place in places], before)


def visits(place: PlacePage) -> list[tuple[Any, ...]]:
    return list(VisitDay.objects.filter(place=place).order_by("day", "theme").values_list("day", "theme", *FACTS))


def lost(place: PlacePage) -> list[tuple[Any, ...]]:
    rows = LostDemand.objects.filter(place=place).order_by("day", "kind", "words")
    return list(rows.values_list("day", "kind", "words", "times", "money"))


def tallies(place: PlacePage, measure: Measure) -> list[tuple[Any, ...]]:
    rows = Tally.objects.filter(place=place, measure=measure).order_by("day", "label", "value")
    return list(rows.values_list("day", "label", "value", "times"))


def test_each_visit_counts_up_to_where_it_came(place_a: PlacePage, borshch: DishPage, ukha: DishPage) -> None:
    came(place_a, "2026-03-02 12:00")
    came(place_a, "2026-03-02 12:01", EventKind.WAITER_CALLED)
    came(place_a, "2026-03-02 12:02", EventKind.CATEGORY_OPENED)
    came(place_a, "2026-03-02 12:03", searched=["pho"])
    came(place_a, "2026-03-02 12:04", (EventKind.DISH_OPENED, borshch))
    # A basket filled from the list has passed the step of looking at a dish.
    came(place_a, "2026-03-02 12:05", (EventKind.DISH_ADDED, borshch))
    came(place_a, "2026-03-02 12:06", left=[(borshch, 2), (ukha, 1)])
    sold(place_a, "2026-03-02 12:07")
    sold(place_a, "2026-03-02 12:08", status=OrderStatus.CANCELLED)
    # Nobody scanned a code: no step of the funnel, but a basket all the same.
    came(place_a, "2026-03-02 12:09", left=[(ukha, 1)], table=None)

    count(place_a)

    assert visits(place_a) == [(DAY, place_a.record.theme, 9, 7, 5, 4, 1, 2, Decimal("1681.00"))]


def test_a_visit_belongs_to_the_theme_of_its_moment(place_a: PlacePage) -> None:
    ThemeInstallation.objects.create(
        place=place_a, theme_before="classic", theme_after="bar", at=local(place_a, "2026-03-02 15:00")
    )
    ThemeInstallation.objects.create(
        place=place_a, theme_before="bar", theme_after="street", at=local(place_a, "2026-03-03 15:00")
    )
    for moment in ("2026-03-02 14:59", "2026-03-02 15:00", "2026-03-03 14:00", "2026-03-03 15:30"):
        came(place_a, moment)

    count(place_a, before=NEXT + datetime.timedelta(days=1))

    assert [row[:3] for row in visits(place_a)] == [
        (DAY, "bar", 1),
        (DAY, "classic", 1),
        (NEXT, "bar", 1),
        (NEXT, "street", 1),
    ]


def test_days_are_the_places_own(place_a: PlacePage, place_b: PlacePage) -> None:
    """A bar's night belongs to the evening before, and midnight comes later in London than in Moscow."""
    PlaceRecord.objects.filter(pk=place_a.pk).update(day_starts_at=datetime.time(5))
    came(place_a, "2026-03-03 04:59")
    came(place_a, "2026-03-03 05:00")
    came(place_b, "2026-03-02 23:59")
    came(place_b, "2026-03-03 00:00")

    count(place_a, place_b, before=NEXT + datetime.timedelta(days=1))

    assert [row[0] for row in visits(place_a)] == [DAY, NEXT]
    assert [row[0] for row in visits(place_b)] == [DAY, NEXT]


def test_lost_demand_is_kept_by_dish_and_by_word(
    place_a: PlacePage, place_b: PlacePage, pizza: DishPage, borshch: DishPage, ukha: DishPage
) -> None:
    tap = (EventKind.SOLD_OUT_OPENED, borshch)
    came(place_a, "2026-03-02 12:00", tap, tap, searched=["Тыквенный  СУП", "pho"], left=[(ukha, 2)])
    came(place_a, "2026-03-02 13:00", tap, searched=["тыквенный суп"], left=[(ukha, 1)])
    sold(place_a, "2026-03-02 14:00", dish=borshch)
    came(place_b, "2026-03-02 12:00", (EventKind.SOLD_OUT_OPENED, pizza), searched=["secret"])

    count(place_a)

    assert lost(place_a) == [
        (DAY, LostKind.LEFT, "Ukha", 3, Decimal("1351.50")),
        (DAY, LostKind.NOT_FOUND, "pho", 1, Decimal(0)),
        (DAY, LostKind.NOT_FOUND, "тыквенный суп", 2, Decimal(0)),
        (DAY, LostKind.SOLD_OUT, "Borshch", 3, Decimal(0)),
    ]
    assert lost(place_b) == []


def test_nonsense_fills_nothing(place_a: PlacePage) -> None:
    came(place_a, "2026-03-02 12:00", searched=[f"word {number}" for number in range(MOST_A_DAY + 20)])
    came(place_a, "2026-03-02 12:10", searched=["zzz", "zzz", "x" * 500])

    count(place_a)

    words = [row[2] for row in lost(place_a)]
    assert len(words) == MOST_A_DAY
    assert "zzz" in words
    assert max(len(word) for word in words) <= 60


def test_times_are_tallied(place_a: PlacePage) -> None:
    seated(place_a, "2026-03-02 12:00", table=2, minutes=45)
    seated(place_a, "2026-03-02 18:00", table=2, minutes=45)
    seated(place_a, "2026-03-02 18:00", table=10, minutes=90)
    seated(place_a, "2026-03-02 23:00", table=1, minutes=None)
    sold(place_a, "2026-03-02 12:10", acknowledged=20, served=15)
    again = sold(place_a, "2026-03-02 13:10", acknowledged=20, served=9)
    brought(again, 12)
    sold(place_a, "2026-03-02 14:10", acknowledged=50, status=OrderStatus.CANCELLED, served=5)
    sold(place_a, "2026-03-02 15:10")

    count(place_a)

    assert tallies(place_a, Measure.AT_TABLE) == [(DAY, "10", 90, 1), (DAY, "2", 45, 2)]
    assert tallies(place_a, Measure.ACKNOWLEDGED) == [(DAY, "", 20, 2)]
    assert tallies(place_a, Measure.SERVED) == [(DAY, "", 12, 1), (DAY, "", 15, 1)]


def test_orders_of_an_old_till_were_on_no_desk(place_a: PlacePage) -> None:
    brought_in = OrderImport.objects.create(place=place_a, file_name="old.csv")
    order = sold(place_a, "2026-03-02 12:10", acknowledged=20, served=15)
    type(order).objects.filter(pk=order.pk).update(history_import=brought_in, visit=None)

    count(place_a)

    assert tallies(place_a, Measure.ACKNOWLEDGED) == []
    assert tallies(place_a, Measure.SERVED) == []


def test_scores_are_tallied_by_day(place_a: PlacePage) -> None:
    for moment, score in (("2026-03-01 22:00", 4), ("2026-03-02 12:00", 5), ("2026-03-02 22:00", 5)):
        rated(place_a, moment, score)

    count(place_a)

    assert tallies(place_a, Measure.SCORE) == [(DAY - datetime.timedelta(days=1), "", 4, 1), (DAY, "", 5, 2)]


def test_a_second_run_changes_nothing_and_finds_what_was_late(place_a: PlacePage, borshch: DishPage) -> None:
    visit = came(place_a, "2026-03-02 12:00", left=[(borshch, 1)])
    count(place_a)
    first = (visits(place_a), lost(place_a))
    count(place_a)
    second = (visits(place_a), lost(place_a))

    visit.basket_lines.all().delete()
    seated(place_a, "2026-03-02 19:00", minutes=30)
    count(place_a, before=NEXT + datetime.timedelta(days=5))

    assert first == second
    assert [row[-2:] for row in visits(place_a)] == [(0, Decimal("0.00"))]
    assert lost(place_a) == []
    assert tallies(place_a, Measure.AT_TABLE) == [(DAY, "1", 30, 1)]


def test_what_is_older_than_a_week_is_left_alone(place_a: PlacePage) -> None:
    came(place_a, "2026-02-01 12:00")
    came(place_a, "2026-03-02 12:00")
    count(place_a)
    came(place_a, "2026-02-01 13:00")
    came(place_a, "2026-02-23 13:00")

    count(place_a)

    assert [row[::2][:2] for row in visits(place_a)] == [
        (datetime.date(2026, 2, 1), 1),
        (datetime.date(2026, 2, 23), 1),
        (DAY, 1),
    ]


def test_the_current_day_is_not_over(place_a: PlacePage) -> None:
    came(place_a, "2026-03-03 12:00")

    count(place_a)

    assert visits(place_a) == []


@pytest.mark.parametrize("visitors", [1, 3])
def test_it_costs_the_same_however_many_came(
    place_a: PlacePage, borshch: DishPage, visitors: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(visitors):
        came(place_a, f"2026-03-02 12:0{number}", searched=["pho"], left=[(borshch, 1)])
    count(place_a)

    # Lock, seals, three deletions, four countings, the searches' rows; on PostgreSQL the lock is three statements.
    with transaction.atomic(), django_assert_num_queries(9 if on_sqlite() else 12):
        visit_facts.count_again([place_a.pk], DAY, NEXT)


def test_nobody_has_ever_come(place_a: PlacePage, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(4):
        count(place_a)


def on_sqlite() -> bool:
    return transaction.get_connection().vendor == "sqlite"
