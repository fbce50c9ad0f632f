"""Stylesheets that are made of others: a screen's names its parts by `@import`, collected it holds them.

Written apart, each part serves many screens; joined, a phone asks once before it draws.
"""

import posixpath
import re
from collections.abc import Callable, Iterator

# What a theme has beside its screens' templates; the place's serves its categories, the basket's the order.
SHEETS = ("place", "dish", "basket")

IMPORT = re.compile(r'@import url\("([^":]+)"\);')
ADDRESS = re.compile(r'url\("([^":]+)"\)')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\n\s+")


def parts(name: str, text: str) -> Iterator[str]:
    """Names of the stylesheets that this one, of the name `name`, imports."""
    for address in IMPORT.findall(text):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def joined(name: str, read: Callable[[str], str]) -> str:
    """The stylesheet `name` with each imported one in its place and order, without comments and indents.

    `read` gives the text of a stylesheet by its name; what it raises for one that is not there is let through.
    Relative addresses in a part lead where they did.
    """
    text = read(name)
    found = parts(name, text)
    whole = IMPORT.sub(lambda _address: _as_part(next(found), name, read), text)
    return SPACE.sub("\n", COMMENT.sub("", whole)).lstrip()


def _as_part(name: str, of: str, read: Callable[[str], str]) -> str:
    way = posixpath.relpath(posixpath.dirname(name), posixpath.dirname(of))
    text = joined(name, read)
    return text if way == "." else ADDRESS.sub(rf'url("{way}/\1")', text)
