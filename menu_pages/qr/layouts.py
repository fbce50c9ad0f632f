"""How cards lie on a page and what stands where on a card. Lengths are points (1/72 inch), from the bottom left."""

from dataclasses import dataclass

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN = 10 * MM  # what the printers of homes and offices leave white anyway

# Cards on a page → columns and rows.
GRIDS: dict[int, tuple[int, int]] = {2: (1, 2), 4: (2, 2), 6: (2, 3), 8: (2, 4), 12: (3, 4)}
CARDS_ON_PAGE = tuple(GRIDS)


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    def inset(self, by: float) -> "Box":
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    @property
    def top(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def lies(self) -> bool:
        """Wider than high, by enough for texts beside the code."""
        return self.width > 1.25 * self.height


def boxes(cards: int) -> list[Box]:
    """The places of the cards on a page, in reading order."""
    columns, rows = GRIDS[cards]
    width, height = (PAGE_WIDTH - 2 * MARGIN) / columns, (PAGE_HEIGHT - 2 * MARGIN) / rows
    return [
        Box(MARGIN + column * width, PAGE_HEIGHT - MARGIN - (row + 1) * height, width, height)
        for row in range(rows)
        for column in range(columns)
    ]
