"""What guests did goes after a while; the figures made of it stay as they were."""

import datetime
from typing import Any

from django.conf import LazySettings
from django.db.models import Model

from analytics import forgetting, visit_facts
from analytics.models import LostDemand, SealedDays, Tally, VisitDay
from menu_pages.models import DishPage, PlacePage
from orders.models import EventKind, GuestEvent, Visit
from tests.factories.sales import came, local, rated

DAY = datetime.timedelta(days=1)
FACTS: tuple[type[Model], ...] = (VisitDay, LostDemand, Tally)


def facts() -> list[Any]:
    rows = [model._default_manager.order_by("place", "day", "pk").values() for model in FACTS]
    return [[{key: value for key, value in row.items() if key != "id"} for row in table] for table in rows]


def test_figures_are_made_before_what_they_are_made_of_goes(place_a: PlacePage, borshch: DishPage) -> None:
    """No night has counted these visits: the place rested. The guests' steps and searches outlive their events."""
    for visitor in range(3):
        came(place_a, f"2026-03-02 12:0{visitor}", (EventKind.DISH_OPENED, borshch), searched=["pho"])
    now = local(place_a, "2026-07-01 05:00")

    assert forgetting.forget_guest_events(now=now) == 9

    assert GuestEvent.objects.count() == 0
    assert Visit.objects.count() == 3
    assert list(VisitDay.objects.values_list("scanned", "opened", "looked", "chosen")) == [(3, 3, 3, 0)]
    assert list(LostDemand.objects.values_list("words", "times")) == [("pho", 3)]


def test_sealed_days_are_never_counted_again(place_a: PlacePage, place_b: PlacePage, borshch: DishPage) -> None:
    """The last days known are counted again each night, which after three quiet months are days whose events are gone;
    another place's longer past is counted together with them."""
    came(place_a, "2026-03-02 12:00", (EventKind.DISH_ADDED, borshch), searched=["pho"])
    rated(place_a, "2026-03-03 12:00", 5)
    forgetting.forget_guest_events(now=local(place_a, "2026-07-01 05:00"))
    before = facts()
    assert (len(before[0]), GuestEvent.objects.count()) == (2, 0)

    came(place_b, "2026-01-05 12:00")
    visit_facts.bring_up_to_date([place_a.pk, place_b.pk], datetime.date(2026, 7, 2))

    assert [[row for row in table if row["place_id"] == place_a.pk] for table in facts()] == before
    assert VisitDay.objects.filter(place=place_b).count() == 1

    # Without the seal the steps of that week are lost: this is what it is for.
    SealedDays.objects.all().delete()
    visit_facts.bring_up_to_date([place_a.pk], datetime.date(2026, 7, 2))
    assert VisitDay.objects.get(place=place_a, day="2026-03-02").looked == 0


def test_the_days_of_the_period_stay(place_a: PlacePage, borshch: DishPage, settings: LazySettings) -> None:
    settings.KEEP_GUEST_EVENT_DAYS = 90
    now = local(place_a, "2026-07-01 05:00")
    came(place_a, f"{now.date() - 91 * DAY} 12:00", (EventKind.DISH_OPENED, borshch))
    kept = came(place_a, f"{now.date() - 90 * DAY} 00:30", (EventKind.DISH_OPENED, borshch))

    assert forgetting.forget_guest_events(now=now) == 2
    assert set(GuestEvent.objects.values_list("visit", flat=True)) == {kept.pk}
    assert SealedDays.objects.get().before == now.date() - 90 * DAY

    # Run again it does nothing; a period made longer unseals no day.
    assert forgetting.forget_guest_events(now=now) == 0
    settings.KEEP_GUEST_EVENT_DAYS = 120
    came(place_a, f"{now.date() - 130 * DAY} 12:00")
    forgetting.forget_guest_events(now=now)
    assert SealedDays.objects.get().before == now.date() - 90 * DAY
