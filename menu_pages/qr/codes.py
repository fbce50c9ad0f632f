"""A table's QR code: its squares, and the pictures made of them."""

from collections.abc import Iterator
from io import BytesIO

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4  # squares of white around the code, as ISO/IEC 18004 asks
PIXELS_PER_SQUARE = 20  # some 900 pixels a side: sharp on a poster too
PRINT_SIDE_MM = 60
# A mask only balances black and white. Trying all eight would take most of the time, for codes that scan alike.
MASK = 3


class Code:
    """The squares of a link's code, the quiet zone included.

    A link of 84 characters makes 45 squares a side, so that a square of a code printed at 25 mm measures 0.55 mm.
    """

    def __init__(self, link: str) -> None:
        self.rows: list[list[bool]] = _draw(link)
        self.side = len(self.rows)

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """The black squares as horizontal bars: column, row from the top, length."""
        for y, row in enumerate(self.rows):
            start = None
            for x, black in enumerate([*row, False]):
                if black and start is None:
                    start = x
                elif not black and start is not None:
                    yield start, y, x - start
                    start = None

    def png(self) -> bytes:
        pixels = bytes(0 if black else 255 for row in self.rows for black in row)
        small = Image.frombytes("L", (self.side, self.side), pixels).convert("1")
        width = self.side * PIXELS_PER_SQUARE
        file = BytesIO()
        dots_per_inch = width / PRINT_SIDE_MM * 25.4
        # Squares pack to two kilobytes at any level; the lowest takes a third of the time.
        small.resize((width, width), Image.Resampling.NEAREST).save(
            file, "PNG", dpi=(dots_per_inch, dots_per_inch), compress_level=1
        )
        return file.getvalue()

    def svg(self) -> bytes:
        path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in self.runs())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{PRINT_SIDE_MM}mm" height="{PRINT_SIDE_MM}mm"'
            f' viewBox="0 0 {self.side} {self.side}" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{self.side}v{self.side}H0z"/><path d="{path}"/></svg>\n'
        ).encode()


def _draw(link: str) -> list[list[bool]]:
    """Correction level M: a seventh of the code may be worn off. Q would make it larger and its squares smaller."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=MASK)
    code.add_data(link, optimize=0)
    code.make(fit=True)
    return [[bool(square) for square in row] for row in code.get_matrix()]
