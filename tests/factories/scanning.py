"""Reading QR codes with a decoder that shares nothing with what draws them."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

TOKEN = re.compile(r"[MHVhvz]|-?\d+(?:\.\d+)?")
POINTS_PER_INCH = 72


def decode(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def picture_of_png(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture.convert("L")


def picture_of_svg(data: bytes, pixels: int = 8) -> Image.Image:
    """Draws the paths of an SVG that has nothing else, `pixels` to a unit."""
    root = ElementTree.fromstring(data)
    _x, _y, width, height = (int(number) for number in root.attrib["viewBox"].split())
    picture = Image.new("L", (width * pixels, height * pixels), "grey")
    draw = ImageDraw.Draw(picture)
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        for corners in _shapes(path.attrib["d"]):
            # A pixel belongs to the shape that covers its middle.
            (left, top), (right, bottom) = min(corners), max(corners)
            box = (left * pixels, top * pixels, right * pixels - 1, bottom * pixels - 1)
            draw.rectangle(box, fill=path.attrib.get("fill", "#000"))
    return picture


def _shapes(path: str) -> list[list[tuple[int, int]]]:
    shapes: list[list[tuple[int, int]]] = []
    x = y = 0
    tokens = iter(TOKEN.findall(path))
    for token in tokens:
        match token:
            case "M":
                x, y = int(next(tokens)), int(next(tokens))
                shapes.append([])
            case "h":
                x += int(next(tokens))
            case "v":
                y += int(next(tokens))
            case "H":
                x = int(next(tokens))
            case "V":
                y = int(next(tokens))
            case "z":
                continue
            case _:
                raise ValueError(f"A path step this reader does not know: {token}")
        shapes[-1].append((x, y))
    return shapes


class Sheet:
    """A PDF as a reader sees it."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pypdfium2.PdfDocument(data)

    def __len__(self) -> int:
        return len(self.pdf)

    def picture(self, page: int, dots_per_inch: int = 200) -> Image.Image:
        return self.pdf[page].render(scale=dots_per_inch / POINTS_PER_INCH).to_pil().convert("L")

    def codes(self) -> list[list[str]]:
        """The links of each page."""
        return [decode(self.picture(page)) for page in range(len(self))]

    def text(self, page: int = 0) -> list[str]:
        return self.pdf[page].get_textpage().get_text_bounded().splitlines()
