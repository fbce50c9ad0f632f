"""The nightly run twice at once, and killed again and again: the rows in the end are those of one run in peace."""

import datetime
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from analytics import facts, nightly
from analytics.models import DishSales, HourSales, OrganisationDay, OrganisationStatistics, PlaceDay, PlaceStatistics
from menu_pages.models import PlacePage
from menu_pages.provisioning import create_place
from tests.analytics.recount import recount, recount_together
from tests.factories.histories import Check, Line, make_history
from tests.faults.at_once import at_once
from tests.faults.processes import killable, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

MORNING = datetime.date(2026, 6, 20)
NOW = datetime.datetime(2026, 6, 20, 9, tzinfo=datetime.UTC)
DAYS = 12
KILLS = 8
TABLES = (PlaceDay, HourSales, DishSales, OrganisationDay, PlaceStatistics, OrganisationStatistics)
# What another run cannot know: ids, and when it happened.
OF_A_RUN = {"id", "computed_at"}


@pytest.fixture
def places(place_a: PlacePage) -> list[PlacePage]:
    """Three places of one organisation with some days of orders."""
    organisation = place_a.record.organisation
    places = [
        place_a,
        *(create_place(organisation=organisation, title=title, currency="RUB") for title in ("Bar", "Den")),
    ]
    for shift, place in enumerate(places):
        make_history(place, checks(shift))
    return places


def checks(shift: int) -> Iterator[Check]:
    for back in range(1, DAYS + 1):
        noon = datetime.datetime.combine(MORNING - datetime.timedelta(days=back), datetime.time(12))
        for number in range(2):
            lines = [Line("Soup", 1 + number, f"{90 + back + shift}.05"), Line("Tea", price="30")]
            yield Check(noon + datetime.timedelta(hours=number), lines, table=str(number))


def standing() -> dict[str, list[Any]]:
    """All rows of statistics, but for what differs from run to run."""
    rows = {}
    for table in TABLES:
        names = [field.attname for field in table._meta.concrete_fields if field.name not in OF_A_RUN]
        rows[table.__name__] = sorted(table.objects.values_list(*names), key=repr)
    return rows


def run() -> int:
    return nightly.run(now=NOW)


def counted_in_peace() -> dict[str, list[Any]]:
    for table in TABLES:
        table.objects.all().delete()
    run()
    return standing()


def assert_right(places: list[PlacePage]) -> None:
    for place in places:
        assert PlaceStatistics.objects.get(place=place).figures == recount(place, MORNING)
    assert OrganisationStatistics.objects.get().figures == recount_together(places, MORNING)


def test_two_schedulers_at_once_make_one_set_of_rows(places: list[PlacePage]) -> None:
    counts = at_once(run, run)

    assert sorted(counts) == [0, len(places)]
    assert_right(places)
    found = standing()
    assert found == counted_in_peace()


def test_without_the_lock_two_count_the_same_day(places: list[PlacePage], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both forget the day, both count it, and the database refuses one of them."""
    monkeypatch.setattr(facts, "take_lock", lambda: None)
    days = facts.moved_days([places[0].pk], MORNING)
    together = threading.Barrier(2)

    def meet(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "INSERT INTO analytics_hoursales" in sql:
            together.wait(10)
        return execute(sql, *rest)

    def count() -> None:
        with connection.execute_wrapper(meet), transaction.atomic():
            facts.count_again(days)

    with pytest.raises(IntegrityError):
        at_once(count, count)


def test_a_run_killed_again_and_again_ends_as_one_in_peace(places: list[PlacePage]) -> None:
    def progress() -> int:
        return sum(table.objects.count() for table in (PlaceDay, PlaceStatistics, OrganisationDay))

    def all_done() -> bool:
        return OrganisationStatistics.objects.exists()

    with killable("night", NOW.isoformat()) as worker:
        before = 0
        while worker.deaths < KILLS and not all_done():
            assert wait_for(lambda: progress() > before or all_done(), 60)  # noqa: B023  (called at once)
            before = progress()
            worker.kill()
        assert wait_for(all_done, 60)

    assert worker.deaths >= 2
    assert_right(places)
    found = standing()
    assert found == counted_in_peace()
