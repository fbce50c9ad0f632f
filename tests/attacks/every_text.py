"""The list of others beside our own: the Big List of Naughty Strings (data/LICENSE)."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.attacks.naughty import NAUGHTY

OTHERS: tuple[str, ...] = tuple(
    json.loads((Path(__file__).parent / "data" / "big_list_of_naughty_strings.json").read_text(encoding="utf-8"))
)
EVERY = (*NAUGHTY, *OTHERS)


def together(texts: Iterable[str], most: int) -> Iterator[str]:
    """All of them in as few texts of at most `most` characters; what alone is longer is cut."""
    line = ""
    for text in texts:
        if line and len(line) + 1 + len(text) > most:
            yield line
            line = ""
        line = f"{line} {text}" if line else text[:most]
    if line:
        yield line
