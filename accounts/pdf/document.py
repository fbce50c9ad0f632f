"""The little of PDF that our papers need: pages, text, lines, squares, pictures."""

from io import BytesIO

import pydyf
from PIL import Image

from accounts.pdf.font import Font, fonts
from accounts.pdf.measures import PAGE_HEIGHT, PAGE_WIDTH, Box


class Document:
    """A PDF being written; lengths are points from the bottom left of the page."""

    def __init__(self, title: str, language: str) -> None:
        self.pdf = pydyf.PDF()
        self.pdf.info["Title"] = pydyf.String(title)
        self.pdf.catalog["Lang"] = pydyf.String(language)
        self.fonts = pydyf.Dictionary({font.name: font.add_to(self.pdf) for font in fonts()})
        self.pictures = pydyf.Dictionary()

    def add_picture(self, picture: Image.Image) -> str:
        """Store a picture once for all pages; returns the name to draw it by. Transparent parts become white."""
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
        file = BytesIO()
        flat.save(file, "JPEG", quality=92, subsampling=0)
        stream = pydyf.Stream(
            [file.getvalue()],
            {
                "Type": "/XObject",
                "Subtype": "/Image",
                "Width": flat.width,
                "Height": flat.height,
                "ColorSpace": "/DeviceRGB",
                "BitsPerComponent": 8,
                "Filter": "/DCTDecode",
            },
        )
        self.pdf.add_object(stream)
        name = f"P{len(self.pictures) + 1}"
        self.pictures[name] = stream.reference
        return name

    def add_page(self, page: "Page") -> None:
        content = pydyf.Stream(page.content.stream, compress=True)
        self.pdf.add_object(content)
        self.pdf.add_page(
            pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": self.pdf.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, page.width, page.height]),
                    "Contents": content.reference,
                    "Resources": pydyf.Dictionary({"Font": self.fonts, "XObject": self.pictures}),
                }
            )
        )

    def finish(self) -> bytes:
        file = BytesIO()
        self.pdf.write(file, compress=True)
        return file.getvalue()


class Page:
    """A page being written, A4 unless it is told otherwise."""

    def __init__(self, width: float = PAGE_WIDTH, height: float = PAGE_HEIGHT) -> None:
        self.width, self.height = width, height
        self.content = pydyf.Stream()

    def text(self, words: str, font: Font, size: float, x: float, y: float, grey: float = 0.0) -> None:
        """One line with its base line at `y`; `grey` is 0 for black to 1 for white."""
        self.content.begin_text()
        self.content.set_color_rgb(grey, grey, grey)
        self.content.set_font_size(font.name, size)
        self.content.set_text_matrix(1, 0, 0, 1, x, y)
        self.content.stream.append(f"{font.encoded(words)} Tj")
        self.content.end_text()

    def frame(self, box: Box, grey: float) -> None:
        self.content.push_state()
        self.content.set_line_width(0.4)
        self.content.set_color_rgb(grey, grey, grey, stroke=True)
        self.content.rectangle(box.x, box.y, box.width, box.height)
        self.content.stroke()
        self.content.pop_state()

    def rule(self, x: float, y: float, width: float, grey: float) -> None:
        """A thin line from `x` to the right."""
        self.content.push_state()
        self.content.set_line_width(0.6)
        self.content.set_color_rgb(grey, grey, grey, stroke=True)
        self.content.move_to(x, y)
        self.content.line_to(x + width, y)
        self.content.stroke()
        self.content.pop_state()

    def fill(self, box: Box, grey: float) -> None:
        """A box of one grey, without an edge."""
        self.content.push_state()
        self.content.set_color_rgb(grey, grey, grey)
        self.content.rectangle(box.x, box.y, box.width, box.height)
        self.content.fill()
        self.content.pop_state()

    def bars(self, bars: list[tuple[int, int, int]], side: int, box: Box) -> None:
        """Black bars (column, row from the top, length) of a grid of `side` squares, filled as one shape: no white
        hair between the rows."""
        self.content.push_state()
        self.content.set_color_rgb(0, 0, 0)
        self.content.set_matrix(box.width / side, 0, 0, -box.height / side, box.x, box.top)
        self.content.stream.append("\n".join(f"{x} {y} {length} 1 re" for x, y, length in bars))
        self.content.fill()
        self.content.pop_state()

    def picture(self, name: str, box: Box) -> None:
        self.content.push_state()
        self.content.set_matrix(box.width, 0, 0, box.height, box.x, box.y)
        self.content.draw_x_object(name)
        self.content.pop_state()
