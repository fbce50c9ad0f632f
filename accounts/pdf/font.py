"""A TrueType font inside a PDF: any letter it has, selectable and searchable as text."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
from django.conf import settings
from fontTools.ttLib import TTFont

FONTS_DIR = Path(settings.BASE_DIR) / "static" / "fonts"
SYMBOLIC = 4  # glyphs are named by number, not by a standard set of letters


class Font:
    """What is asked of a font: how wide a text is, which letters it lacks, and its place in a document."""

    def __init__(self, file_name: str, name: str) -> None:
        self.name = name  # how a page's content calls it
        self.file = (FONTS_DIR / file_name).read_bytes()
        with TTFont(FONTS_DIR / file_name, lazy=False) as font:
            self.glyphs: dict[int, int] = {
                code: font.getGlyphID(glyph_name) for code, glyph_name in font.getBestCmap().items()
            }
            scale = 1000 / font["head"].unitsPerEm
            order = font.getGlyphOrder()
            self.widths = [round(font["hmtx"][glyph_name][0] * scale) for glyph_name in order]
            self.post_script_name = font["name"].getDebugName(6)
            head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]
            self.box = [round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
            self.ascent, self.descent = round(hhea.ascent * scale), round(hhea.descent * scale)
            self.capital_height = round(os2.sCapHeight * scale)

    def printable(self, text: str) -> str:
        """The text without the signs the font has no drawing for (emoji, hieroglyphs), spaces tidied."""
        composed = unicodedata.normalize("NFC", text)
        return " ".join("".join(sign if self._has(sign) else " " for sign in composed).split())

    def missing(self, text: str) -> list[str]:
        """Those signs, each once; spaces and marks that only steer the signs before them are nobody's loss."""
        composed = unicodedata.normalize("NFC", text)
        return list(dict.fromkeys(sign for sign in composed if not self._has(sign) and _is_seen(sign)))

    def width(self, text: str, size: float) -> float:
        return sum(self.widths[self.glyphs[ord(sign)]] for sign in text) * size / 1000

    def encoded(self, text: str) -> str:
        """The text as a hexadecimal PDF string of glyph numbers."""
        return "<" + "".join(f"{self.glyphs[ord(sign)]:04x}" for sign in text) + ">"

    def add_to(self, pdf: pydyf.PDF) -> bytes:
        """Put the font into the document; returns its reference."""
        file = pydyf.Stream([self.file], {"Length1": len(self.file)}, compress=True)
        to_unicode = pydyf.Stream([self._to_unicode()], compress=True)
        pdf.add_object(file)
        pdf.add_object(to_unicode)
        descriptor = pydyf.Dictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{self.post_script_name}",
                "Flags": SYMBOLIC,
                "FontBBox": pydyf.Array(self.box),
                "ItalicAngle": 0,
                "Ascent": self.ascent,
                "Descent": self.descent,
                "CapHeight": self.capital_height,
                "StemV": 80,
                "FontFile2": file.reference,
            }
        )
        pdf.add_object(descriptor)
        glyphs = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": f"/{self.post_script_name}",
                "CIDSystemInfo": pydyf.Dictionary(
                    {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": descriptor.reference,
                "W": pydyf.Array([0, pydyf.Array(self.widths)]),
                "CIDToGIDMap": "/Identity",
            }
        )
        pdf.add_object(glyphs)
        font = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": f"/{self.post_script_name}",
                "Encoding": "/Identity-H",
                "DescendantFonts": pydyf.Array([glyphs.reference]),
                "ToUnicode": to_unicode.reference,
            }
        )
        pdf.add_object(font)
        reference: bytes = font.reference
        return reference

    def _has(self, sign: str) -> bool:
        return ord(sign) in self.glyphs

    def _to_unicode(self) -> bytes:
        """Glyph numbers back to letters, for search and copying."""
        pairs = [f"<{glyph:04x}> <{chr(code).encode('utf-16-be').hex()}>" for code, glyph in self.glyphs.items()]
        # At most 100 pairs a block, says the format.
        blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
        return "\n".join(lines).encode("ascii")


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "ZCM"


@cache
def regular() -> Font:
    return Font("onest-400.ttf", "R")


@cache
def bold() -> Font:
    return Font("onest-700.ttf", "B")


def fonts() -> tuple[Any, ...]:
    return regular(), bold()
