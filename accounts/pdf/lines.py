"""Fitting words into the width there is."""

from dataclasses import dataclass

from accounts.pdf.font import Font

SMALLEST = 0.6  # of the size asked for; what is still too long is cut and ends in an ellipsis
STEP = 0.05


@dataclass(frozen=True)
class Lines:
    """Words broken into lines of a size at which they fit."""

    texts: tuple[str, ...]
    font: Font
    size: float
    grey: float = 0.0

    @property
    def leading(self) -> float:
        return self.size * 1.25

    @property
    def height(self) -> float:
        """With the air below the last line; nothing for no words."""
        return self.leading * len(self.texts) + (0.25 * self.size if self.texts else 0)


def fit(words: str, font: Font, size: float, width: float, *, most: int = 1, grey: float = 0.0) -> Lines:
    """At most `most` lines of `width`: smaller if need be, cut at last. Empty words make no line."""
    words = font.printable(words)
    if not words:
        return Lines((), font, size, grey)
    scale = 1.0
    while scale > SMALLEST:
        lines = _break(words, font, size * scale, width)
        if len(lines) <= most and all(font.width(line, size * scale) <= width for line in lines):
            return Lines(tuple(lines), font, size * scale, grey)
        scale -= STEP
    lines = _break(words, font, size * SMALLEST, width)
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return Lines(tuple(_cut(line, font, size * SMALLEST, width) for line in kept), font, size * SMALLEST, grey)


def _break(words: str, font: Font, size: float, width: float) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(line: str, font: Font, size: float, width: float) -> str:
    if font.width(line, size) <= width:
        return line
    while line and font.width(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
