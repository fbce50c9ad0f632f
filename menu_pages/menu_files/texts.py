"""Texts on their way into a file and back: what a cell may hold, and what a spreadsheet must not run."""

import re

# XML, and with it .xlsx, has no way to write these; databases refuse the first.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_TEXT = re.compile("[\ud800-\udfff]")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED_FORMULA = re.compile(r"''*[=+\-@\t\r]")


def clean_text(text: str) -> str:
    """The text as it is kept: unix line ends, no invisible control characters, nothing empty around it."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """A title's text: cleaned, on one line."""
    return " ".join(clean_text(text).split("\n"))


def is_text(text: str) -> bool:
    """Whether every character can be stored: halves of characters cannot."""
    return not _NO_TEXT.search(text)


def neutralised(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula.

    A text that already looks like an escaped one gets one more apostrophe, so that `restored` is exact.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What `neutralised` was given."""
    return text[1:] if _ESCAPED_FORMULA.match(text) else text


def split_path(text: str) -> tuple[str, ...]:
    r"""`Drinks / Tea` as its parts. Only a slash between spaces parts; `\/` is a slash and `\\` a backslash."""
    parts = [""]
    # Every second piece is what the pattern found.
    for place, piece in enumerate(re.split(r"(\\\\|\\/|(?<!\S)/(?!\S))", text)):
        if place % 2 and piece == "/":
            parts.append("")
        else:
            parts[-1] += {"\\\\": "\\", "\\/": "/"}.get(piece, piece) if place % 2 else piece
    return tuple(part.strip() for part in parts)


def join_path(parts: tuple[str, ...]) -> str:
    r"""The parts as `split_path` reads them back."""
    return " / ".join(re.sub(r"(?<!\S)/(?!\S)", r"\\/", part.replace("\\", "\\\\")) for part in parts)


def same_words(text: str) -> str:
    """What two titles have in common when they differ in capitals and spaces only."""
    return " ".join(text.split()).casefold()
