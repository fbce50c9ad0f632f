"""The statistics on the moderators' home screen.

The charts' HTML is kept in the cache by what it is made of: the run that counted the figures, the period, the reader's
language, the places' titles. So a new run is seen at once, and whether the reader may see the place is asked before.
"""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.forms import Media
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.admin.ui.components import Component

from analytics.chosen_period import asked_period, orders_in, period_title, usual_period
from analytics.first_figures import first_figures
from analytics.periods import PERIODS
from analytics.subjects import Subject, chosen, subjects_of
from menu_pages.places_admin import ModeratorRequest

# Longer than from one night to the next.
KEPT_SECONDS = 26 * 3600
PANEL_ID = "statistics"


class StatisticsPanel(Component):
    """Nine charts and the best-selling dishes of one subject and period."""

    name = "statistics"
    order = 70
    template_name = "analytics/_statistics_panel.html"

    def __init__(self, request: ModeratorRequest, subjects: list[Subject]) -> None:
        """Raises Http404 when the address names a place or a period that the reader has none of."""
        self.request = request
        self.subjects = subjects
        self.subject = chosen(request, subjects)
        self.asked = asked_period(request)

    @cached_property
    def row(self) -> Any:
        return self.subject.latest()

    @cached_property
    def period(self) -> str:
        return self.asked or usual_period(self.row.figures if self.row else {})

    @property
    def has_charts(self) -> bool:
        return bool(self.row and orders_in(self.row.figures, self.period))

    @property
    def media(self) -> Media:
        """The charts' library comes with charts only: it is most of the page's weight."""
        paths = ("vendor/plotly/plotly-basic.min.js", "js/statistics.js") if self.has_charts else ()
        scripts: list[Any] = [Script(path, defer=True) for path in paths]
        return Media(css={"all": ["css/statistics_admin.css"]}, js=scripts)

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        figures = self.row.figures if self.row else {}
        any_orders = bool(orders_in(figures, "all"))
        return {
            "panel_id": PANEL_ID,
            "subjects": self.subjects if len(self.subjects) > 1 else [],
            "subject": self.subject,
            "period": self.period,
            "asked": self.asked,
            "periods": [(key, period_title(key), self.address(key)) for key in PERIODS] if any_orders else [],
            "charts": charts_html(self.subject, self.row, self.period) if self.has_charts else "",
            "elsewhere": self.address(usual_period(figures)) if any_orders and not self.has_charts else "",
            "first": None if any_orders else first_figures(self.subject, self.request.user),
        }

    def address(self, period: str) -> str:
        return f"?{urlencode({'place': self.subject.key, 'period': period})}#{PANEL_ID}-section"


def charts_html(subject: Subject, row: Any, period: str) -> SafeString:
    """From the cache, or drawn and kept: two queries at most."""
    titles = [f"{record.place.slug} {record.place.title}" for record in subject.records]
    made_of = (
        *(type(row).__name__, row.pk, row.computed_at.timestamp(), row.day, period, get_language()),
        *(subject.organisation.slug, *titles),
    )
    key = f"statistics-charts-{hashlib.sha256(repr(made_of).encode()).hexdigest()}"
    html = cache.get(key)
    if html is None:
        html = _draw(subject, row, period)
        cache.set(key, html, KEPT_SECONDS)
    return mark_safe(html)  # noqa: S308  (a template's own output)


def _draw(subject: Subject, row: Any, period: str) -> str:
    # Plotly takes a third of a second to import, and only the first of these pages in a process needs it.
    from analytics.home_charts import charts_context

    return render_to_string("analytics/_statistics_charts.html", charts_context(subject, row, period))


def panel_for(request: ModeratorRequest) -> StatisticsPanel | None:
    """The panel, for those who read statistics somewhere."""
    subjects = subjects_of(request.user)
    return StatisticsPanel(request, subjects) if subjects else None
