"""Whether the static files that are there have been collected and packed already."""

import hashlib
from pathlib import Path

# What decides how they are packed: the versions of packages, and our own code.
PACKED_BY = ("requirements.txt", "menusite/static_files.py", "menu_pages/themes/sheets.py")


def state_of(base: Path) -> str:
    """A digest that changes when there is something to collect anew: a file, or what packs it."""
    digest = hashlib.blake2b(digest_size=16)
    for name in PACKED_BY:
        digest.update((base / name).read_bytes())
    for path in sorted((base / "static").rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(base)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def is_collected(base: Path, into: Path) -> bool:
    """Whether the folder `into` holds the files of `base` as they are now."""
    mark = _mark(into)
    return mark.is_file() and mark.read_text("utf-8") == state_of(base)


def mark_collected(into: Path, state: str) -> None:
    """Remember that the files as they were in `state` are collected."""
    _mark(into).write_text(state, "utf-8")


def _mark(into: Path) -> Path:
    return into / ".collected"
