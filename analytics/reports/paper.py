"""The report on paper: A4, in the reader's language, drawn from the top down."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.pdf.document import Document, Page
from accounts.pdf.font import Font, bold, regular
from accounts.pdf.lines import fit
from accounts.pdf.measures import MM, PAGE_HEIGHT, PAGE_WIDTH, Box
from analytics.chosen_period import period_title
from analytics.reports.gathering import Report
from analytics.reports.screen import LEVELS, Shown, ShownFigure, ShownTable, shown
from analytics.reports.sections import Look
from analytics.reports.texts import span_text

LEFT, RIGHT, TOP, BOTTOM = 16 * MM, PAGE_WIDTH - 16 * MM, PAGE_HEIGHT - 18 * MM, 18 * MM
WIDTH = RIGHT - LEFT
QUIET, BAR, MARK = 0.4, 0.55, 0.1
# From the lightest to the darkest colour of a heat map that leaves its numbers readable.
LIGHTEST, DARKEST = 0.95, 0.68
CHART_HEIGHT = 90.0
BAR_WIDTH = 120.0
PADDING = 8.0


def draw_report(report: Report) -> bytes:
    title = _("Report")
    document = Document(f"{title}: {report.place.title}", get_language() or "en")
    paper = _Paper()
    _head(paper, report)
    for section in report.sections:
        _section(paper, shown(section, report.currency, {}))
    for number, page in enumerate(paper.pages, start=1):
        _foot(page, report, number, len(paper.pages))
        document.add_page(page)
    return document.finish()


class _Paper:
    """Pages written from the top down; what does not fit any more goes on the next one."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.y = 0.0
        self.turn()

    @property
    def page(self) -> Page:
        return self.pages[-1]

    def turn(self) -> None:
        self.pages.append(Page())
        self.y = TOP

    def need(self, height: float) -> bool:
        """Make sure of so much room; says whether that took a new page."""
        if self.y - height >= BOTTOM:
            return False
        self.turn()
        return True

    def room(self, height: float) -> None:
        self.y -= height

    def say(self, words: str, font: Font, size: float, *, grey: float = 0.0, most: int = 1) -> None:
        block = fit(words, font, size, WIDTH, most=most, grey=grey)
        for text in block.texts:
            self.need(block.leading)
            self.room(block.leading)
            self.page.text(text, font, block.size, LEFT, self.y, grey)


def _head(paper: _Paper, report: Report) -> None:
    paper.say(report.place.title, bold(), 20, most=2)
    paper.say(f"{period_title(report.period)}: {span_text(report.span)}", regular(), 11, grey=QUIET)


def _foot(page: Page, report: Report, number: int, pages: int) -> None:
    of = regular().printable(_("Page %(number)d of %(pages)d") % {"number": number, "pages": pages})
    page.text(of, regular(), 8, RIGHT - regular().width(of, 8), BOTTOM - 8 * MM, QUIET)
    name = fit(report.place.title, regular(), 8, WIDTH / 2, grey=QUIET)
    for text in name.texts:
        page.text(text, regular(), name.size, LEFT, BOTTOM - 8 * MM, QUIET)


def _section(paper: _Paper, one: Shown) -> None:
    # A heading is never the last thing on a page.
    paper.need(130)
    paper.room(22)
    paper.page.rule(LEFT, paper.y, WIDTH, 0.75)
    paper.room(4)
    paper.say(one.section.title, bold(), 14)
    paper.room(4)
    if one.section.empty:
        paper.say(one.section.empty, regular(), 10, most=4)
        return
    if one.figures:
        _figures(paper, one.figures)
    for table in one.tables:
        if table.look == Look.COLUMNS.value:
            _chart(paper, table)
        elif table.look != Look.BEHIND.value:
            _table(paper, table)
    paper.room(8)
    for sentence in one.section.how_counted:
        paper.say(sentence, regular(), 7.5, grey=QUIET, most=6)


def _figures(paper: _Paper, figures: Sequence[ShownFigure]) -> None:
    width = WIDTH / max(len(figures), 3)
    top = paper.y
    lowest = top
    for place, figure in enumerate(figures):
        y = top
        lines = [(figure.title, regular(), 8.5, QUIET), (figure.text, bold(), 14, 0.0)]
        if figure.change:
            lines.append((figure.change.text, regular(), 8.5, 0.0))
        for words, font, size, grey in lines:
            block = fit(words, font, size, width - PADDING, most=2 if grey else 1, grey=grey)
            for text in block.texts:
                y -= block.leading
                paper.page.text(text, font, block.size, LEFT + place * width, y, grey)
        lowest = min(lowest, y)
    paper.y = lowest - 4


def _title(paper: _Paper, table: ShownTable, height: float) -> None:
    paper.need(height + 24)
    paper.room(8)
    paper.say(table.title, bold(), 9.5)
    paper.room(2)


