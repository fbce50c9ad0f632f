"""Statistics as the nightly run leaves them, made up: weekdays and tables differ."""

import datetime
from decimal import Decimal
from typing import Any

from analytics.models import OrganisationDay, OrganisationStatistics, PlaceDay, PlaceStatistics
from menu_pages.models import PlacePage

MORNING = datetime.date(2026, 11, 20)
WEEKDAYS = ("1", "2", "3", "4", "5", "6", "7")
PERIODS = {"7": 7, "30": 30, "90": 90, "365": 365}


def period_figures(
    days: int = 30, *, tables: tuple[str, ...] = ("1", "2", "10"), by: str = "by_table", scale: int = 1
) -> dict[str, Any]:
    """A period of `days`, ten orders each, as `compute_statistics --json` prints it."""

    def parts(overall: Any, weekdays: list[Any], own: list[Any]) -> dict[str, Any]:
        return {
            "overall": overall,
            "by_weekday": dict(zip(WEEKDAYS, weekdays, strict=True)),
            by: dict(zip(tables, own, strict=True)),
        }

    orders = 10 * days * scale
    return {
        "orders": orders,
        "revenue": f"{orders * 1250}.00",
        "median_check": parts(
            "1250.50",
            [f"{1100 + 50 * number}.00" for number in range(7)],
            [f"{900 + 100 * number}.50" for number in range(len(tables))],
        ),
        "median_dishes": parts(2.5, [2, 2, 2, 2, 3, 3, 2.5], [2 + number % 3 for number in range(len(tables))]),
        "checks": parts(
            orders, [orders // 7] * 6 + [orders - 6 * (orders // 7)], [3 + number for number in range(len(tables))]
        ),
        "top_dishes": [
            {"title": f"Dish {number}", "quantity": 100 - 9 * number, "revenue": f"{(100 - 9 * number) * 390}.00"}
            for number in range(10)
        ],
    }


def empty_figures(by: str = "by_table") -> dict[str, Any]:
    nothing = {"overall": None, "by_weekday": {}, by: {}}
    return {
        "orders": 0,
        "revenue": "0.00",
        "median_check": nothing,
        "median_dishes": nothing,
        "checks": nothing | {"overall": 0},
        "top_dishes": [],
    }


def all_figures(days: int = 365, **options: Any) -> dict[str, Any]:
    """Every period of a place that has had orders for `days` days."""
    lengths = {key: min(length, days) for key, length in PERIODS.items()} | {"all": days}
    return {key: period_figures(length, **options) for key, length in lengths.items()}


def day_rows(model: Any, days: int, morning: datetime.date = MORNING, **owner: Any) -> list[Any]:
    """The facts of the days before the morning: ten orders each, the check dearer by the weekday."""
    found = [morning - datetime.timedelta(days=back) for back in range(days, 0, -1)]
    return model.objects.bulk_create(
        model(
            day=day,
            orders=10,
            revenue=Decimal(12500),
            items=25,
            guests=0,
            median_check=Decimal(1100 + 50 * day.weekday()),
            median_dishes=Decimal("2.5"),
            **owner,
        )
        for day in found
    )


def make_statistics(
    place: PlacePage, *, days: int = 365, morning: datetime.date = MORNING, **options: Any
) -> PlaceStatistics:
    """What a place's nightly runs have left after `days` days of orders."""
    day_rows(PlaceDay, days, morning, place=place)
    return PlaceStatistics.objects.create(
        place=place, day=morning, currency=place.record.currency, figures=all_figures(days, **options)
    )


def make_organisation_statistics(
    places: list[PlacePage], *, days: int = 365, morning: datetime.date = MORNING
) -> OrganisationStatistics:
    """The same for an organisation's places together."""
    record = places[0].record
    owner = {"organisation": record.organisation, "currency": record.currency}
    day_rows(OrganisationDay, days, morning, **owner)
    slugs = tuple(place.slug for place in places)
    return OrganisationStatistics.objects.create(
        day=morning, figures=all_figures(days, tables=slugs, by="by_place", scale=len(places)), **owner
    )
