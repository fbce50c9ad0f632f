"""A bar chart of a report: what is drawn, what is said beside it, the table behind it. Pure: values in, figure out.

Colours and fonts are the page's and are put in where the chart is drawn (`static/js/statistics.js`); the figure names
its hue only. Plotly takes a third of a second to import, so nothing that every process loads imports this module.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.text import capfirst
from plotly import graph_objects

from analytics.wording import number_text, separators

# Below the axis of a narrow chart there is room for this many days or months…
MOST_LABELS = 4
# …or for all of them, when they are few and short.
MOST_SHORT_LABELS = 24
LONGEST_LABEL = 10
# In the table behind; the file has all of them.
MOST_ROWS = 500

Key = datetime.date | str | int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its value, and how the value and its place on the axis are read."""

    key: Key
    value: Decimal | int | None
    text: str
    name: str
    label: str
    checks: int | None = None
    checks_text: str = ""

    @property
    def count_text(self) -> str:
        return "" if self.checks is None else number_text(self.checks)

    @property
    def said(self) -> str:
        """What is said when the bar is pointed at."""
        lines = [f"<b>{escape(self.text)}</b>", escape(capfirst(self.name))]
        return "<br>".join([*lines, escape(self.checks_text)] if self.checks_text else lines)


@dataclass(frozen=True)
class Chart:
    """`bars` are drawn; `rows` stand in the table behind and in the file, where there may be more of them."""

    key: str
    title: str
    hue: str
    bars: Sequence[Bar]
    columns: Sequence[str]
    x_title: str
    y_title: str
    how_counted: Sequence[str] = ()
    number: str = ""
    number_note: str = ""
    summary: Sequence[str] = ()
    line: Decimal | None = None
    line_note: str = ""
    rows: Sequence[Bar] = ()

    @property
    def table_rows(self) -> Sequence[Bar]:
        return self.rows[:MOST_ROWS]

    @property
    def more_rows(self) -> int:
        return max(0, len(self.rows) - MOST_ROWS)

    @cached_property
    def figure(self) -> dict[str, Any]:
        """The figure as Plotly takes it, without any template; some 3 KB."""
        trace = graph_objects.Bar(
            x=list(range(len(self.bars))),
            y=[None if bar.value is None else float(bar.value) for bar in self.bars],
            hovertext=[bar.said for bar in self.bars],
            # Of hovering by column the axis' own word would be the column's number.
            hoverinfo="text",
            marker={"line": {"width": 0}},
        )
        layout = graph_objects.Layout(
            meta={"hue": self.hue},
            separators=separators(),
            showlegend=False,
            dragmode=False,
            hovermode="x",
            bargap=0.25 if len(self.bars) <= MOST_SHORT_LABELS else 0.1,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
            xaxis={
                "title": {"text": escape(self.x_title), "standoff": 8},
                "range": [-0.6, max(len(self.bars), 7) - 0.4],
                "showgrid": False,
                "zeroline": False,
                "automargin": True,
                "fixedrange": True,
                **_ticks(self.bars),
            },
            yaxis={
                "title": {"text": escape(self.y_title), "standoff": 8},
                "rangemode": "tozero",
                "nticks": 5,
                "tickformat": ",.2~f",
                "zeroline": False,
                "automargin": True,
                "fixedrange": True,
                **_whole_steps(self.bars),
            },
            shapes=[_line(self.line)] if self.line is not None else [],
        )
        return {"data": [trace.to_plotly_json()], "layout": layout.to_plotly_json()}


def shortened(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"


def natural(label: str) -> list[tuple[int, int, str]]:
    """A key that puts “Table 2” before “Table 10”, and numbers before words."""
    parts = re.split(r"(\d+)", label.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _ticks(bars: Sequence[Bar]) -> dict[str, Any]:
    """Every bar's label where they fit, else a few evenly spaced ones that count back from the last."""
    dates = any(isinstance(bar.key, datetime.date) for bar in bars)
    step = -(-len(bars) // MOST_LABELS) if dates or len(bars) > MOST_SHORT_LABELS else 1
    places = range(len(bars) - 1, -1, -step)[::-1]
    ticks = {"tickvals": list(places), "ticktext": [escape(shortened(bars[place].label)) for place in places]}
    return ticks | {"tickangle": 0} if dates else ticks


def _whole_steps(bars: Iterable[Bar]) -> dict[str, Any]:
    """Between few whole things the axis has no halves."""
    largest = max((bar.value for bar in bars if bar.value is not None), default=0)
    return {"dtick": 1} if 0 < largest <= 4 else {}


def _line(height: Decimal) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": float(height),
        "y1": float(height),
        "line": {"width": 1.5, "dash": "4px,3px"},
    }
