"""How cards lie on a page."""

from accounts.pdf.measures import MM, PAGE_HEIGHT, PAGE_WIDTH, Box

MARGIN = 10 * MM  # what the printers of homes and offices leave white anyway

# Cards on a page → columns and rows.
GRIDS: dict[int, tuple[int, int]] = {2: (1, 2), 4: (2, 2), 6: (2, 3), 8: (2, 4), 12: (3, 4)}
CARDS_ON_PAGE = tuple(GRIDS)


def boxes(cards: int) -> list[Box]:
    """The places of the cards on a page, in reading order."""
    columns, rows = GRIDS[cards]
    width, height = (PAGE_WIDTH - 2 * MARGIN) / columns, (PAGE_HEIGHT - 2 * MARGIN) / rows
    return [
        Box(MARGIN + column * width, PAGE_HEIGHT - MARGIN - (row + 1) * height, width, height)
        for row in range(rows)
        for column in range(columns)
    ]
