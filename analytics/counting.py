"""“How it is counted”: the formula of each figure, in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _

METRICS: dict[str, Callable[[], str]] = {
    "median-check": lambda: _(
        "The checks are put in order of their totals; the median is the middle one, or of an even number the mean of "
        "the two middle ones. Check = sum over its lines of quantity × (price + options)."
    ),
    "dishes": lambda: _(
        "The orders are put in order of how many dishes they have; the median is the middle one, or of an even number "
        "the mean of the two middle ones. Dishes of an order = sum of the quantities of its lines."
    ),
    "checks": lambda: _("Number of checks = number of orders."),
}
# By what a chart divides a metric: of medians, and of numbers.
MEDIANS: dict[str, Callable[[], str]] = {
    "day": lambda: _("A bar is the median of one business day, the line that of the whole period."),
    "week": lambda: _("A bar is the middle one of the medians of a week’s days, the line the median of the period."),
    "month": lambda: _("A bar is the middle one of the medians of a month’s days, the line the median of the period."),
    "weekday": lambda: _("A bar is the median over all of that weekday."),
    "table": lambda: _("A bar is the median over all of that table."),
    "place": lambda: _("A bar is the median over all of that place."),
}
NUMBERS: dict[str, Callable[[], str]] = {
    "day": lambda: _("A bar is one business day; the line is the average of the days with orders."),
    "week": lambda: _("A bar is the average of a week’s days with orders, the line that of the whole period."),
    "month": lambda: _("A bar is the average of a month’s days with orders, the line that of the whole period."),
    "weekday": lambda: _("A bar is the sum of all such weekdays in the period."),
    "table": lambda: _("A bar is the sum of that table’s over the period."),
    "place": lambda: _("A bar is the sum of that place’s over the period."),
}


def how_counted(metric: str, by: str) -> list[str]:
    """What is counted, by what it is divided, and what is left out."""
    divided = NUMBERS if metric == "checks" else MEDIANS
    return [METRICS[metric](), divided[by](), what_counts()]


def what_counts() -> str:
    return _("Every order that was sent and not cancelled counts, on the business day of its place.")


def how_dishes_are_counted() -> list[str]:
    return [
        _("Quantity = sum over the orders’ lines; revenue = sum of quantity × (price + options)."),
        _("Share = the dish’s revenue ÷ the revenue of the whole period. Equal quantities stand by revenue."),
        what_counts(),
    ]
