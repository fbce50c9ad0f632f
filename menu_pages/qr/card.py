"""One card: its words set in type, and where they and the code stand."""

from dataclasses import dataclass

from accounts.pdf.document import Page
from accounts.pdf.font import bold, regular
from accounts.pdf.lines import Lines, fit
from accounts.pdf.measures import MM, Box
from menu_pages.models import Table
from menu_pages.qr.codes import Code

QUIET_GREY = 0.35
SMALLEST_CODE = 30 * MM  # with its white margin: 25 mm without
CODE_SHARE = 0.52  # of a lying card's width
MARK_ROOM = 1.15  # of the logo's height: itself and the air below it


@dataclass(frozen=True)
class Logo:
    name: str
    proportion: float  # width to height


@dataclass(frozen=True)
class Texts:
    """What a card says, set in type: above the code, below it, and how large the code may be."""

    head: list[Lines]
    foot: list[Lines]
    logo: str
    mark: Box | None  # the logo's size
    height: float
    room: float


@dataclass(frozen=True)
class Setting:
    """Setting a table's words for a card of this size."""

    box: Box
    title: str
    table: Table
    line: str
    logo: Logo | None

    def scale(self) -> float:
        """The height that type is measured by. On a standing card the code gets the room the words leave, so they
        shrink until it is large enough."""
        inside = _inside(self.box)
        if self.box.lies:
            return 0.85 * inside.height
        shorter = min(inside.width, inside.height)
        wanted = max(SMALLEST_CODE, 0.5 * shorter)
        scale = 0.75 * shorter
        while self.at(scale).room < wanted:
            scale *= 0.94
        return scale

    def at(self, scale: float) -> Texts:
        inside = _inside(self.box)
        side = min(inside.height, CODE_SHARE * inside.width)  # of the code on a lying card
        width = inside.width - side if self.box.lies else inside.width
        mark = _mark(self.logo, width, (0.26 if self.box.lies else 0.12) * inside.height)
        head = [fit(self.title, bold(), 0.085 * scale, width, most=2)]
        foot = [
            fit(str(self.table), bold(), 0.13 * scale, width),
            fit(self.table.label, regular(), 0.075 * scale, width, grey=QUIET_GREY),
            fit(self.line, regular(), 0.065 * scale, width, most=3, grey=QUIET_GREY),
        ]
        height = sum(block.height for block in (*head, *foot)) + (mark.height * MARK_ROOM if mark else 0)
        room = side if self.box.lies else min(inside.width, inside.height - height)
        return Texts(head, foot, self.logo.name if self.logo else "", mark, height, room)


def draw_card(page: Page, box: Box, texts: Texts, code: Code, *, side: float, height: float) -> None:
    """`side` of the code, `height` of the highest words of the sheet."""
    inside = _inside(box)
    if box.lies:
        # The code's own white margin stands between it and the words.
        code_box = Box(inside.x + inside.width - side, inside.y + (inside.height - side) / 2, side, side)
        top = _draw_mark(page, texts, inside.x, inside.y + (inside.height + height) / 2)
        _draw_lines(page, [*texts.head, *texts.foot], top, left=inside.x)
    else:
        top = inside.top - (inside.height - side - height) / 2
        top = _draw_mark(page, texts, inside.middle - (texts.mark.width / 2 if texts.mark else 0), top)
        top = _draw_lines(page, texts.head, top, middle=inside.middle)
        code_box = Box(inside.middle - side / 2, top - side, side, side)
        _draw_lines(page, texts.foot, top - side, middle=inside.middle)
    page.bars(list(code.runs()), code.side, code_box)


def _inside(box: Box) -> Box:
    return box.inset(max(3.5 * MM, 0.055 * min(box.width, box.height)))


def _mark(logo: Logo | None, width: float, height: float) -> Box | None:
    """The logo's size, no higher than `height` and no wider than the words."""
    if logo is None:
        return None
    width = min(width, height * logo.proportion, 2.5 * height)
    return Box(0, 0, width, width / logo.proportion)


def _draw_mark(page: Page, texts: Texts, left: float, top: float) -> float:
    if texts.mark is None:
        return top
    page.picture(texts.logo, Box(left, top - texts.mark.height, texts.mark.width, texts.mark.height))
    return top - texts.mark.height * MARK_ROOM


def _draw_lines(
    page: Page, blocks: list[Lines], top: float, *, left: float | None = None, middle: float = 0.0
) -> float:
    """Draw blocks downward from `top`, from the left edge or around the middle; returns where they end."""
    for block in blocks:
        line_top = top
        for text in block.texts:
            line_top -= block.leading
            x = middle - block.font.width(text, block.size) / 2 if left is None else left
            page.text(text, block.font, block.size, x, line_top + 0.3 * block.size, block.grey)
        top -= block.height
    return top