def _chart(paper: _Paper, table: ShownTable) -> None:
    if not table.chart:
        return
    _title(paper, table, CHART_HEIGHT + 24)
    paper.say(table.highest, regular(), 7.5, grey=QUIET)
    paper.room(2)
    base = paper.y - CHART_HEIGHT
    paper.page.rule(LEFT, base, WIDTH, 0.6)
    step = WIDTH / len(table.chart)
    for place, column in enumerate(table.chart):
        x = LEFT + (place + 0.1) * step
        height = float(column.height) * CHART_HEIGHT / 100
        if height:
            paper.page.fill(Box(x, base, 0.8 * step, height), BAR)
        if column.mark_at:
            mark = base + (100 - float(column.mark_at)) * CHART_HEIGHT / 100
            paper.page.fill(Box(x, mark - 1, 0.8 * step, 1.2), MARK)
    paper.y = base - 9
    _spread(paper, table.labels)
    if table.note:
        paper.say(table.note, regular(), 7.5, grey=QUIET)


def _spread(paper: _Paper, labels: Sequence[str]) -> None:
    """The labels below a chart, from edge to edge."""
    font = regular()
    for place, label in enumerate(labels):
        words = font.printable(label)
        width = font.width(words, 7.5)
        share = place / (len(labels) - 1) if len(labels) > 1 else 0
        paper.page.text(words, font, 7.5, LEFT + share * (WIDTH - width), paper.y, QUIET)
    paper.room(3)


def _table(paper: _Paper, table: ShownTable) -> None:
    _title(paper, table, 40)
    grid = _Grid(table)
    grid.head(paper)
    for row in table.rows:
        # The head is said again on a new page.
        if paper.need(grid.line):
            grid.head(paper)
        paper.room(grid.line)
        grid.row(paper.page, paper.y, row.name, row.bar)
        for place, cell in enumerate(row.cells):
            grid.cell(paper.page, paper.y, place, cell.text, cell.level)
        paper.page.rule(LEFT, paper.y - 0.3 * grid.size, WIDTH, 0.88)
    if table.note:
        paper.room(2)
        paper.say(table.note, regular(), 7.5, grey=QUIET, most=2)


class _Grid:
    """Where the columns of a table stand: as wide as their longest text, the first one with what is left."""

    SIZES = (9.0, 8.0, 7.0, 6.0, 5.0)
    LEAST_NAME = 70.0

    def __init__(self, table: ShownTable) -> None:
        self.table = table
        self.bar = BAR_WIDTH if any(row.bar for row in table.rows) else 0.0
        for size in self.SIZES:
            self.size = size
            self.widths = [self._width(place) for place in range(len(table.columns) - 1)]
            self.name = WIDTH - sum(self.widths) - self.bar
            if self.name >= self.LEAST_NAME:
                break

    @property
    def line(self) -> float:
        return self.size * 1.55

    def _width(self, place: int) -> float:
        font = regular()
        texts = [row.cells[place].text for row in self.table.rows]
        words = self.table.columns[place + 1].split()
        longest = max((font.width(font.printable(text), self.size) for text in texts), default=0.0)
        head = max((font.width(font.printable(word), self.size - 1) for word in words), default=0.0)
        return max(longest, head) + PADDING

    def head(self, paper: _Paper) -> None:
        """Words over the columns, in up to three lines, standing on one."""
        blocks = [
            fit(column, regular(), self.size - 1, width - PADDING / 2, most=3, grey=QUIET)
            for column, width in zip(self.table.columns, [self.name, *self.widths], strict=True)
        ]
        height = max(block.height for block in blocks)
        paper.need(height + self.line)
        base = paper.y - height
        for place, block in enumerate(blocks):
            for number, text in enumerate(reversed(block.texts)):
                y = base + number * block.leading + 2
                x = LEFT if place == 0 else self.right(place - 1) - block.font.width(text, block.size)
                paper.page.text(text, block.font, block.size, x, y, QUIET)
        paper.y = base
        paper.page.rule(LEFT, paper.y - 2, WIDTH, 0.6)
        paper.room(2)

    def right(self, place: int) -> float:
        """The right edge of a column after the first; the bar stands behind the first of them."""
        bar = self.bar if place else 0.0
        return LEFT + self.name + sum(self.widths[: place + 1]) + bar

    def row(self, page: Page, y: float, name: str, bar: str) -> None:
        block = fit(name, regular(), self.size, self.name - PADDING / 2)
        for text in block.texts:
            page.text(text, block.font, block.size, LEFT, y)
        length = Decimal(bar or 0)
        if length:
            x = LEFT + self.name + self.widths[0] + PADDING
            page.fill(Box(x, y, float(length) * (self.bar - PADDING) / 100, 0.65 * self.size), BAR)

    def cell(self, page: Page, y: float, place: int, words: str, level: int | None) -> None:
        text = regular().printable(words)
        right = self.right(place)
        if level:
            grey = LIGHTEST - (LIGHTEST - DARKEST) * (level - 1) / (LEVELS - 1)
            box = Box(right - self.widths[place] + 1, y - 0.3 * self.size, self.widths[place] - 2, self.line - 1)
            page.fill(box, grey)
        width = regular().width(text, self.size)
        inset = (self.widths[place] - width) / 2 if level is not None else 0.0
        page.text(text, regular(), self.size, right - width - inset, y)
