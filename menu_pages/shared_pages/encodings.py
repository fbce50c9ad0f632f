"""How a page's body travels: what a browser takes, and what that costs us."""

import gzip
from functools import lru_cache

import brotli

# Once for many guests, and each time for one.
BROTLI_ONCE = 6
GZIP_ONCE = 7
GZIP_ON_THE_FLY = 2


@lru_cache(maxsize=256)
def best_encoding(accepted: str, *, on_the_fly: bool = False) -> str:
    """The smallest encoding an Accept-Encoding header takes: `br`, `gzip` or `identity`; brotli only where there is
    time for it."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.strip().partition(";")
        weights[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    wanted = ("gzip",) if on_the_fly else ("br", "gzip")
    return next((name for name in wanted if weights.get(name, False)), "identity")


def encode(body: bytes, encoding: str, *, on_the_fly: bool = False) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_ONCE))
    if encoding == "gzip":
        return gzip.compress(body, GZIP_ON_THE_FLY if on_the_fly else GZIP_ONCE, mtime=0)
    return body
