"""The report on the screen: every value in words, every bar and column with its length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from analytics.reports.sections import Figure, Kind, Look, Section, Step, Table, Value
from analytics.reports.texts import NOTHING, value_text

# Steps of colour of a heat map, from nothing to the most.
LEVELS = 5
# How thick the line across a column is.
MARK = Decimal("1.6")
# Below so many columns there is room for this many words.
MOST_LABELS = 6
# Columns of a table that fits beside another one.
MOST_NARROW = 4


class Cell(NamedTuple):
    text: str
    is_number: bool = True
    level: int | None = None
    # Up, down or neither, of a change.
    direction: str = ""


class Row(NamedTuple):
    name: str
    cells: Sequence[Cell]
    # In hundredths of the longest one; drawn lengths are texts, which no language writes its own way.
    bar: str = ""


class Column(NamedTuple):
    """A column of a chart a hundred high, with the line across it."""

    x: str
    top: str
    height: str
    mark_at: str
    said: str


@dataclass(frozen=True)
class ShownTable:
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    look: str
    wide: bool
    note: str
    chart: Sequence[Column]
    width: str
    labels: Sequence[str]
    highest: str


class ShownFigure(NamedTuple):
    title: str
    text: str
    change: Cell | None


@dataclass(frozen=True)
class Shown:
    """A section; `step` is the title and address of where it leads while it is empty."""

    section: Section
    step: tuple[str, str] | None
    figures: Sequence[ShownFigure]
    tables: Sequence[ShownTable]


def shown(section: Section, currency: str, steps: Mapping[Step, tuple[str, str]]) -> Shown:
    return Shown(
        section,
        steps.get(section.next_step),
        [_figure(figure, currency) for figure in section.figures],
        [_table(table, currency) for table in section.tables],
    )


def _figure(figure: Figure, currency: str) -> ShownFigure:
    compared = figure.change and figure.change.value is not None
    change = _cell(figure.change, currency) if figure.change and compared else None
    return ShownFigure(figure.title, value_text(figure.value, currency), change)


def _table(table: Table, currency: str) -> ShownTable:
    drawn = [_amount(row[table.drawn]) for row in table.rows]
    marked = [_amount(row[table.marked]) if table.marked else Decimal(0) for row in table.rows]
    most = max([*drawn, *marked], default=Decimal(0))
    bars = table.look is Look.BARS
    rows = [
        Row(
            value_text(row[0], currency),
            _cells(table, row, currency),
            str(_length(amount, most)) if bars else "",
        )
        for row, amount in zip(table.rows, drawn, strict=True)
    ]
    chart: list[Column] = []
    if table.look is Look.COLUMNS:
        chart = [
            Column(
                str(10 * place + 1),
                str(100 - _length(amount, most)),
                str(_length(amount, most)),
                str(100 - max(_length(mark, most), MARK)) if table.marked and mark else "",
                _said(table, values, currency),
            )
            for place, (amount, mark, values) in enumerate(zip(drawn, marked, table.rows, strict=True))
        ]
    return ShownTable(
        table.title,
        table.columns,
        rows,
        table.look.value,
        table.look is Look.HEAT or len(table.columns) > MOST_NARROW,
        table.note,
        chart,
        str(10 * len(chart)),
        _labels(table.labels),
        value_text(Value(table.rows[0][table.drawn].kind, most), currency) if chart else "",
    )


def _cells(table: Table, row: Sequence[Value], currency: str) -> list[Cell]:
    if table.look is not Look.HEAT:
        return [_cell(value, currency) for value in row[1:]]
    # Of a heat map the last two columns are sums, and no part of it.
    most = max((_amount(value) for other in table.rows for value in other[1:-2]), default=Decimal(0))
    coloured = [_cell(value, currency, _level(value, most)) for value in row[1:-2]]
    return [*coloured, *(_cell(value, currency) for value in row[-2:])]


def _cell(value: Value, currency: str, level: int | None = None) -> Cell:
    direction = ""
    if value.kind is Kind.CHANGE and isinstance(value.value, Decimal):
        rounded = round(100 * value.value)
        direction = "up" if rounded > 0 else "down" if rounded < 0 else ""
    return Cell(value_text(value, currency), value.kind is not Kind.TEXT, level, direction)


def _level(value: Value, most: Decimal) -> int:
    amount = _amount(value)
    if not amount or not most:
        return 0
    return min(int(amount * LEVELS / most) + 1, LEVELS)


def _amount(value: Value) -> Decimal:
    return Decimal(value.value) if isinstance(value.value, int | Decimal) else Decimal(0)


def _length(amount: Decimal, most: Decimal) -> Decimal:
    return round(100 * amount / most, 1) if most else Decimal(0)


def _said(table: Table, row: Sequence[Value], currency: str) -> str:
    """What is said when a column is pointed at."""
    places = [table.drawn, *([table.marked] if table.marked else [])]
    words = [f"{table.columns[place]}: {value_text(row[place], currency)}" for place in places]
    return "\n".join([value_text(row[0], currency), *(word for word in words if not word.endswith(NOTHING))])


def _labels(labels: Sequence[str]) -> list[str]:
    """The first, the last and some between, evenly."""
    if len(labels) <= MOST_LABELS:
        return list(labels)
    step = (len(labels) - 1) / (MOST_LABELS - 1)
    return [labels[round(number * step)] for number in range(MOST_LABELS)]
