"""What the home screen's charts are drawn from: the rows of the statistics, read once."""

from typing import Any

from django.urls import reverse

from analytics.chosen_period import DAYS, period_before, period_title
from analytics.counting import how_dishes_are_counted
from analytics.panels import CHARTS, Sales, best_dishes, rows_of_charts
from analytics.subjects import Subject
from analytics.wording import days_text, moment_text

DISHES = "best-dishes"


def sales_of(subject: Subject, row: Any, period: str) -> Sales:
    """The figures of the period and the facts of its days. One query; two for all time."""
    days = subject.days().filter(day__lt=row.day)
    first_day = None if period in DAYS else days.values_list("day", flat=True).first()
    found = period_before(row.day, period, first_day)
    return Sales(
        figures=row.figures[period],
        days=list(days.filter(day__gte=found.first)),
        first=found.first,
        last=found.last,
        currency=row.currency,
        places=subject.places,
    )


def charts_context(subject: Subject, row: Any, period: str) -> dict[str, Any]:
    sales = sales_of(subject, row, period)
    files = {key: file_address(subject, key, period) for key in (*CHARTS, DISHES)}
    return {
        "subject": subject,
        "period_title": period_title(period),
        "sales": sales,
        "rows": [
            (
                row_of_charts,
                [(chart, files[chart.key], file_name(subject, chart.key, period)) for chart in row_of_charts.charts],
            )
            for row_of_charts in rows_of_charts(sales)
        ],
        "dishes": best_dishes(sales),
        "dishes_file": files[DISHES],
        "dishes_counted": how_dishes_are_counted(),
        "days": days_text(sales.first, sales.last),
        "computed_at": moment_text(row.computed_at.astimezone(subject.records[0].zone)),
    }


def file_name(subject: Subject, chart: str, period: str) -> str:
    """“samovar-median-check-by-day-30-days”, without the ending."""
    slug = subject.place.slug if subject.place else f"{subject.organisation.slug}-{subject.currency.lower()}"
    return f"{slug}-{chart}-{period}-days" if period in DAYS else f"{slug}-{chart}-all-time"


def file_address(subject: Subject, chart: str, period: str) -> str:
    if subject.place is not None:
        address = reverse("place_chart_csv", args=[subject.place.slug, chart])
    else:
        address = reverse("organisation_chart_csv", args=[subject.organisation.slug, subject.currency.lower(), chart])
    return f"{address}?period={period}"
